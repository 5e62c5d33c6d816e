import { readFileSync } from "node:fs";
import { relative, sep } from "node:path";
import process from "node:process";
import type { SourcePosition } from "./source-position.ts";

/** A collector file cannot be used. The message is one line: where, what is wrong, what was expected. */
export class CollectorFileError extends Error {
  override readonly name = "CollectorFileError";
  readonly code = "LINKLIGHT_COLLECTOR_FILE";
  readonly position: { readonly file: string; readonly line?: number; readonly column?: number };
  /** The line it is about with a mark under the column, or empty. */
  readonly frame: string;
  /** The files that were read until it went wrong: when one of them changes, it is worth another try. */
  readonly files: readonly string[];

  constructor(
    problem: string,
    position: { readonly file: string } | SourcePosition,
    options?: ErrorOptions & { readonly files?: readonly string[] },
  ) {
    super(`${showPosition(position)}: ${problem}`, options);
    this.position = position;
    this.frame = codeFrame(position);
    this.files = options?.files ?? [position.file];
  }
}

/** A place as people and editors read it: `rooms.ts:2:28`, from the working folder where it lies below. */
export function showPosition(position: { readonly file: string } | SourcePosition): string {
  const path = relative(process.cwd(), position.file);
  const isBelow = path !== ".." && !path.startsWith(`..${sep}`);
  const place = [isBelow ? path : position.file];
  if ("line" in position) {
    place.push(String(position.line));
    if (position.column !== undefined) place.push(String(position.column));
  }
  return place.join(":");
}

const WIDEST_LINE = 200;

function codeFrame(position: { readonly file: string } | SourcePosition): string {
  if (!("line" in position)) return "";
  let line: string | undefined;
  try {
    line = readFileSync(position.file, "utf8").split(/\r?\n/)[position.line - 1];
  } catch {
    return "";
  }
  if (line === undefined || line.length > WIDEST_LINE) return "";
  const shown = `  ${line.replaceAll("\t", " ")}`;
  if (position.column === undefined) return shown;
  return `${shown}\n  ${" ".repeat(position.column - 1)}^`;
}
