import type { BlockMeta } from "@linklight/tsdb";
import { goDuration, goTime } from "./go-times.ts";

const HEADER = [
  "BLOCK ULID",
  "MIN TIME",
  "MAX TIME",
  "DURATION",
  "NUM SAMPLES",
  "NUM CHUNKS",
  "NUM SERIES",
  "SIZE",
];
const LEAST_WIDTH = 13;
const PADDING = 2;

/** A block with its size in bytes. */
export interface ListedBlock {
  readonly meta: BlockMeta;
  readonly size: number;
}

/** promtool's table of blocks, line by line; `readable` writes times and sizes for people. */
export function blockTable(blocks: readonly ListedBlock[], readable: boolean): string {
  const rows = blocks.map(({ meta, size }) => [
    meta.ulid,
    readable ? goTime(wholeSeconds(meta.minTime)) : String(meta.minTime),
    readable ? goTime(wholeSeconds(meta.maxTime)) : String(meta.maxTime),
    goDuration(meta.maxTime - meta.minTime),
    String(meta.stats.numSamples),
    String(meta.stats.numChunks),
    String(meta.stats.numSeries),
    readable ? shownBytes(size) : String(size),
  ]);
  const lines = [HEADER, ...rows];
  const widths = HEADER.map((_, i) =>
    Math.max(LEAST_WIDTH, ...lines.map((line) => (line[i] as string).length + PADDING)),
  );
  return lines
    .map((line) => {
      const last = line.length - 1;
      return line.map((cell, i) => (i === last ? cell : cell.padEnd(widths[i] as number))).join("");
    })
    .map((line) => `${line}\n`)
    .join("");
}

/** promtool leaves out what is less than a second. */
function wholeSeconds(timeMs: number): number {
  return 1000 * Math.trunc(timeMs / 1000);
}

const UNITS: readonly (readonly [string, number])[] = [
  ["TiB", 2 ** 40],
  ["GiB", 2 ** 30],
  ["MiB", 2 ** 20],
  ["KiB", 2 ** 10],
  ["B", 1],
];

/** Bytes in all their units: `287KiB116B`. */
function shownBytes(bytes: number): string {
  let rest = bytes;
  let text = "";
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text === "" ? "0B" : text;
}
