import { inspect } from "node:util";
import { type FamilyTable, tabulate } from "@linklight/exposition";
import type { CollectContext, CollectedFamily, Collection, Collector } from "../collector.ts";
import { checkPlainFamily } from "./check-family.ts";
import type { SeriesMemory } from "./series-memory.ts";

/** How one run of a collector ended. */
export interface CollectorOutcome {
  readonly collector: Collector;
  readonly seconds: number;
  /** The families it yielded, each copied; empty when it failed. */
  readonly families: readonly FamilyTable[];
  /** Families that were plain objects, and so may contain a series twice. */
  readonly unchecked: ReadonlySet<FamilyTable>;
  readonly error?: Error;
}

/** A collector that yields more families than this in one collection has run away. */
const MAX_FAMILIES = 100_000;

// After this long in one turn of the event loop, collecting lets others run.
const TURN_MS = 4;

/** A run of a collector: its outcome, at the deadline at the latest, and when `collect` really ended. */
export interface CollectorRun {
  readonly outcome: Promise<CollectorOutcome>;
  readonly ended: Promise<void>;
}

/**
 * Runs a collector once, until it is done or the context's signal aborts. Neither promise rejects.
 * `utf8Names` allows plain families names beyond the old character set; `memory` is that of the collector.
 */
export function runCollector(
  collector: Collector,
  context: CollectContext,
  { utf8Names, memory }: { readonly utf8Names: boolean; readonly memory: SeriesMemory },
): CollectorRun {
  const start = performance.now();
  const collection = memory.begin();
  const families: FamilyTable[] = [];
  const unchecked = new Set<FamilyTable>();
  const take = (family: CollectedFamily): void => {
    if (families.length === MAX_FAMILIES)
      throw new RangeError(`collect() yielded more than ${MAX_FAMILIES} families`);
    const { table: made, plain } = tableOf(family, utf8Names);
    const table = collection.recall(made);
    families.push(table);
    if (plain) unchecked.add(table);
  };
  const work = (async () => takeAll(collector.collect(context), take, context.signal))();
  // To the microsecond: what the clock says beyond is noise.
  const seconds = (): number => Math.round((performance.now() - start) * 1000) / 1_000_000;
  return {
    outcome: untilAborted(work, context.signal).then(
      () => {
        collection.end();
        return { collector, seconds: seconds(), families, unchecked };
      },
      (thrown: unknown) => {
        const error =
          thrown instanceof Error
            ? thrown
            : new Error(
                `collect() threw ${typeof thrown === "string" ? thrown : inspect(thrown, { depth: 0 })}`,
                { cause: thrown },
              );
        return { collector, seconds: seconds(), families: [], unchecked, error };
      },
    ),
    ended: work.then(
      () => undefined,
      () => undefined,
    ),
  };
}

/** Passes on what a collection yields, in any of the forms that `collect` may return. */
async function takeAll(
  collection: Collection,
  take: (family: CollectedFamily) => void,
  signal: AbortSignal,
): Promise<void> {
  const families = isPromiseLike(collection) ? await collection : collection;
  if (isIterable(families)) {
    let turn = performance.now();
    for (const family of families) {
      signal.throwIfAborted();
      take(family);
      if (performance.now() - turn > TURN_MS) {
        await new Promise((resolve) => setImmediate(resolve));
        turn = performance.now();
      }
    }
  } else if (isAsyncIterable(families)) {
    for await (const family of families) {
      signal.throwIfAborted();
      take(family);
    }
  } else {
    throw new TypeError(
      `collect() returned ${describe(families)}: expected metric families in a list or a generator`,
    );
  }
}

/** Settles as the work does, or rejects with the signal's reason as soon as that aborts. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

function tableOf(
  family: CollectedFamily,
  utf8Names: boolean,
): { table: FamilyTable; plain: boolean } {
  if (typeof family === "object" && family !== null) {
    if ("table" in family && typeof family.table === "function")
      return { table: family.table(), plain: false };
    if ("metrics" in family) {
      checkPlainFamily(family, utf8Names);
      return { table: tabulate(family), plain: true };
    }
  }
  throw new TypeError(`collect() yielded ${describe(family)}: expected a metric family`);
}

function isPromiseLike(value: Collection): value is PromiseLike<Iterable<CollectedFamily>> {
  return typeof (value as { then?: unknown } | undefined)?.then === "function";
}

function isIterable(value: object): value is Iterable<CollectedFamily> {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { [Symbol.iterator]?: unknown })[Symbol.iterator] === "function"
  );
}

function isAsyncIterable(value: object): value is AsyncIterable<CollectedFamily> {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { [Symbol.asyncIterator]?: unknown })[Symbol.asyncIterator] === "function"
  );
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === "object" ? "an object that is none" : `a ${typeof value}`;
}
