import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { extname, sep } from "node:path";
import { createJiti, type Jiti, type JitiOptions, type TransformOptions } from "jiti";
import { inTime } from "./in-time.ts";
import { runningModules } from "./running-modules.ts";

/** What came of running a file. */
export interface Evaluation {
  /** What the file exports; undefined when it failed. */
  readonly exports?: unknown;
  /** What it threw. */
  readonly error?: { readonly thrown: unknown };
  /**
   * The local files that were read, the file itself first, each with the code that was run in its place,
   * source map included; empty where the file was run as it is.
   */
  readonly compiled: ReadonlyMap<string, string>;
}

const require = createRequire(import.meta.url);

// CommonJS and JSON files that Node itself has loaded for a collector file. Node keeps them, so they
// are taken out of its cache before the next evaluation.
const keptByNode = new Set<string>();

/**
 * Runs a TypeScript or JavaScript file and all it imports anew, on every Node, with types stripped and
 * not checked. Packages of linklight are the running ones. A file that awaits at its top has `patienceMs`
 * for it. Never rejects.
 */
export async function evaluateFile(path: string, patienceMs: number): Promise<Evaluation> {
  for (const file of keptByNode) delete require.cache[file];
  const before = new Set(Object.keys(require.cache));
  const compiled = new Map<string, string>([[path, ""]]);
  const noteKept = (): void => {
    for (const file of Object.keys(require.cache)) {
      if (before.has(file) || !isLocal(file)) continue;
      keptByNode.add(file);
      if (!compiled.has(file)) compiled.set(file, "");
    }
  };
  try {
    const { exports } = await inTime(runFile(path, await makeLoader(compiled)), patienceMs);
    noteKept();
    return { exports, compiled };
  } catch (thrown) {
    noteKept();
    return { error: { thrown }, compiled };
  }
}

async function makeLoader(compiled: Map<string, string>): Promise<Jiti> {
  const options: JitiOptions = {
    // A cache of compiled code in a folder that all users of the machine share is no place to run code from.
    fsCache: false,
    moduleCache: false,
    sourceMaps: true,
    virtualModules: { ...(await runningModules()) },
  };
  const compiler = createJiti(import.meta.url, options);
  // The settings for Babel are those of the loader below, which would say: no source map.
  const transform = ({ babel: _, ...input }: TransformOptions): { code: string } => {
    const code = compiler.transform(input);
    if (input.filename !== undefined && isLocal(input.filename)) compiled.set(input.filename, code);
    return { code };
  };
  // The compiler has put the source map in.
  return createJiti(import.meta.url, { ...options, sourceMaps: false, transform });
}

/**
 * Files are run as `require` does, because only that way the loader compiles every file that is not
 * CommonJS itself, and a changed one is seen. What `require` cannot do is wait: a file that awaits at its
 * top is run as `import` does.
 */
async function runFile(path: string, load: Jiti): Promise<{ readonly exports: unknown }> {
  try {
    // In an object, because a promise would look for `then` in it, which the loader's proxy of a module takes
    // from its default export.
    return { exports: load(path) as unknown };
  } catch (error) {
    const awaitsAtTop = error instanceof SyntaxError && error.message.startsWith("await is only");
    if (!awaitsAtTop) throw error;
    const evaluation = { filename: path, id: path, ext: extname(path), forceTranspile: true };
    const source = readFileSync(path, "utf8");
    return { exports: await load.evalModule(source, { ...evaluation, async: true }) };
  }
}

function isLocal(file: string): boolean {
  return !file.includes(`${sep}node_modules${sep}`);
}
