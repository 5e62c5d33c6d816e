import { PAGE_BYTES } from "../disk/page-cache.ts";
import type { PagedFile, Stretch } from "../disk/paged-file.ts";
import { ByteReader, type Place, placeText, readUint32 } from "./byte-reader.ts";
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

/** Compares the checksum of a large section, page by page, without keeping it. Returns where it ends. */
export function verifySection(file: PagedFile, start: number, what: string): number {
  const head = file.read(start, 4);
  const length = new ByteReader(head.bytes, what, head.start, head.end).u32();
  const end = start + 4 + length;
  let sum = 0;
  for (let offset = start + 4; offset < end; ) {
    // Up to the end of a page, so that each page is read once and stays for what comes next.
    const size = Math.min(end - offset, PAGE_BYTES - (offset % PAGE_BYTES));
    const piece = file.read(offset, size);
    sum = crc32c(piece.bytes, piece.start, piece.end, sum);
    offset += size;
  }
  const tail = file.read(end, 4);
  compare(sum, new ByteReader(tail.bytes, what, tail.start, tail.end).u32(), what);
  return end;
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
