import { SourceMap } from "node:module";

/** A place in a source file: line and column from 1; the column is left out where it is not known. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column?: number;
}

/**
 * Where an error comes from: the innermost place of its stack trace that lies in one of these files.
 * `compiled` holds, by file, the code that was run in its place, with the source map at its end; a file
 * that was run as it is has an empty text. Undefined for errors that did not pass through the files.
 */
export function errorPosition(
  error: unknown,
  compiled: ReadonlyMap<string, string>,
): SourcePosition | undefined {
  if (!(error instanceof Error) || error.stack === undefined) return undefined;
  for (const frame of error.stack.split("\n")) {
    for (const [file, code] of compiled) {
      const position = positionIn(frame, file);
      if (position !== undefined) return inSource(position, code);
    }
  }
  return undefined;
}

/** Reads `… file:line:column`, or `file:line` as a syntax error has it, from a line of a stack trace. */
function positionIn(frame: string, file: string): SourcePosition | undefined {
  const start = frame.indexOf(`${file}:`);
  if (start < 0) return undefined;
  const found = /^(\d+)(?::(\d+))?\)?$/.exec(frame.slice(start + file.length + 1));
  if (found === null) return undefined;
  const line = Number(found[1]);
  return found[2] === undefined ? { file, line } : { file, line, column: Number(found[2]) };
}

// In two parts, so that no tool takes this line for the source map of this file.
const INLINE_MAP = new RegExp(
  `//# ${"sourceMapping"}URL=data:application/json[^,]*,([\\w+/=]+)\\s*$`,
);

/** From a place in compiled code to the one in its source. Lines are the same in both; columns are not. */
function inSource(position: SourcePosition, code: string): SourcePosition {
  const { file, line, column } = position;
  if (code === "" || column === undefined) return position;
  const base64 = INLINE_MAP.exec(code)?.[1];
  // What the loader puts before the first line moves its columns.
  if (base64 === undefined || line === 1) return { file, line };
  const map = new SourceMap(JSON.parse(Buffer.from(base64, "base64").toString("utf8")));
  const entry = map.findEntry(line - 1, column - 1);
  if (!("originalLine" in entry)) return { file, line };
  return { file, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}
