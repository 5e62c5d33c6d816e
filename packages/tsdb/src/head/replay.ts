import { rmSync, truncateSync } from "node:fs";
import { open } from "node:fs/promises";
import { makeDirectory } from "../disk/make-directory.ts";
import { syncDirectory } from "../disk/sync-directory.ts";
import type { Place } from "../encoding/byte-reader.ts";
import { CorruptionError, NumberRangeError } from "../encoding/corruption.ts";
import type { Pause } from "../turns/pause.ts";
import { listCheckpoints, removeLeftovers } from "../wal/checkpoint.ts";
import { decodeRecord, isSeriesRecord, readSeries } from "../wal/records.ts";
import { listSegments, type Segment } from "../wal/segments.ts";
import { readWal, WalCorruptionError } from "../wal/wal-reader.ts";
import type { Head } from "./head.ts";
import { metricTypeOf } from "./metadata.ts";
import { SampleBatch } from "./sample-batch.ts";

/** What a replay found. */
export interface ReplayReport {
  readonly records: number;
  readonly samples: number;
  /** Samples that blocks have, that are out of order, or whose series the log does not name. */
  readonly samplesSkipped: number;
  /** Samples whose series the log does not name: what is left of series long gone. */
  readonly unknownRefs: number;
  /** Records that are known by name but not read, with their number. */
  readonly unread: ReadonlyMap<string, number>;
  /** Where the log was damaged, and what was cut off there. */
  readonly damage: readonly ReplayDamage[];
}

export interface ReplayDamage {
  readonly error: WalCorruptionError;
  /** What lay behind the damage and is gone: bytes of the segment, and whole segments. */
  readonly bytesDropped: number;
  readonly segmentsDropped: number;
}

/**
 * Restores the head from its log: the last checkpoint, then the segments after it. A log that ends within a
 * record, as after a crash, is cut there; so is a damaged one. Samples before `minValidTime` of the head are in
 * blocks, and skipped. Without `repair` nothing on the disk is changed: what would be cut is only not read.
 */
export async function replay(
  walDirectory: string,
  head: Head,
  pause: Pause,
  { repair = true }: { readonly repair?: boolean } = {},
): Promise<ReplayReport> {
  if (repair) {
    makeDirectory(walDirectory);
    await removeLeftovers(walDirectory);
  }
  const job = new Replay(head, pause, repair);
  const checkpoint = listCheckpoints(walDirectory).at(-1);
  if (checkpoint !== undefined) await job.read(checkpoint.path, 0);
  await job.read(walDirectory, (checkpoint?.number ?? -1) + 1);
  if (repair) await syncSegments(walDirectory);
  return job;
}

/**
 * A process that was killed left its last segments to the operating system, and a repair has cut one. Were that lost with
 * the power later on, the log would end there, however well what follows is kept.
 */
async function syncSegments(walDirectory: string): Promise<void> {
  for (const { path } of listSegments(walDirectory)) {
    const segment = await open(path, "r+");
    try {
      await segment.sync();
    } finally {
      await segment.close();
    }
  }
  await syncDirectory(walDirectory);
}

class Replay implements ReplayReport {
  records = 0;
  samples = 0;
  samplesSkipped = 0;
  unknownRefs = 0;
  readonly unread = new Map<string, number>();
  readonly damage: ReplayDamage[] = [];
  readonly #head: Head;
  readonly #pause: Pause;
  readonly #repair: boolean;
  /** For the samples of one record after the other. */
  readonly #columns = new SampleBatch();

  constructor(head: Head, pause: Pause, repair: boolean) {
    this.#head = head;
    this.#pause = pause;
    this.#repair = repair;
  }

  async read(directory: string, from: number): Promise<void> {
    try {
      for (const { data, segment, offset } of readWal(directory, from)) {
        if (this.#pause.isDueNow()) await this.#pause.take();
        this.records++;
        this.#readAt(segment, offset, (where) => this.#apply(data, where));
      }
    } catch (error) {
      if (!(error instanceof WalCorruptionError)) throw error;
      this.damage.push({ error, ...cutAt(directory, error, this.#repair) });
    }
  }

  /**
   * A record that its checksum fits and that is none is damage as any other. But what was written on purpose, and can
   * only not be said here, must not be cut off.
   */
  #readAt(segment: Segment, offset: number, read: (where: Place) => void): void {
    try {
      read(() => `${segment.path}: record at ${offset}`);
    } catch (error) {
      if (!(error instanceof CorruptionError)) throw error;
      if (this.#repair && error instanceof NumberRangeError) throw error;
      throw new WalCorruptionError(segment, offset, error.message);
    }
  }

  #apply(data: Uint8Array, where: Place): void {
    const head = this.#head;
    if (isSeriesRecord(data)) {
      readSeries(data, where, (ref, labels) => head.restoreSeries(ref, labels));
      return;
    }
    const record = decodeRecord(data, where, this.#columns);
    if (record.type === "samples") {
      const { added, unknown } = head.restoreSamples(record.samples);
      this.samples += added;
      this.unknownRefs += unknown;
      this.samplesSkipped += record.samples.length - added;
    } else if (record.type === "tombstones") {
      for (const { ref, minTime, maxTime } of record.tombstones) {
        const series = head.series(ref);
        if (series !== undefined) head.tombstones.add(series.slot, { minTime, maxTime });
      }
    } else if (record.type === "metadata") {
      for (const { ref, type, help, unit } of record.metadata) {
        const series = head.series(ref);
        if (series !== undefined)
          head.restoreMetadata(series, { type: metricTypeOf(type), help, unit });
      }
    } else if (record.type === "unread") {
      this.unread.set(record.name, (this.unread.get(record.name) ?? 0) + 1);
    }
  }
}

/** Ends the log in front of the damage, as Prometheus does: what lies behind it cannot be trusted to be complete. */
function cutAt(
  directory: string,
  { segment, offset, path }: WalCorruptionError,
  repair: boolean,
): { bytesDropped: number; segmentsDropped: number } {
  let bytesDropped = 0;
  let segmentsDropped = 0;
  for (const { number, path: later, bytes } of listSegments(directory)) {
    if (number < segment) continue;
    if (number === segment) {
      bytesDropped += bytes - offset;
      continue;
    }
    bytesDropped += bytes;
    segmentsDropped++;
    if (repair) rmSync(later);
  }
  if (repair) truncateSync(path, offset);
  return { bytesDropped, segmentsDropped };
}
