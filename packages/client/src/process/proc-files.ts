import { readdirSync, readFileSync, statSync } from "node:fs";
import { endianness } from "node:os";
import { join } from "node:path";
import process from "node:process";

/** What `/proc/<pid>/stat` says of the size of a process. */
export interface ProcStat {
  readonly virtualBytes: number;
  readonly residentPages: number;
}

/**
 * Reads what is needed of `/proc/<pid>/stat`: fields 23 and 24 of proc(5). Undefined when the text is none.
 *
 * Field 2 is the command in parentheses, which may itself hold blanks and parentheses; so counting begins
 * behind the last closing one.
 */
export function parseStat(text: string): ProcStat | undefined {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  // The first of them is field 3 of the table in proc(5).
  const virtualBytes = Number(fields[23 - 3] ?? Number.NaN);
  const residentPages = Number(fields[24 - 3] ?? Number.NaN);
  if (!Number.isFinite(virtualBytes) || !Number.isFinite(residentPages)) return undefined;
  return { virtualBytes, residentPages };
}

/** The soft limit of open files in `/proc/<pid>/limits`; infinite for `unlimited`, undefined when the text has none. */
export function parseMaxFds(text: string): number | undefined {
  const soft = /^Max open files +(\d+|unlimited)\b/m.exec(text)?.[1];
  if (soft === undefined) return undefined;
  return soft === "unlimited" ? Number.POSITIVE_INFINITY : Number(soft);
}

// The page size of x86 and of most ARM systems, for kernels that hide their own.
const DEFAULT_PAGE_BYTES = 4096;

// AT_PAGESZ of getauxval(3).
const AT_PAGESZ = 6;

/** The page size in the auxiliary vector that the kernel hands to each program: pairs of machine words, kind and value. */
export function parsePageBytes(auxv: Buffer, wordBytes: 4 | 8, littleEndian: boolean): number {
  const word = (at: number): number => {
    if (wordBytes === 4) return littleEndian ? auxv.readUInt32LE(at) : auxv.readUInt32BE(at);
    return Number(littleEndian ? auxv.readBigUInt64LE(at) : auxv.readBigUInt64BE(at));
  };
  for (let at = 0; at + 2 * wordBytes <= auxv.length; at += 2 * wordBytes) {
    if (word(at) === AT_PAGESZ) return word(at + wordBytes);
  }
  return DEFAULT_PAGE_BYTES;
}

/**
 * The files of this process under `/proc` (another folder in tests). Reading is synchronous: these files
 * are made by the kernel in memory, so that a read takes some microseconds, while a trip through the
 * thread pool takes hundreds. What cannot be read is undefined, never an error.
 */
export class ProcFiles {
  readonly #folder: string;
  readonly #pageBytes: number;

  constructor(root: string) {
    this.#folder = join(root, "self");
    const auxv = attempt(() => readFileSync(join(this.#folder, "auxv")));
    this.#pageBytes =
      auxv === undefined
        ? DEFAULT_PAGE_BYTES
        : parsePageBytes(auxv, wordBytes(), endianness() === "LE");
  }

  /** Virtual and resident memory in bytes. */
  memory(): { readonly virtualBytes: number; readonly residentBytes: number } | undefined {
    const text = attempt(() => readFileSync(join(this.#folder, "stat"), "latin1"));
    const stat = text === undefined ? undefined : parseStat(text);
    return (
      stat && {
        virtualBytes: stat.virtualBytes,
        residentBytes: stat.residentPages * this.#pageBytes,
      }
    );
  }

  /** How many files may be open, which a running process can change. */
  maxFds(): number | undefined {
    const text = attempt(() => readFileSync(join(this.#folder, "limits"), "latin1"));
    return text === undefined ? undefined : parseMaxFds(text);
  }

  /** How many files are open. */
  openFds(): number | undefined {
    const folder = join(this.#folder, "fd");
    return attempt(() => {
      // Since Linux 6.2 the size of the folder is the number of its entries; counting them takes
      // milliseconds once there are thousands.
      const { size } = statSync(folder);
      // The folder itself is open while its entries are listed.
      return size > 0 ? size : readdirSync(folder).length - 1;
    });
  }
}

function wordBytes(): 4 | 8 {
  return process.arch === "arm" || process.arch === "ia32" || process.arch === "mipsel" ? 4 : 8;
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
