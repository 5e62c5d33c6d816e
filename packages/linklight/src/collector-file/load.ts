import { realpathSync, type Stats, statSync } from "node:fs";
import type { Collector } from "@linklight/client";
import { adoptCollector } from "./adopt.ts";
import { CollectorFileError } from "./collector-file-error.ts";
import { type Evaluation, evaluateFile } from "./evaluate.ts";
import { explainEvaluation } from "./explain.ts";
import { nameFromFile } from "./extensions.ts";
import { inTime } from "./in-time.ts";
import { errorPosition } from "./source-position.ts";

/** A collector file that was loaded. */
export interface LoadedFile {
  readonly collector: Collector;
  /** The absolute paths of it, also of the link to it, and of all local files that it imports, directly or not. */
  readonly files: readonly string[];
}

const EXPECTED =
  'expected a collector, as in export default { name: "rooms", collect() { … } }, or a function that returns one';

/**
 * Loads the collector of a TypeScript or JavaScript file: its default export, or what the function that
 * is its default export returns. A collector without a name gets the file's. The file and all it imports
 * are run anew at each call; what they wait for may take `patienceMs`. The path is absolute. Rejects with
 * CollectorFileError.
 */
export async function loadCollectorFile(
  given: string,
  { patienceMs = 10_000 }: { readonly patienceMs?: number } = {},
): Promise<LoadedFile> {
  checkFile(given);
  // As Node does it: what a linked file imports lies beside the file, not beside the link.
  const path = realpathSync(given);
  const evaluation = await evaluateFile(path, patienceMs);
  if (evaluation.error) throw explainEvaluation(path, evaluation.error.thrown, evaluation.compiled);
  const files = [...evaluation.compiled.keys()];
  try {
    const exported = defaultExport(path, evaluation, files);
    const found = await collectorOf(exported, path, evaluation, patienceMs);
    const collector = adoptCollector(found, nameFromFile(given), {
      expected: EXPECTED,
      complain: (problem, cause) => problemAt(path, evaluation, problem, cause),
      locate: (error) => errorPosition(error, evaluation.compiled),
    });
    return { collector, files: [...new Set([given, ...files])] };
  } catch (error) {
    if (error instanceof CollectorFileError) throw error;
    // A getter, or a proxy.
    const problem = `the default export cannot be read: ${messageOf(error)}`;
    throw problemAt(path, evaluation, problem, error);
  }
}

function checkFile(path: string): void {
  let stats: Stats;
  try {
    stats = statSync(path);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new CollectorFileError(
      code === "ENOENT" || code === "ENOTDIR"
        ? "there is no such file; --collector takes the path of a TypeScript or JavaScript file, from the folder you are in"
        : `cannot be read: ${message}`,
      { file: path },
      { cause },
    );
  }
  if (!stats.isFile()) {
    // Of a pipe or a device nobody knows when it ends, and it can be read only once.
    const what = stats.isDirectory() ? "a folder" : "no ordinary file";
    throw new CollectorFileError(`is ${what}; --collector takes the path of a file`, {
      file: path,
    });
  }
}

function defaultExport(path: string, { exports }: Evaluation, files: readonly string[]): unknown {
  if (typeof exports !== "object" || exports === null) return exports;
  const names = Object.keys(exports).sort();
  // A CommonJS file: what it exports is what it is for.
  if (!isModule(exports) && names.length > 0) return exports;
  // Asked of the property itself: the loader shows modules through a proxy that never lacks a default.
  const property = Object.getOwnPropertyDescriptor(exports, "default");
  if (property !== undefined) return property.get ? property.get() : property.value;
  const found = names.length === 0 ? "it exports nothing" : `it exports ${names.join(", ")}`;
  throw new CollectorFileError(
    `has no default export (${found}); ${EXPECTED}`,
    { file: path },
    { files },
  );
}

function isModule(exports: object): boolean {
  return Object.getOwnPropertyDescriptor(exports, "__esModule") !== undefined;
}

/** The value itself, what it resolves to when it is a promise, or what it returns when it is a function. */
async function collectorOf(
  exported: unknown,
  path: string,
  evaluation: Evaluation,
  patienceMs: number,
): Promise<unknown> {
  if (typeof exported === "function") {
    if (/^class\b/.test(Function.prototype.toString.call(exported))) {
      throw problemAt(
        path,
        evaluation,
        `the default export is a class: export a collector made of it, export default new ${exported.name || "Rooms"}()`,
      );
    }
  } else if (!(exported instanceof Promise)) {
    return exported;
  }
  try {
    const work = (async () =>
      typeof exported === "function" ? (exported as () => unknown)() : exported)();
    return await inTime(work, patienceMs);
  } catch (cause) {
    throw problemAt(
      path,
      evaluation,
      `the ${makerName(exported)} that is to make the collector failed: ${messageOf(cause)}`,
      cause,
    );
  }
}

function makerName(exported: unknown): string {
  if (typeof exported !== "function") return "promise";
  // The compiler calls one without a name so.
  const isNameless = ["", "default", "_default"].includes(exported.name);
  return isNameless ? "function" : `function ${exported.name}()`;
}

function problemAt(
  path: string,
  { compiled }: Evaluation,
  problem: string,
  cause?: unknown,
): CollectorFileError {
  const position = errorPosition(cause, compiled) ?? { file: path };
  return new CollectorFileError(problem, position, { cause, files: [...compiled.keys()] });
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
