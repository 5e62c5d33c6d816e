import type { LinkTimeline } from "../traffic/link-timeline.ts";
import { type Fading, growthAt, lossAt, turningPoints } from "./fading.ts";
import type { LightPath, LineQuality } from "./light-path.ts";

/** While light fades, its loss is taken to be constant over spans in which it changes by no more than this. */
const STEP_DECIBELS = 0.05;
const SHORTEST_SPAN_SECONDS = 16;
const LONGEST_SPAN_SECONDS = 86_400;

/** The packets that have arrived at a port. */
export interface Arrivals {
  /** Whole, from the epoch to a moment, whatever the switch shows of them; never decreases. */
  packetsUntil(seconds: number): number;
}

/** Sums since the epoch, not rounded. */
interface Sums {
  readonly corrected: number;
  readonly uncorrectable: number;
  readonly frames: number;
}

/** From when on the quality of the line is one value, and what there was before. */
interface QualitySpan {
  readonly from: number;
  readonly quality: LineQuality;
  /** Sums up to its start; filled in when it is first needed. */
  before: Sums | undefined;
}

/**
 * What a receiver could not read since the epoch, at any moment.
 *
 *   corrected(t)     = Σ spans   time lit · codewords per second · share corrected
 *   uncorrectable(t) = Σ spans   time lit · codewords per second · share uncorrectable
 *   frames(t)        = Σ spans   packets arrived · share broken
 *
 * A span ends where an effect begins or ends, and while light fades after at most 0.05 dB; its quality is that
 * of its middle (the midpoint rule), so counts are exact where loss is constant, and within 1 % of the integral
 * where it grows. The quality of a span depends only on what had begun at its start, so no reading changes
 * when more becomes known. Sums before spans are kept: the first reading costs as many as there are spans.
 */
export class ErrorCounts {
  readonly #path: LightPath;
  readonly #timeline: LinkTimeline;
  readonly #arrivals: Arrivals;
  #spans: QualitySpan[];
  #version: string;

  constructor(path: LightPath, timeline: LinkTimeline, arrivals: Arrivals, all: readonly Fading[]) {
    this.#path = path;
    this.#timeline = timeline;
    this.#arrivals = arrivals;
    this.#spans = qualitySpans(path, all);
    this.#version = timeline.version;
  }

  /** Sums from the epoch to a moment. */
  until(seconds: number): Sums {
    // The light of a link is part of the sums.
    if (this.#timeline.version !== this.#version) {
      this.#version = this.#timeline.version;
      for (const span of this.#spans) span.before = undefined;
    }
    const index = lastBegun(this.#spans, seconds);
    return this.#add(this.#before(index), this.#spans[index] as QualitySpan, seconds);
  }

  #before(index: number): Sums {
    let known = index;
    while (known > 0 && this.#spans[known]?.before === undefined) known -= 1;
    let sums = this.#spans[known]?.before ?? { corrected: 0, uncorrectable: 0, frames: 0 };
    for (let i = known; i < index; i++) {
      const next = this.#spans[i + 1] as QualitySpan;
      sums = this.#add(sums, this.#spans[i] as QualitySpan, next.from);
      next.before = sums;
    }
    return sums;
  }

  #add(before: Sums, { from, quality }: QualitySpan, to: number): Sums {
    const { correctedCodewords, uncorrectableCodewords, frameErrorRatio } = quality;
    const rate = this.#path.codewordsPerSecond;
    const codewords = rate === 0 ? 0 : rate * litSeconds(this.#timeline, from, to);
    const packets =
      frameErrorRatio === 0
        ? 0
        : this.#arrivals.packetsUntil(to) - this.#arrivals.packetsUntil(from);
    return {
      corrected: before.corrected + codewords * correctedCodewords,
      uncorrectable: before.uncorrectable + codewords * uncorrectableCodewords,
      frames: before.frames + packets * frameErrorRatio,
    };
  }
}

/** How long a link was up between two moments. */
function litSeconds(timeline: LinkTimeline, from: number, to: number): number {
  let lit = 0;
  const { segments } = timeline;
  for (const [i, segment] of segments.entries()) {
    if (segment.from >= to) break;
    if (segment.mode === "down") continue;
    const end = Math.min(to, segments[i + 1]?.from ?? Infinity);
    lit += Math.max(0, end - Math.max(from, segment.from));
  }
  return lit;
}

function qualitySpans(path: LightPath, all: readonly Fading[]): QualitySpan[] {
  const points = [0, ...turningPoints(all).filter((point) => point > 0)];
  return points.flatMap((point, i) =>
    spansOfStretch(
      path,
      lossAt(all, point),
      growthAt(all, point),
      point,
      points[i + 1] ?? Infinity,
    ),
  );
}

/** Spans of a stretch in which no effect begins or ends: one when loss is constant, else until the link is lost. */
function spansOfStretch(
  path: LightPath,
  loss: number,
  growth: number,
  from: number,
  to: number,
): QualitySpan[] {
  if (growth === 0) return [{ from, quality: path.quality(loss), before: undefined }];
  const length = Math.max(
    SHORTEST_SPAN_SECONDS,
    Math.min(LONGEST_SPAN_SECONDS, STEP_DECIBELS / growth),
  );
  const spans: QualitySpan[] = [];
  for (let i = 0; from + i * length < to; i++) {
    const middle = loss + growth * (i + 0.5) * length;
    spans.push({ from: from + i * length, quality: path.quality(middle), before: undefined });
    // The link is down by then, and nothing arrives any more.
    if (middle > path.budgetDb + 1) break;
  }
  return spans;
}

function lastBegun(spans: readonly QualitySpan[], seconds: number): number {
  let low = 0;
  let high = spans.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((spans[middle] as QualitySpan).from <= seconds) low = middle;
    else high = middle - 1;
  }
  return low;
}
