import { statSync } from "node:fs";
import type { Collector } from "@linklight/client";
import { adoptCollector } from "./adopt.ts";
import { CollectorFileError } from "./collector-file-error.ts";
import { type Evaluation, evaluateFile } from "./evaluate.ts";
import { explainEvaluation } from "./explain.ts";
import { nameFromFile } from "./extensions.ts";
import { errorPosition } from "./source-position.ts";

/** A collector file that was loaded. */
export interface LoadedFile {
  readonly collector: Collector;
  /** The absolute paths of it and of all local files that it imports, directly or not. */
  readonly files: readonly string[];
}

/** How long a function that makes a collector may take. */
const FACTORY_MS = 10_000;

const EXPECTED =
  'expected a collector, as in export default { name: "rooms", collect() { … } }, or a function that returns one';

/**
 * Loads the collector of a TypeScript or JavaScript file: its default export, or what the function that
 * is its default export returns. A collector without a name gets the file's. The file and all it imports
 * are run anew at each call. `path` is absolute. Rejects with CollectorFileError.
 */
export async function loadCollectorFile(path: string): Promise<LoadedFile> {
  checkFile(path);
  const evaluation = await evaluateFile(path);
  if (evaluation.error) throw explainEvaluation(path, evaluation.error.thrown, evaluation.compiled);
  const files = [...evaluation.compiled.keys()];
  const exported = await madeBy(defaultExport(path, evaluation, files), path, evaluation);
  const collector = adoptCollector(exported, nameFromFile(path), {
    expected: EXPECTED,
    complain: (problem, cause) => problemAt(path, evaluation, problem, cause),
    locate: (error) => errorPosition(error, evaluation.compiled),
  });
  return { collector, files };
}

function checkFile(path: string): void {
  let isFolder: boolean;
  try {
    isFolder = statSync(path).isDirectory();
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
  if (isFolder) {
    throw new CollectorFileError("is a folder; --collector takes the path of a file", {
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

/** The value itself, or what it returns when it is a function. */
async function madeBy(exported: unknown, path: string, evaluation: Evaluation): Promise<unknown> {
  if (typeof exported !== "function") return exported;
  if (/^class\b/.test(Function.prototype.toString.call(exported))) {
    throw problemAt(
      path,
      evaluation,
      `the default export is a class: export a collector made of it, export default new ${exported.name || "Rooms"}()`,
    );
  }
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`it was not done after ${FACTORY_MS / 1000} s`));
    }, FACTORY_MS);
  });
  try {
    return await Promise.race([(async () => (exported as () => unknown)())(), tooLate]);
  } catch (cause) {
    const name = exported.name === "" || exported.name === "default" ? "" : ` ${exported.name}()`;
    throw problemAt(
      path,
      evaluation,
      `the function${name} that is to make the collector failed: ${messageOf(cause)}`,
      cause,
    );
  } finally {
    clearTimeout(timer);
  }
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
