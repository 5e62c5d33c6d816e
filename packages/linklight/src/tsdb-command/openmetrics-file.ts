import { type FileHandle, open } from "node:fs/promises";
import { Entry, ExpositionError, openParser } from "@linklight/exposition";
import type { Labels } from "@linklight/model";
import { CommandFailure } from "../failure.ts";

/** A file is read in pieces of this size: long histories do not fit into memory. */
const PIECE_BYTES = 32 * 1024 * 1024;
const LINE_FEED = 10;
const END = "# EOF";

/** A sample of the file. */
export interface FileSample {
  readonly labels: Labels;
  /** ms. */
  readonly timestamp: number;
  readonly value: number;
}

/** How far the reading is: bytes read, of how many. */
export type FileProgress = (done: number, of: number) => void;

/**
 * Reads the samples of an OpenMetrics file, piece by piece. Throws CommandFailure, with the line, for what is no
 * OpenMetrics, for a sample without a time, and for a file that does not end with `# EOF`.
 */
export async function* openMetricsSamples(
  path: string,
  progress: FileProgress = () => {},
): AsyncGenerator<FileSample> {
  const file = await open(path).catch((cause: NodeJS.ErrnoException) => {
    throw new CommandFailure(`cannot read ${path}: ${cause.message}`, undefined, { cause });
  });
  try {
    const stats = await file.stat();
    // It is read more than once, which a pipe cannot be.
    if (!stats.isFile()) throw new CommandFailure(`cannot read ${path}: expected a file`);
    const { size } = stats;
    const known = new Map<string, Labels>();
    let line = 1;
    let done = 0;
    let lastText = "";
    for await (const piece of pieces(file)) {
      yield* samplesOf(path, piece, line, known);
      line += piece.reduce((count, byte) => (byte === LINE_FEED ? count + 1 : count), 0);
      done += piece.length;
      lastText = new TextDecoder().decode(piece.subarray(-8));
      progress(done, size);
    }
    if (!lastText.trimEnd().endsWith(END))
      throw new CommandFailure(`${path}: does not end with ${END}: is it cut off?`);
  } finally {
    await file.close();
  }
}

/** The file in pieces that end with a line. */
async function* pieces(file: FileHandle): AsyncGenerator<Uint8Array> {
  let rest = new Uint8Array(0);
  for (;;) {
    const buffer = new Uint8Array(rest.length + PIECE_BYTES);
    buffer.set(rest);
    const { bytesRead } = await file.read(buffer, rest.length, PIECE_BYTES);
    const filled = buffer.subarray(0, rest.length + bytesRead);
    if (bytesRead === 0) {
      if (filled.length > 0) yield filled;
      return;
    }
    const end = filled.lastIndexOf(LINE_FEED) + 1;
    if (end > 0) yield filled.subarray(0, end);
    rest = filled.slice(end);
  }
}

function* samplesOf(
  path: string,
  piece: Uint8Array,
  firstLine: number,
  known: Map<string, Labels>,
): Generator<FileSample> {
  const parser = openParser("openmetrics-1.0.0", withEnd(piece));
  const decoder = new TextDecoder();
  const lineOf = (line: number): number => firstLine + line - 1;
  try {
    for (let kind = parser.next(); kind !== Entry.END; kind = parser.next()) {
      if (kind !== Entry.SERIES) continue;
      const text = decoder.decode(parser.bytes.subarray(parser.seriesStart, parser.seriesEnd));
      if (!parser.hasTimestamp)
        throw new CommandFailure(
          `${path}:${lineOf(parser.line)}: expected timestamp for series ${text}, got none`,
        );
      let labels = known.get(text);
      if (labels === undefined) {
        labels = parser.labels();
        known.set(text, labels);
      }
      yield { labels, timestamp: parser.timestamp, value: parser.value };
    }
  } catch (cause) {
    if (!(cause instanceof ExpositionError)) throw cause;
    const where = `${path}:${lineOf(cause.line)}:${cause.column}`;
    throw new CommandFailure(`${where}: ${cause.problem}`, undefined, { cause });
  }
}

/** The parser wants an end, which only the last piece has. */
function withEnd(piece: Uint8Array): Uint8Array {
  const tail = new TextDecoder().decode(piece.subarray(-8)).trimEnd();
  if (tail.endsWith(END)) return piece;
  const ended = new Uint8Array(piece.length + END.length + 1);
  ended.set(piece);
  ended.set(new TextEncoder().encode(`${END}\n`), piece.length);
  return ended;
}
