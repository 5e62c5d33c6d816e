import { existsSync, readdirSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { syncDirectory } from "../disk/sync-directory.ts";
import { ByteWriter } from "../encoding/byte-writer.ts";
import type { Pause } from "../turns/pause.ts";
import {
  type DecodedRecord,
  decodeRecord,
  encodeMetadata,
  encodeSamples,
  encodeSeries,
  encodeTombstones,
  type MetadataEntry,
  type SampleEntries,
} from "./records.ts";
import { listSegments } from "./segments.ts";
import { segmentName } from "./wal-format.ts";
import { readWal } from "./wal-reader.ts";
import { WalWriter, type WalWriterOptions } from "./wal-writer.ts";

const PREFIX = "checkpoint.";
const UNFINISHED_SUFFIX = ".tmp";

/** A checkpoint: what the segments up to its number held and is still needed, in place of them. */
export interface Checkpoint {
  /** The last segment that it replaces. */
  readonly number: number;
  readonly path: string;
}

/** What of the old segments is still needed. */
export interface CheckpointNeeds {
  /** Whether series, metadata and tombstones of a ref are. */
  needsRef(ref: number): boolean;
  /** Samples and tombstones before this time are not. */
  readonly minTime: number;
}

/** The checkpoints of a log, oldest first; at most one, unless a crash came between making one and removing the last. */
export function listCheckpoints(walDirectory: string): Checkpoint[] {
  if (!existsSync(walDirectory)) return [];
  return readdirSync(walDirectory)
    .filter((name) => /^checkpoint\.\d+$/.test(name))
    .map((name) => ({
      number: Number(name.slice(PREFIX.length)),
      path: join(walDirectory, name),
    }))
    .sort((a, b) => a.number - b.number);
}

/** Removes what a crash left: a checkpoint that was not finished, and what the last one replaces. */
export async function removeLeftovers(walDirectory: string): Promise<void> {
  for (const name of readdirSync(walDirectory))
    if (name.startsWith(PREFIX) && name.endsWith(UNFINISHED_SUFFIX))
      await rm(join(walDirectory, name), { recursive: true });
  await removeReplaced(walDirectory);
}

/** Removes the segments that the last checkpoint replaces, and the checkpoints before it. */
async function removeReplaced(walDirectory: string): Promise<void> {
  const checkpoints = listCheckpoints(walDirectory);
  const last = checkpoints.pop();
  if (last === undefined) return;
  for (const { number, path } of listSegments(walDirectory))
    if (number <= last.number) await rm(path);
  for (const { path } of checkpoints) await rm(path, { recursive: true });
}

/**
 * Makes a checkpoint of all segments up to `last`, and of the checkpoint before, and removes those. A crash at any
 * moment leaves a log that holds the same. Pauses between records, so that a long one does not stall the process.
 */
export async function writeCheckpoint(
  walDirectory: string,
  last: number,
  needs: CheckpointNeeds,
  pause: Pause,
  options: WalWriterOptions = {},
): Promise<void> {
  // So that the last checkpoint is not one of the same number, which would have to make room first.
  await removeLeftovers(walDirectory);
  if ((listCheckpoints(walDirectory).at(-1)?.number ?? -1) >= last) return;
  const path = join(walDirectory, `${PREFIX}${segmentName(last)}`);
  const unfinished = path + UNFINISHED_SUFFIX;
  try {
    await mkdir(unfinished);
    const writer = new WalWriter(unfinished, options);
    try {
      await copyNeeded(walDirectory, last, needs, writer, pause);
    } finally {
      await writer.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
  await syncDirectory(walDirectory);
  await removeReplaced(walDirectory);
}

async function copyNeeded(
  walDirectory: string,
  last: number,
  needs: CheckpointNeeds,
  writer: WalWriter,
  pause: Pause,
): Promise<void> {
  const record = new ByteWriter(1 << 16);
  // The latest of each series: what came before it is not needed.
  const metadata = new Map<number, MetadataEntry>();
  for (const { data, segment, offset } of recordsUpTo(walDirectory, last)) {
    if (pause.isDueNow()) await pause.take();
    const decoded = decodeRecord(data, `${segment.path}: record at ${offset}`);
    record.clear();
    if (decoded.type === "metadata") {
      for (const one of decoded.metadata) if (needs.needsRef(one.ref)) metadata.set(one.ref, one);
    } else if (decoded.type === "unread") {
      // Not understood, and so not thrown away.
      record.raw(data);
    } else {
      encodeNeeded(record, decoded, needs);
    }
    if (record.length > 0) writer.log([record.bytes()]);
  }
  if (metadata.size === 0) return;
  record.clear();
  encodeMetadata(record, [...metadata.values()]);
  writer.log([record.bytes()]);
}

/** Writes what is still needed of a record; nothing when nothing is. */
function encodeNeeded(
  into: ByteWriter,
  decoded: Exclude<DecodedRecord, { type: "metadata" | "unread" }>,
  needs: CheckpointNeeds,
): void {
  if (decoded.type === "series") {
    const kept = decoded.series.filter(({ ref }) => needs.needsRef(ref));
    if (kept.length > 0) encodeSeries(into, kept);
  } else if (decoded.type === "samples") {
    keepSamples(decoded.samples, needs);
    if (decoded.samples.length > 0) encodeSamples(into, decoded.samples);
  } else {
    const kept = decoded.tombstones.filter(
      ({ ref, maxTime }) => needs.needsRef(ref) && maxTime >= needs.minTime,
    );
    if (kept.length > 0) encodeTombstones(into, kept);
  }
}

function* recordsUpTo(walDirectory: string, last: number): ReturnType<typeof readWal> {
  const checkpoint = listCheckpoints(walDirectory).findLast(({ number }) => number < last);
  if (checkpoint !== undefined) yield* readWal(checkpoint.path);
  for (const record of readWal(walDirectory, (checkpoint?.number ?? -1) + 1)) {
    if (record.segment.number > last) return;
    yield record;
  }
}

function keepSamples(samples: SampleEntries, { minTime }: CheckpointNeeds): void {
  let kept = 0;
  for (let i = 0; i < samples.length; i++) {
    if ((samples.timestamps[i] as number) < minTime) continue;
    samples.refs[kept] = samples.refs[i] as number;
    samples.timestamps[kept] = samples.timestamps[i] as number;
    samples.values[kept] = samples.values[i] as number;
    kept++;
  }
  samples.length = kept;
}
