import { readFile } from "node:fs/promises";
import process from "node:process";
import { buffer } from "node:stream/consumers";
import { Entry, ExpositionError, type ExpositionFormat, openParser } from "@linklight/exposition";
import { AppendError, MemoryStorage } from "@linklight/promql/memory";
import { loadSamples, parseScript, ScriptError } from "@linklight/promql/script";
import { drawLine } from "../commands/draw-line.ts";
import { CommandFailure } from "../failure.ts";
import { userPath } from "../user-path.ts";

/** Samples from a file, in a storage that can be asked. */
export interface ReadSamples {
  readonly storage: MemoryStorage;
  readonly count: number;
  /** When the first and the last sample is, in ms; infinite where there is none. */
  readonly firstMs: number;
  readonly lastMs: number;
}

/**
 * Reads samples from a file, `-` being standard input: from a script in Prometheus' test language what its load
 * commands load; from a page of metrics, or a history in OpenMetrics, all samples, those without a time at
 * `nowMs`. Throws CommandFailure that says what is wrong, and where.
 */
export async function readSamples(file: string, nowMs: number): Promise<ReadSamples> {
  const name = file === "-" ? "<stdin>" : file;
  let bytes: Uint8Array;
  try {
    bytes = file === "-" ? await buffer(process.stdin) : await readFile(userPath(file));
  } catch (error) {
    throw new CommandFailure(`cannot read ${name}: ${reasonOf(error)}`, undefined, {
      cause: error,
    });
  }
  try {
    return isScript(bytes) ? readScript(bytes) : readExposition(bytes, nowMs);
  } catch (error) {
    throw new CommandFailure(problemIn(name, bytes, error), undefined, { cause: error });
  }
}

/** Scripts begin, comments aside, with a command; no metric is followed by a duration. */
function isScript(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes.subarray(0, 65_536));
  const first = text.split("\n").find((line) => !/^\s*(?:#|$)/.test(line));
  return /^\s*(?:load(?:_with_nhcb)?\s+\d+[a-z]|clear\s*$|eval)/.test(first ?? "");
}

function readScript(bytes: Uint8Array): ReadSamples {
  const counter = new SampleCounter();
  for (const command of parseScript(new TextDecoder().decode(bytes))) {
    if (command.kind === "clear") {
      counter.clear();
      continue;
    }
    if (command.kind !== "load") continue;
    loadSamples(command, counter.storage);
    for (const { values } of command.series)
      for (const [i, { kind }] of values.entries())
        if (kind !== "omitted") counter.add(i * command.stepMs);
  }
  return counter;
}

function readExposition(bytes: Uint8Array, nowMs: number): ReadSamples {
  const counter = new SampleCounter();
  const parser = openParser(formatOf(bytes), bytes);
  for (let kind = parser.next(); kind !== Entry.END; kind = parser.next()) {
    if (kind !== Entry.SERIES) continue;
    const timestamp = parser.hasTimestamp ? parser.timestamp : nowMs;
    counter.storage.append(parser.labels(), { timestamp, value: parser.value });
    counter.add(timestamp);
  }
  return counter;
}

/** OpenMetrics says at its end that it is. */
function formatOf(bytes: Uint8Array): ExpositionFormat {
  const end = new TextDecoder().decode(bytes.subarray(-8));
  return /(?:^|\n)# EOF\n?$/.test(end) ? "openmetrics-1.0.0" : "text-0.0.4";
}

class SampleCounter implements ReadSamples {
  readonly storage = new MemoryStorage();
  count = 0;
  firstMs = Number.POSITIVE_INFINITY;
  lastMs = Number.NEGATIVE_INFINITY;

  add(timestamp: number): void {
    this.count++;
    this.firstMs = Math.min(this.firstMs, timestamp);
    this.lastMs = Math.max(this.lastMs, timestamp);
  }

  clear(): void {
    this.storage.clear();
    this.count = 0;
    this.firstMs = Number.POSITIVE_INFINITY;
    this.lastMs = Number.NEGATIVE_INFINITY;
  }
}

function problemIn(name: string, bytes: Uint8Array, error: unknown): string {
  if (error instanceof ExpositionError) {
    const { line, column, problem } = error;
    return `cannot read ${name}: ${line}:${column}: ${problem}${drawLine(bytes, line, column)}`;
  }
  if (error instanceof ScriptError || error instanceof AppendError || error instanceof RangeError)
    return `cannot read ${name}: ${error.message}`;
  throw error;
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "there is no such file";
  return code === "EISDIR" ? "it is a folder" : message;
}
