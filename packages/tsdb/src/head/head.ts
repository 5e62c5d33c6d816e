import { assert, type Labels, type Matcher } from "@linklight/model";
import { Tombstones } from "../block/tombstones.ts";
import { ChunkMemory } from "../chunk/chunk-memory.ts";
import type { Interval } from "../chunk/trim.ts";
import { ByteWriter } from "../encoding/byte-writer.ts";
import { floatBitsAt } from "../encoding/float-bits.ts";
import { GrowingPostings } from "../index/growing-postings.ts";
import { selectPostings } from "../index/select-postings.ts";
import type { ReadableSeries, Selection, SeriesSource } from "../query/select.ts";
import { Pause } from "../turns/pause.ts";
import {
  encodeMetadata,
  encodeSamples,
  encodeSeries,
  encodeTombstones,
  type SampleEntries,
} from "../wal/records.ts";
import type { WalWriter } from "../wal/wal-writer.ts";
import { checkLabels } from "./append-error.ts";
import { MemoryPostings } from "./memory-postings.ts";
import { MemorySeries } from "./memory-series.ts";
import { isSameMetadata, type MetricMetadata, metricTypeByte } from "./metadata.ts";
import { PagedTable } from "./paged-table.ts";
import { SeriesByLabels } from "./series-by-labels.ts";
import { SeriesOrder } from "./series-order.ts";

const bits = new Int32Array(2);

/** So many new series go into one record of the log: two or three milliseconds to read or to copy. */
const SERIES_PER_RECORD = 250;

/** Where records go that must survive. */
export type RecordLog = Pick<WalWriter, "log" | "segment">;

/**
 * The newest part of the database: series in memory, and every change in the write-ahead log before it counts.
 *
 * Readers see all samples of a commit or none, however long they take.
 */
export class Head implements SeriesSource {
  /** The range of time of a block, in ms: chunks do not reach beyond it. */
  readonly chunkRangeMs: number;
  /** What was deleted, by slot, until a block is made of it. */
  readonly tombstones: Tombstones = new Tombstones();
  #log: RecordLog | undefined;
  readonly #record = new ByteWriter(1 << 16);
  readonly #memory = new ChunkMemory();
  readonly #byRef = new PagedTable<MemorySeries>();
  /** By what other refs the log knows a series. */
  readonly #otherRefs = new Map<MemorySeries, number[]>();
  readonly #byLabels = new SeriesByLabels();
  readonly #bySlot = new PagedTable<MemorySeries>();
  readonly #metadata = new Map<MemorySeries, MetricMetadata>();
  readonly #postings = new MemoryPostings();
  /** Of each selection under way, by slot: series as they were before samples came to them. */
  readonly #selections = new Set<Map<number, ReadableSeries>>();
  readonly #order = new SeriesOrder<MemorySeries>();
  /** Series that are in memory, and not in the log yet. */
  #unlogged: MemorySeries[] = [];
  /** When series went away: the segment that was written then, by ref. Their samples may be in the log until it is. */
  readonly #goneIn = new Map<number, number>();
  #lastRef = 0;
  #slots = 0;
  #minTime = Number.POSITIVE_INFINITY;
  /** Of the samples since the last truncation began. */
  #minAppended = Number.POSITIVE_INFINITY;
  #maxTime = Number.NEGATIVE_INFINITY;
  /** Nothing before is taken: it is in blocks. */
  #minValidTime = Number.NEGATIVE_INFINITY;
  #samples = 0;

  constructor(chunkRangeMs: number) {
    this.chunkRangeMs = chunkRangeMs;
  }

  /** Writes every change to this log from now on: after what it held was restored. */
  attachLog(log: RecordLog): void {
    this.#log = log;
  }

  /** The time of the first sample; Infinity while there is none. */
  get minTime(): number {
    return this.#minTime;
  }

  get maxTime(): number {
    return this.#maxTime;
  }

  get seriesCount(): number {
    return this.#bySlot.size;
  }

  /** What chunks that are appended to take, in bytes: a multiple of the pieces that they share. */
  get openChunkBytes(): number {
    return this.#memory.openBytes;
  }

  /** How many samples were ever appended. */
  get samplesAppended(): number {
    return this.#samples;
  }

