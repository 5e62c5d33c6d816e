import type { Link } from "../fabric/fabric.ts";
import { burstBound } from "./burst-bound.ts";
import { BLOCK_SECONDS, Cascade } from "./cascade.ts";
import { type LinkSegment, type LinkTimeline, overlapping, segmentAt } from "./link-timeline.ts";
import type { MeanLoad } from "./mean-load.ts";

/** A span whose slots are bounded together: a block of the cascade, or a halving of one. */
export interface SlotSpan {
  readonly from: number;
  readonly to: number;
  /** The part of it that is meant: only what holds then counts. */
  readonly since: number;
  readonly until: number;
}

/** What arrives at a port: from a station, or from another switch. */
export interface Inlet {
  bytesUntil(seconds: number): number;
  packetsUntil(seconds: number): number;
  /** A bound on the bytes of any slot of a span, of which `slot` is the length in seconds. */
  mostBytesInSlot(span: SlotSpan, slot: number): number;
}

/** A segment of the timeline, what was sent before it, and what the station would have sent by its start. */
interface Stretch extends LinkSegment {
  readonly before: number;
  readonly natural: number;
}

/**
 * What a station transmits over its link: a cascade, but nothing while the link is down, and a steady share
 * of the line rate while an incident says so. Packets are bytes divided by the station's mean packet size.
 */
export class Stream implements Inlet {
  readonly #link: Link;
  readonly #timeline: LinkTimeline;
  readonly #cascade: Cascade;
  readonly #packetBytes: number;
  readonly #peak: number;
  /** Packets are asked for after bytes: the last moment is kept. */
  #lastAt = Number.NaN;
  #lastBytes = 0;
  #meanFrom = Number.NaN;
  #meanTo = Number.NaN;
  #mean = 0;
  #version = "";
  #stretches: readonly Stretch[] = [];

  constructor(timeline: LinkTimeline, mean: MeanLoad, packetBytes: number, state: number) {
    this.#link = timeline.link;
    this.#timeline = timeline;
    this.#cascade = new Cascade(mean, timeline.link.speed / 8, state);
    this.#packetBytes = packetBytes;
    this.#peak = mean.peak;
  }

  bytesUntil(seconds: number): number {
    const stretches = this.#current();
    if (seconds === this.#lastAt) return this.#lastBytes;
    const stretch = segmentAt(stretches, seconds);
    this.#lastBytes = stretch.before + this.#bytesIn(stretch, seconds);
    this.#lastAt = seconds;
    return this.#lastBytes;
  }

  packetsUntil(seconds: number): number {
    return Math.floor(this.bytesUntil(seconds) / this.#packetBytes);
  }

  /**
   * A bound on the bytes it sends in any slot of a span that is a block of the cascade, or a halving of one.
   * For a whole block without looking at it: the mean load is known.
   */
  mostBytesInSlot({ from, to, since, until }: SlotSpan, slot: number): number {
    const line = (this.#link.speed / 8) * slot;
    const mean = this.#meanOf(from, to);
    let most = Math.min(line, mean * slot * burstBound(to - from, slot));
    for (const { mode } of overlapping(this.#current(), since, until)) {
      if (typeof mode === "number") most = Math.max(most, mode * line);
    }
    return Math.ceil(most);
  }

  /** Bytes per second that the station would send, over a span; the last is kept. */
  #meanOf(from: number, to: number): number {
    if (to - from >= BLOCK_SECONDS) return this.#peak;
    if (from !== this.#meanFrom || to !== this.#meanTo) {
      this.#mean = (this.#cascade.bytesUntil(to) - this.#cascade.bytesUntil(from)) / (to - from);
      this.#meanFrom = from;
      this.#meanTo = to;
    }
    return this.#mean;
  }

  #bytesIn({ from, mode, natural }: Stretch, until: number): number {
    if (mode === "down") return 0;
    if (mode === "natural") return this.#cascade.bytesUntil(until) - natural;
    return Math.floor(mode * (this.#link.speed / 8) * (until - from));
  }

  #current(): readonly Stretch[] {
    const { version } = this.#timeline;
    if (version === this.#version) return this.#stretches;
    this.#version = version;
    this.#lastAt = Number.NaN;
    const stretches: Stretch[] = [];
    for (const segment of this.#timeline.segments) {
      const last = stretches.at(-1);
      const before = last === undefined ? 0 : last.before + this.#bytesIn(last, segment.from);
      const natural = segment.mode === "natural" ? this.#cascade.bytesUntil(segment.from) : 0;
      stretches.push({ ...segment, before, natural });
    }
    this.#stretches = stretches;
    return stretches;
  }
}
