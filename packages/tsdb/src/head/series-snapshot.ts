import type { Labels } from "@linklight/model";
import type { ClosedChunk } from "../chunk/closed-chunks.ts";
import type { SampleTarget } from "../chunk/sample-target.ts";
import { dropIntervals, type Interval, keepInterval } from "../chunk/trim.ts";
import type { ReadableSeries } from "../query/select.ts";
import type { MemorySeries } from "./memory-series.ts";

/** An open chunk as those see it who have selected it: its bytes, once it is closed. */
export interface OpenChunk {
  closed: ClosedChunk | undefined;
}

/** A series of the head as it was when it was selected: what was appended since is not in it. */
export class SeriesSnapshot implements ReadableSeries {
  readonly #series: MemorySeries;
  readonly #closed: readonly ClosedChunk[];
  readonly #closedCount: number;
  readonly #open: OpenChunk | undefined;
  /** The samples of the open chunk when it was selected. */
  readonly #openCount: number;
  readonly #deleted: readonly Interval[];

  constructor(
    series: MemorySeries,
    closed: readonly ClosedChunk[],
    open: OpenChunk | undefined,
    openCount: number,
    deleted: readonly Interval[],
  ) {
    this.#series = series;
    this.#closed = closed;
    this.#closedCount = closed.length;
    this.#open = open;
    this.#openCount = openCount;
    this.#deleted = deleted;
  }

  get labels(): Labels {
    return this.#series.labels;
  }

  read(into: SampleTarget, minTime: number, maxTime: number): void {
    const start = into.length;
    for (let i = 0; i < this.#closedCount; i++) {
      const chunk = this.#closed[i] as ClosedChunk;
      if (chunk.minTime <= maxTime && chunk.maxTime >= minTime) chunk.decode(into);
    }
    this.#readOpen(into, minTime, maxTime);
    keepInterval(into, start, { minTime, maxTime });
    if (this.#deleted.length > 0) dropIntervals(into, start, this.#deleted);
  }

  #readOpen(into: SampleTarget, minTime: number, maxTime: number): void {
    if (this.#open === undefined) return;
    const { closed } = this.#open;
    const start = into.length;
    if (closed === undefined) {
      if (this.#series.isOpenWithin(minTime, maxTime)) this.#series.decodeOpen(into);
    } else if (closed.minTime <= maxTime && closed.maxTime >= minTime) {
      closed.decode(into);
    }
    into.length = Math.min(into.length, start + this.#openCount);
  }
}
