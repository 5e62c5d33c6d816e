import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Interval } from "../chunk/trim.ts";
import { replaceFile } from "../disk/replace-file.ts";
import { ByteReader } from "../encoding/byte-reader.ts";
import { ByteWriter } from "../encoding/byte-writer.ts";
import { CorruptionError } from "../encoding/corruption.ts";
import { crc32c } from "../encoding/crc32c.ts";

/**
 * ```
 * tombstones (docs/formats/blocks.md)
 * ┌────────────────┬───┬──────────────────────────────────────────────────────────┬─────────────┐
 * │ magic 0130ba30 │ 1 │ (series ref uvarint, minTime varint, maxTime varint) …   │ CRC-32C (4) │
 * └────────────────┴───┴──────────────────────────────────────────────────────────┴─────────────┘
 * ```
 */
const TOMBSTONES_MAGIC = 0x0130ba30;
const TOMBSTONES_VERSION = 1;
const HEADER_BYTES = 5;

/** What is deleted of each series, by its ref: intervals that ascend and do not touch. */
export class Tombstones {
  readonly #intervals = new Map<number, Interval[]>();

  /** The deleted intervals of a series. */
  of(ref: number): readonly Interval[] {
    return this.#intervals.get(ref) ?? [];
  }

  /** How many intervals there are. */
  get count(): number {
    let count = 0;
    for (const intervals of this.#intervals.values()) count += intervals.length;
    return count;
  }

  entries(): Iterable<[ref: number, intervals: readonly Interval[]]> {
    return this.#intervals.entries();
  }

  /** Forgets intervals that end before `time`. */
  dropBefore(time: number): void {
    for (const [ref, intervals] of this.#intervals) {
      const left = intervals.filter(({ maxTime }) => maxTime >= time);
      if (left.length === 0) this.#intervals.delete(ref);
      else this.#intervals.set(ref, left);
    }
  }

  /** Deletes an interval of a series, and makes one of those that it touches. */
  add(ref: number, added: Interval): void {
    const merged: Interval[] = [];
    let { minTime, maxTime } = added;
    for (const one of this.of(ref)) {
      if (one.maxTime < minTime - 1 || one.minTime > maxTime + 1) merged.push(one);
      else {
        minTime = Math.min(minTime, one.minTime);
        maxTime = Math.max(maxTime, one.maxTime);
      }
    }
    merged.push({ minTime, maxTime });
    merged.sort((a, b) => a.minTime - b.minTime);
    this.#intervals.set(ref, merged);
  }
}

/** Reads the tombstones of a block; none when there is no file. */
export function readTombstones(directory: string): Tombstones {
  const path = join(directory, "tombstones");
  const tombstones = new Tombstones();
  if (!existsSync(path)) return tombstones;
  const bytes = readFileSync(path);
  const reader = new ByteReader(bytes, path, 0, Math.max(0, bytes.length - 4));
  const magic = reader.u32();
  const version = reader.u8();
  if (magic !== TOMBSTONES_MAGIC || version !== TOMBSTONES_VERSION)
    throw new CorruptionError(
      `${path}: begins with 0x${magic.toString(16)}, version ${version}: expected 0x0130ba30, version 1`,
    );
  const expected = new ByteReader(bytes, path, bytes.length - 4).u32();
  if (crc32c(bytes, HEADER_BYTES, bytes.length - 4) !== expected)
    throw new CorruptionError(`${path}: its checksum is not the one that the file says`);
  while (reader.remaining > 0) {
    const ref = reader.uvarint();
    const minTime = reader.varint();
    tombstones.add(ref, { minTime, maxTime: reader.varint() });
  }
  return tombstones;
}

/** Replaces the tombstones of a block's directory: on the disk when it is done. */
export function writeTombstones(directory: string, tombstones: Tombstones): Promise<void> {
  const writer = new ByteWriter();
  writer.u32(TOMBSTONES_MAGIC);
  writer.u8(TOMBSTONES_VERSION);
  for (const [ref, intervals] of tombstones.entries()) {
    for (const { minTime, maxTime } of intervals) {
      writer.uvarint(ref);
      writer.varint(minTime);
      writer.varint(maxTime);
    }
  }
  writer.u32(crc32c(writer.bytes(), HEADER_BYTES));
  return replaceFile(join(directory, "tombstones"), writer.bytes());
}
