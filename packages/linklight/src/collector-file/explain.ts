import { readFileSync } from "node:fs";
import { CollectorFileError } from "./collector-file-error.ts";
import { errorPosition, type SourcePosition } from "./source-position.ts";

// What the loader makes of a file that does not compile: the problem, then the place on a line of its own,
// with columns from 0.
const COMPILE_ERROR = /^\w+: ([\s\S]*?)\s*\n (.+):(\d+):(\d+)$/;
const MISSING_MODULE = /^Cannot find (?:module|package) '([^']+)'/;

/** Says in plain words why a collector file could not be run, and where. */
export function explainEvaluation(
  path: string,
  thrown: unknown,
  compiled: ReadonlyMap<string, string>,
): CollectorFileError {
  const options = { cause: thrown, files: [...compiled.keys()] };
  const message = thrown instanceof Error ? thrown.message : String(thrown);

  const [, problem, file, line, column] = COMPILE_ERROR.exec(message) ?? [];
  if (problem !== undefined && file !== undefined) {
    const position = { file, line: Number(line), column: Number(column) + 1 };
    return new CollectorFileError(`does not compile: ${problem}`, position, options);
  }

  const missing = MISSING_MODULE.exec(message)?.[1];
  if (missing !== undefined) {
    return new CollectorFileError(
      `cannot find ${quote(missing)}: ${advice(missing)}`,
      findImport(missing, compiled.keys()) ?? { file: path },
      options,
    );
  }

  const position = errorPosition(thrown, compiled) ?? { file: path };
  const what = thrown instanceof SyntaxError ? "does not compile" : "failed while it was loaded";
  return new CollectorFileError(`${what}: ${message}`, position, options);
}

function advice(specifier: string): string {
  if (/^[./\\]/.test(specifier))
    return "check the path, which starts from the file that imports it";
  if (specifier.startsWith("@linklight/"))
    return "of linklight, a collector file can import @linklight/client, @linklight/exposition and @linklight/model";
  return "install the package beside the file, or take the import out";
}

/** Where a module is imported: the first place where its name stands in quotes. */
function findImport(specifier: string, files: Iterable<string>): SourcePosition | undefined {
  for (const file of files) {
    const lines = readFileSync(file, "utf8").split(/\r?\n/);
    for (const [i, line] of lines.entries()) {
      for (const mark of ['"', "'", "`"]) {
        const column = line.indexOf(mark + specifier + mark);
        if (column >= 0) return { file, line: i + 1, column: column + 1 };
      }
    }
  }
  return undefined;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
