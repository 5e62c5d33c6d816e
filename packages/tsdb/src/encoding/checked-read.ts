import { PAGE_BYTES } from "../disk/page-cache.ts";
import type { PagedFile, Stretch } from "../disk/paged-file.ts";
import { runAtOnce, type Steps } from "../turns/steps.ts";
import { type Place, placeText, readUint32 } from "./byte-reader.ts";
import { CorruptionError } from "./corruption.ts";
import { crc32c } from "./crc32c.ts";

/**
 * Reads `length` bytes whose CRC-32C follows them, and compares it: once for as long as the page that holds them stays
 * in memory, where it does not change. `what` names them in the CorruptionError: `…/index: series at 4096`.
 */
export function readChecked(file: PagedFile, offset: number, length: number, what: Place): Stretch {
  const page = file.pageOf(offset, length + 4);
  if (page === undefined) {
    const { bytes, start, end } = file.read(offset, length + 4);
    compare(crc32c(bytes, start, end - 4), readUint32(bytes, end - 4), what);
    return { bytes, start, end: end - 4 };
  }
  const { bytes } = page;
  const start = offset % PAGE_BYTES;
  const end = start + length;
  if (!page.isChecked(start)) {
    compare(crc32c(bytes, start, end), readUint32(bytes, end), what);
    page.markChecked(start);
  }
  return { bytes, start, end };
}

/**
 * Compares the checksum of a section, which begins with its length in four bytes: page by page, without keeping it.
 * Returns where it ends.
 */
export function* verifySection(file: PagedFile, start: number, what: Place): Steps<number> {
  const end = endOf(file, start, what);
  let sum = 0;
  for (const [offset, size] of pieces(start + 4, end)) {
    const piece = file.read(offset, size);
    sum = crc32c(piece.bytes, piece.start, piece.end, sum);
    yield;
  }
  const tail = file.read(end, 4);
  compare(sum, readUint32(tail.bytes, tail.start), what);
  return end;
}

/** The same, once for as long as all pages that hold the section stay in memory. */
export function verifyPages(file: PagedFile, start: number, what: Place): number {
  const end = endOf(file, start, what);
  const marks = [...pieces(start + 4, end)].map(([offset]) => ({
    page: file.pageOf(offset, 1),
    at: offset % PAGE_BYTES,
  }));
  if (marks.every(({ page, at }) => page?.isChecked(at))) return end;
  runAtOnce(verifySection(file, start, what));
  for (const { page, at } of marks) page?.markChecked(at);
  return end;
}

function endOf(file: PagedFile, start: number, what: Place): number {
  const { bytes, start: at } = file.read(start, 4);
  const end = start + 4 + readUint32(bytes, at);
  if (end + 4 > file.size)
    throw new CorruptionError(
      `${placeText(what)}: goes up to ${end + 4}, beyond the end of the file at ${file.size}`,
    );
  return end;
}

/** A stretch of a file cut where its pages end, so that each page is read once and stays for what comes next. */
function* pieces(start: number, end: number): Generator<readonly [offset: number, size: number]> {
  for (let offset = start; offset < end; ) {
    const size = Math.min(end - offset, PAGE_BYTES - (offset % PAGE_BYTES));
    yield [offset, size];
    offset += size;
  }
}

function compare(sum: number, expected: number, what: Place): void {
  if (sum !== expected)
    throw new CorruptionError(
      `${placeText(what)}: its checksum is ${hex(sum)}, the file says ${hex(expected)}`,
    );
}

function hex(sum: number): string {
  return `0x${sum.toString(16).padStart(8, "0")}`;
}
