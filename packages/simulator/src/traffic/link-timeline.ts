import { isPort, type Link } from "../fabric/fabric.ts";
import type { Effect, Span } from "../incident/effect.ts";
import type { EffectIndex } from "./effect-index.ts";

/** What a link does for a while: nothing, what its station would send, or a steady share of the line rate. */
export type LinkMode = "down" | "natural" | number;

/** From when on a link is in a mode. */
export interface LinkSegment {
  readonly from: number;
  readonly mode: LinkMode;
}

/** The modes of a link since the epoch, by their start: made anew when effects on it or on its switches change. */
export class LinkTimeline {
  readonly link: Link;
  readonly #effects: EffectIndex;
  readonly #targets: readonly string[];
  #revision = -1;
  #version = "";
  #segmentsVersion = "";
  #segments: readonly LinkSegment[] = [];

  constructor(link: Link, effects: EffectIndex) {
    this.link = link;
    this.#effects = effects;
    const { port, peer } = link;
    this.#targets = [link.id, port.switch.name, ...(isPort(peer) ? [peer.switch.name] : [])];
  }

  /** Changes when the segments do. */
  get version(): string {
    const { revision } = this.#effects;
    if (revision !== this.#revision) {
      this.#revision = revision;
      this.#version = this.#targets.map((target) => this.#effects.version(target)).join(" ");
    }
    return this.#version;
  }

  /** The segments, of which the first begins at the epoch. */
  get segments(): readonly LinkSegment[] {
    const { version } = this;
    if (version !== this.#segmentsVersion) {
      this.#segmentsVersion = version;
      this.#segments = segmentsOf(this.#targets.flatMap((target) => this.#effects.on(target)));
    }
    return this.#segments;
  }

  /** When the link goes up or down. */
  get turns(): readonly number[] {
    return this.segments
      .filter(({ mode }, i, all) => i > 0 && (mode === "down") !== (all[i - 1]?.mode === "down"))
      .map(({ from }) => from);
  }

  isUp(seconds: number): boolean {
    return this.modeAt(seconds) !== "down";
  }

  modeAt(seconds: number): LinkMode {
    return segmentAt(this.segments, seconds).mode;
  }

  /** When the mode last changed between up and down, at or before a moment; 0 when it never did. */
  lastChange(seconds: number): number {
    let changed = 0;
    let up: boolean | undefined;
    for (const { from, mode } of this.segments) {
      if (from > seconds) break;
      const isUp = mode !== "down";
      if (up !== undefined && isUp !== up) changed = from;
      up = isUp;
    }
    return changed;
  }

  /** How often the link has come up, or gone down, between two moments. */
  changes(to: "up" | "down", from: number, until: number): number {
    let count = 0;
    let before: LinkMode | undefined;
    for (const segment of this.segments) {
      if (segment.from > until) break;
      const went = before !== undefined && (before === "down") !== (segment.mode === "down");
      if (went && segment.from > from && (segment.mode === "down") === (to === "down")) count += 1;
      before = segment.mode;
    }
    return count;
  }
}

/** The segment in which a moment lies. */
export function segmentAt<S extends { readonly from: number }>(
  segments: readonly S[],
  seconds: number,
): S {
  return segments[positionAt(segments, seconds)] as S;
}

function positionAt(segments: readonly { readonly from: number }[], seconds: number): number {
  let low = 0;
  let high = segments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((segments[middle] as { from: number }).from <= seconds) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The segments that hold at some moment of a span, which is not empty. */
export function overlapping<S extends { readonly from: number }>(
  segments: readonly S[],
  from: number,
  to: number,
): readonly S[] {
  const first = positionAt(segments, from);
  let end = first + 1;
  while (end < segments.length && (segments[end] as S).from < to) end += 1;
  // Nearly always there is one: then nothing is copied.
  return end - first === segments.length ? segments : segments.slice(first, end);
}

/** A link is down while anything takes it down; else the load that was set last holds. */
function segmentsOf(effects: readonly Effect[]): LinkSegment[] {
  const downs = effects.filter(({ kind }) => kind === "link-down" || kind === "reboot");
  const loads = effects.filter((effect) => effect.kind === "load");
  const times = new Set([0, ...[...downs, ...loads].flatMap(({ from, to }) => [from, to])]);
  const segments: LinkSegment[] = [];
  for (const from of [...times]
    .filter((time) => time >= 0 && time < Infinity)
    .sort((a, b) => a - b)) {
    const mode = downs.some((down) => holds(down, from))
      ? "down"
      : (loads.findLast((load) => holds(load, from))?.ratio ?? "natural");
    if (segments.at(-1)?.mode !== mode) segments.push({ from, mode });
  }
  return segments;
}

function holds({ from, to }: Span, at: number): boolean {
  return from <= at && at < to;
}