  /** The earliest time that a new sample may have: half a block's range before the newest, and after all blocks. */
  get minValidTime(): number {
    return Math.max(this.#minValidTime, this.#maxTime - this.chunkRangeMs / 2);
  }

  /** Refuses samples before `time` from now on: blocks have them. */
  setMinValidTime(time: number): void {
    this.#minValidTime = Math.max(this.#minValidTime, time);
  }

  series(ref: number): MemorySeries | undefined {
    return this.#byRef.get(ref);
  }

  find(labels: Labels): MemorySeries | undefined {
    const hash = this.#postings.hashOf(labels);
    return hash === undefined ? undefined : this.#byLabels.find(hash, labels);
  }

  /** All series, ascending by labels. */
  allSeries(): readonly MemorySeries[] {
    return this.#order.all();
  }

  metadata(series: MemorySeries): MetricMetadata | undefined {
    return this.#metadata.get(series);
  }

  /**
   * The series of a label set, made when there is none. The log learns of it with the next commit. Throws AppendError for
   * labels that no series can have.
   */
  getOrCreate(labels: Labels): MemorySeries {
    const known = this.find(labels);
    if (known !== undefined) return known;
    checkLabels(labels);
    const series = this.restoreSeries(this.#lastRef + 1, labels);
    this.#unlogged.push(series);
    return series;
  }

  /** Puts a series of the log back: the one of these labels, which the log may know by several refs. */
  restoreSeries(ref: number, labels: Labels): MemorySeries {
    this.#lastRef = Math.max(this.#lastRef, ref);
    let series = this.find(labels);
    if (series === undefined) {
      const slot = this.#slots++;
      const { labels: shared, hash } = this.#postings.add(slot, labels);
      series = new MemorySeries(ref, slot, shared, hash, this.#memory);
      this.#byLabels.add(series);
      this.#bySlot.set(slot, series);
      this.#order.add(series);
    } else if (series.ref !== ref) {
      this.#otherRefs.set(series, [...(this.#otherRefs.get(series) ?? []), ref]);
    }
    this.#byRef.set(ref, series);
    return series;
  }

  /** Puts many new series into the order, so that the next reader need not wait for it. */
  settle(pause: Pause): Promise<void> {
    return this.#order.settle(pause);
  }

  /** Adds a sample to memory only. False when it is not after the last one of its series, or before all that is taken. */
  restoreSample(series: MemorySeries, timestamp: number, value: number): boolean {
    if (timestamp < this.#minValidTime || timestamp <= series.lastTimestamp) return false;
    series.append(timestamp, value, this.chunkRangeMs);
    this.#minTime = Math.min(this.#minTime, timestamp);
    this.#minAppended = Math.min(this.#minAppended, timestamp);
    this.#maxTime = Math.max(this.#maxTime, timestamp);
    this.#samples++;
    return true;
  }

  /**
   * Adds samples to memory only, those that `restoreSample` would. Returns how many, and how many have a ref of no
   * series.
   */
  restoreSamples({ length, refs, timestamps, values }: SampleEntries): {
    added: number;
    unknown: number;
  } {
    const words = new Int32Array(values.buffer, values.byteOffset, 2 * values.length);
    // Locals, because there are millions of samples: fields cost a tenth of the loop.
    const chunkRangeMs = this.chunkRangeMs;
    const earliest = this.#minValidTime;
    let minTime = Number.POSITIVE_INFINITY;
    let maxTime = this.#maxTime;
    let added = 0;
    let unknown = 0;
    for (let i = 0; i < length; i++) {
      const series = this.#byRef.get(refs[i] as number);
      if (series === undefined) {
        unknown++;
        continue;
      }
      const timestamp = timestamps[i] as number;
      if (timestamp < earliest || timestamp <= series.lastTimestamp) continue;
      floatBitsAt(values, words, i, bits);
      series.appendBits(timestamp, bits[0] as number, bits[1] as number, chunkRangeMs);
      if (timestamp < minTime) minTime = timestamp;
      if (timestamp > maxTime) maxTime = timestamp;
      added++;
    }
    this.#minTime = Math.min(this.#minTime, minTime);
    this.#minAppended = Math.min(this.#minAppended, minTime);
    this.#maxTime = maxTime;
    this.#samples += added;
    return { added, unknown };
  }

  restoreMetadata(series: MemorySeries, metadata: MetricMetadata): void {
    this.#metadata.set(series, metadata);
  }

  /**
   * Writes samples and metadata to the log, and then adds them. Throws WalWriteError, after which nothing of them is
   * there. Returns how many samples were added: not those that another commit has overtaken.
   */
  commit(samples: SampleEntries, metadata: ReadonlyMap<MemorySeries, MetricMetadata>): number {
    const described = [...metadata].filter(
      ([series, one]) =>
        this.#bySlot.has(series.slot) && !isSameMetadata(one, this.#metadata.get(series)),
    );
    this.#logCommit(samples, described);
    this.#keepForSelections(samples);
    for (const [series, one] of described) this.restoreMetadata(series, one);
    const { added, unknown } = this.restoreSamples(samples);
    assert(unknown === 0, "head: a sample whose series is gone");
    return added;
  }

  /** Deletes the samples of matching series within the interval, in the log too. Returns how many series. */
  delete(matchers: readonly Matcher[], interval: Interval): number {
    const found = this.#matching(matchers).filter((series) =>
      series.overlaps(interval.minTime, interval.maxTime),
    );
    // Bounded by what is there, so that samples to come are not deleted.
    const entries = found.map((series) => ({
      ref: series.ref,
      slot: series.slot,
      minTime: Math.max(interval.minTime, series.minTime),
      maxTime: Math.min(interval.maxTime, series.lastTimestamp),
    }));
    if (entries.length > 0) this.#logRecord((record) => encodeTombstones(record, entries));
    for (const { slot, minTime, maxTime } of entries)
      this.tombstones.add(slot, { minTime, maxTime });
    return entries.length;
  }

  /** What was there when the first series was asked for, though samples may have come since. To be read to its end. */
  *select({ matchers, minTime, maxTime }: Selection): Generator<ReadableSeries> {
    const changed = new Map<number, ReadableSeries>();
    this.#selections.add(changed);
    try {
      for (const series of this.#matching(matchers))
        if (series.overlaps(minTime, maxTime))
          yield changed.get(series.slot) ?? this.#snapshot(series);
    } finally {
      this.#selections.delete(changed);
    }
  }

  *labelSets(matchers: readonly Matcher[]): Generator<Labels> {
    for (const { labels } of this.#matching(matchers)) yield labels;
  }

  labelNames(): readonly string[] {
    return this.#postings.labelNames();
  }

  labelValues(name: string): readonly string[] {
    return this.#postings.labelValues(name);
  }

  /**
   * Forgets what is before `time`, because a block has it: chunks, series without any, their tombstones. Readers and
   * appenders may come in between.
   */
  async truncate(time: number, pause: Pause = new Pause()): Promise<void> {
    this.setMinValidTime(time);
    const gone = new Map<number, MemorySeries>();
    const slots = new GrowingPostings();
    let minTime = Number.POSITIVE_INFINITY;
    this.#minAppended = Number.POSITIVE_INFINITY;
    for (const series of this.#bySlot.values()) {
      if (pause.isDue()) await pause.take();
      series.dropBefore(time);
      minTime = Math.min(minTime, series.minTime);
      if (series.isEmpty && series.pending === 0) {
        gone.set(series.slot, series);
        slots.push(series.slot);
        this.#forget(series);
      }
    }
    // Samples may have come while others had their turn, of series that had been looked at.
    this.#minTime = Math.min(minTime, this.#minAppended);
    this.tombstones.dropBefore(time);
    if (gone.size === 0) return;
    this.#unlogged = this.#unlogged.filter(({ slot }) => !gone.has(slot));
    // The order comes last: it must know the place of every slot that the postings give.
    await this.#postings.remove(slots.view(), gone, pause);
    await this.#order.settle(pause);
    await this.#order.retain(({ slot }) => !gone.has(slot), pause);
  }

  /** Whether records about a ref are still needed in a checkpoint of the log up to a segment. */
  needsRef(ref: number, segment: number): boolean {
    return this.#byRef.has(ref) || (this.#goneIn.get(ref) ?? -1) > segment;
  }

  /** Forgets refs whose last samples the log no longer has: those gone before a segment. */
  forgetRefsUpTo(segment: number): void {
    for (const [ref, goneIn] of this.#goneIn) if (goneIn <= segment) this.#goneIn.delete(ref);
  }

  /** At once, so that an appender that comes now makes a new series. */
  #forget(series: MemorySeries): void {
    const segment = this.#log?.segment ?? 0;
    for (const ref of [series.ref, ...(this.#otherRefs.get(series) ?? [])]) {
      this.#byRef.delete(ref);
      this.#goneIn.set(ref, segment);
    }
    this.#otherRefs.delete(series);
    this.#byLabels.delete(series);
    this.#bySlot.delete(series.slot);
    this.#memory.release(series.slot);
    this.#metadata.delete(series);
  }

  #snapshot(series: MemorySeries): ReadableSeries {
    return series.snapshot(this.tombstones.of(series.slot));
  }

  /** So that they see all samples of a commit or none. */
  #keepForSelections({ length, refs }: SampleEntries): void {
    for (const changed of this.#selections)
      for (let i = 0; i < length; i++) {
        const series = this.#byRef.get(refs[i] as number);
        if (series !== undefined && !changed.has(series.slot))
          changed.set(series.slot, this.#snapshot(series));
      }
  }

  #matching(matchers: readonly Matcher[]): MemorySeries[] {
    return this.#order.sorted(selectPostings(this.#postings, matchers));
  }

  #logCommit(
    samples: SampleEntries,
    metadata: readonly (readonly [MemorySeries, MetricMetadata])[],
  ): void {
    if (this.#log === undefined) return;
    const records: Uint8Array[] = [];
    const add = (encode: (record: ByteWriter) => void): void => {
      this.#record.clear();
      encode(this.#record);
      records.push(this.#record.bytes().slice());
    };
    const fresh = this.#unlogged;
    // In several, so that whoever reads them can pause in between.
    for (let i = 0; i < fresh.length; i += SERIES_PER_RECORD)
      add((record) => encodeSeries(record, fresh.slice(i, i + SERIES_PER_RECORD)));
    if (metadata.length > 0)
      add((record) =>
        encodeMetadata(
          record,
          metadata.map(([{ ref }, { type, help, unit }]) => ({
            ref,
            type: metricTypeByte(type),
            help,
            unit,
          })),
        ),
      );
    for (let done = 0; done < samples.length; )
      add((record) => {
        done = encodeSamples(record, samples, done);
      });
    if (records.length === 0) return;
    this.#log.log(records);
    // Only now: had the log refused them, the next commit would have to write them.
    this.#unlogged = [];
  }

  #logRecord(encode: (record: ByteWriter) => void): void {
    this.#record.clear();
    encode(this.#record);
    this.#log?.log([this.#record.bytes()]);
  }
}
