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

/** A series of the head as it was when it was selected, though its open chunk may have more samples by now. */
export class SeriesSnapshot implements ReadableSeries {
  readonly #series: MemorySeries;
  readonly #closed: readonly ClosedChunk[];
  readonly #closedCount: number;
  readonly #open: OpenChunk | undefined;
  readonly #deleted: readonly Interval[];

  constructor(
    series: MemorySeries,
    closed: readonly ClosedChunk[],
    open: OpenChunk | undefined,
    deleted: readonly Interval[],
  ) {
    this.#series = series;
    this.#closed = closed;
    this.#closedCount = closed.length;
    this.#open = open;
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
    if (closed === undefined) {
      if (this.#series.isOpenWithin(minTime, maxTime)) this.#series.decodeOpen(into);
    } else if (closed.minTime <= maxTime && closed.maxTime >= minTime) {
      closed.decode(into);
    }
  }
}
