import type {
  CollectedFamily,
  Collection,
  Collector,
  MetricFamilyInfo,
  TableSource,
} from "@linklight/client";
import { type CollectorFileError, showPosition } from "./collector-file-error.ts";
import type { SourcePosition } from "./source-position.ts";

/** What {@link adoptCollector} needs of the file that a collector comes from. */
export interface Origin {
  /** What the file should have had, for messages. */
  readonly expected: string;
  /** Makes the error for a problem, with the place that its cause came from. */
  readonly complain: (problem: string, cause?: unknown) => CollectorFileError;
  /** Where in the file an error came from. */
  readonly locate: (error: unknown) => SourcePosition | undefined;
}

/**
 * Makes a collector of what a file gave, or throws what is wrong with it. The collector has a name, and
 * what its `collect` throws says the place in the file.
 */
export function adoptCollector(value: unknown, fallbackName: string, origin: Origin): Collector {
  const given = checkShape(value, origin);
  const { name = fallbackName } = given;
  if (given.describe !== undefined) checkDescription(given.describe.bind(given), origin);
  return {
    name,
    ...(given.describe && { describe: () => given.describe?.() ?? [] }),
    collect: (context) => locateErrors(() => given.collect(context), origin),
    // What it has besides, for whoever closes it.
    ...closers(given),
  };
}

type GivenCollector = Omit<Collector, "name"> & { readonly name?: string };

function checkShape(value: unknown, { expected, complain }: Origin): GivenCollector {
  if (typeof value !== "object" || value === null) {
    throw complain(`the default export is ${show(value)}; ${expected}`);
  }
  const { name, describe, collect } = value as Readonly<Record<string, unknown>>;
  if (typeof collect !== "function") {
    const what = Array.isArray(value) ? "a list" : "an object without collect()";
    throw complain(`the default export is ${what}; ${expected}`);
  }
  if (name !== undefined && (typeof name !== "string" || name === "")) {
    throw complain(
      `the name of the collector is ${show(name)}; expected a text, or no name at all`,
    );
  }
  if (describe !== undefined && typeof describe !== "function") {
    throw complain(
      `describe is ${show(describe)}; expected a function that returns the metric families, or none`,
    );
  }
  return value as GivenCollector;
}

const DESCRIPTION = "expected a list of the metric families that collect() gives";

/** Asks the collector for its families once, so that what is wrong with them is said with the place. */
function checkDescription(describe: () => unknown, { complain }: Origin): void {
  let families: unknown;
  let infos: unknown[];
  try {
    families = describe();
    if (families === null || typeof families !== "object" || !(Symbol.iterator in families)) {
      const what = families instanceof Promise ? "a promise" : show(families);
      throw complain(`describe() returned ${what}; ${DESCRIPTION}, at once`);
    }
    infos = [...(families as Iterable<unknown>)];
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "LINKLIGHT_COLLECTOR_FILE")
      throw error;
    throw complain(`describe() failed: ${messageOf(error)}`, error);
  }
  for (const family of infos) {
    if (!isFamily(family)) throw complain(`describe() gave ${show(family)}; ${DESCRIPTION}`);
  }
}

function isFamily(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const info = "info" in value ? (value as TableSource).info : (value as MetricFamilyInfo);
  return typeof info?.name === "string" && typeof info.type === "string";
}

/** Runs a collection; what it throws, at once or later, is thrown with the place added. */
function locateErrors(collect: () => Collection, { locate }: Origin): Collection {
  const located = (error: unknown): unknown => {
    const position = locate(error);
    if (position === undefined || !(error instanceof Error)) return error;
    const clearer = new Error(`${error.message} (${showPosition(position)})`, { cause: error });
    if (error.stack !== undefined) clearer.stack = error.stack;
    return clearer;
  };
  let collection: Collection;
  try {
    collection = collect();
  } catch (error) {
    throw located(error);
  }
  if (typeof collection !== "object" || collection === null || Array.isArray(collection))
    return collection;
  if ("then" in collection) {
    return collection.then(undefined, (error: unknown) => {
      throw located(error);
    });
  }
  if (Symbol.asyncIterator in collection) return eachLater(collection, located);
  if (Symbol.iterator in collection) return each(collection, located);
  return collection;
}

function* each(
  families: Iterable<CollectedFamily>,
  located: (error: unknown) => unknown,
): Generator<CollectedFamily> {
  try {
    yield* families;
  } catch (error) {
    throw located(error);
  }
}

async function* eachLater(
  families: AsyncIterable<CollectedFamily>,
  located: (error: unknown) => unknown,
): AsyncGenerator<CollectedFamily> {
  try {
    yield* families;
  } catch (error) {
    throw located(error);
  }
}

const CLOSERS = ["close", Symbol.asyncDispose, Symbol.dispose] as const;

function closers(given: object): object {
  const found: Record<string | symbol, () => unknown> = {};
  for (const key of CLOSERS) {
    const close = (given as Readonly<Record<string | symbol, unknown>>)[key];
    if (typeof close === "function") found[key] = () => (close as () => unknown).call(given);
  }
  return found;
}

function show(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `${typeof value} ${JSON.stringify(value)}`;
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
