import {
  type ExpositionFormat,
  ExpositionWriter,
  type FamilyTable,
  layout,
} from "@linklight/exposition";
import { Labels, type LabelsLike, type Logger, type MetricFamilyInfo } from "@linklight/model";
import type { Collector } from "../collector.ts";
import type { TableSource } from "../family/series-table.ts";
import { Assembly } from "./assembly.ts";
import { Claims, namesOf } from "./claims.ts";
import { CollectorHealth } from "./collector-health.ts";
import { familiesFor, type Gathering } from "./gathering.ts";
import { type CollectorOutcome, runCollector } from "./run-collector.ts";
import { SeriesMemory } from "./series-memory.ts";

/** What a registry is made with. */
export interface RegistryOptions {
  /** Labels on every series, below the series' own. */
  readonly commonLabels?: LabelsLike;
  /** Told of each collection (debug) and of collectors that fail or recover. */
  readonly logger?: Logger;
  /** Allows plain families names beyond `[a-zA-Z0-9_:]`. Families made by this package say so themselves. */
  readonly utf8Names?: boolean;
  /** The clock, in milliseconds since 1970. */
  readonly now?: () => number;
}

/** What to collect, and until when. */
export interface GatherOptions {
  /** Only families with one of these names, or with a series of one of these names. All by default. */
  readonly names?: readonly string[];
  /** When the answer must be complete, in milliseconds since 1970; 10 s from now by default. */
  readonly deadline?: number;
}

/** Prometheus' own default for `scrape_timeout`. */
const DEFAULT_DEADLINE_MS = 10_000;

/** How many runs of one collector may be pending past their deadlines before it is left alone until one ends. */
const MAX_PENDING_RUNS = 4;

/**
 * A set of collectors and instruments that are shown on one page.
 *
 * Order is stable: instruments and collectors as they were registered, their families as they come.
 * Families of the same name become one block. A registry never fails as a whole: see {@link Collector}.
 */
export class Registry {
  readonly commonLabels: Labels;
  readonly #options: RegistryOptions;
  readonly #now: () => number;
  readonly #members = new Map<string, Collector | TableSource>();
  readonly #claims = new Claims();
  readonly #pending = new Map<Collector, number>();
  readonly #memories = new WeakMap<Collector, SeriesMemory>();
  readonly #inFlight = new Map<
    string,
    { readonly deadline: number; readonly result: Promise<Gathering> }
  >();
  readonly #health: CollectorHealth;

  constructor(options: RegistryOptions = {}) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.commonLabels = Labels.from(options.commonLabels ?? {});
    this.#health = new CollectorHealth(options.logger);
  }

  /**
   * Adds collectors and instruments. Throws TypeError when a name is taken: two instruments of one name,
   * two collectors of one name, or families that cannot stand on one page.
   */
  register(...members: readonly (Collector | TableSource)[]): this {
    for (const member of members) {
      const owner = ownerOf(member);
      if (this.#members.has(owner))
        throw new TypeError(
          `${owner} is registered already: two with one name would overwrite each other; unregister the first, or rename one`,
        );
      const infos = infosOf(member);
      for (const info of infos) {
        const problem = this.#claims.conflict(info, owner);
        if (problem !== undefined) throw new TypeError(`cannot register ${owner}: ${problem}`);
      }
      for (const info of infos) this.#claims.add(info, owner);
      this.#members.set(owner, member);
    }
    return this;
  }

  /** Takes a collector or an instrument out; false when it was not there. */
  unregister(member: Collector | TableSource): boolean {
    const owner = ownerOf(member);
    if (this.#members.get(owner) !== member) return false;
    this.#members.delete(owner);
    this.#claims.drop(owner);
    if (!isSource(member)) this.#health.forget(member);
    return true;
  }

  /** The names of the registered collectors, in order; instruments are not among them. */
  get collectorNames(): readonly string[] {
    return [...this.#members.values()]
      .filter((member) => !isSource(member))
      .map((member) => (member as Collector).name);
  }

  /**
   * Collects all families, or those named. Calls that overlap share one collection, unless the later
   * one has less time than the one that is running. Never rejects for a collector's sake.
   */
  gather(options: GatherOptions = {}): Promise<Gathering> {
    const deadline = options.deadline ?? this.#now() + DEFAULT_DEADLINE_MS;
    const key = options.names === undefined ? "" : JSON.stringify([...options.names].sort());
    const running = this.#inFlight.get(key);
    if (running !== undefined && running.deadline <= deadline) return running.result;
    const result = this.#collect(options.names, deadline).finally(() => {
      if (this.#inFlight.get(key)?.result === result) this.#inFlight.delete(key);
    });
    this.#inFlight.set(key, { deadline, result });
    return result;
  }

  /** Collects all families and writes them in a text format, for tests and for serving by other means. */
  async text(format: Exclude<ExpositionFormat, "protobuf"> = "text-0.0.4"): Promise<string> {
    const families = familiesFor(await this.gather(), format, false);
    return Buffer.concat(blocksOf(new ExpositionWriter(families, layout(format)))).toString("utf8");
  }

  async #collect(names: readonly string[] | undefined, deadline: number): Promise<Gathering> {
    const start = performance.now();
    const wanted = names && new Set(names);
    const members = [...this.#members].filter(([, member]) => mayHave(member, wanted));
    const collectors = members
      .map(([, member]) => member)
      .filter((member): member is Collector => !isSource(member));
    const outcomes = new Map(
      (await this.#run(collectors, deadline)).map((outcome) => [outcome.collector, outcome]),
    );

    const assembly = new Assembly(this.#claims);
    const instruments = new Set<string>();
    for (const [owner, member] of members) {
      if (isSource(member)) {
        assembly.add(owner, [member.table()], new Set());
        instruments.add(member.info.name);
      } else {
        this.#health.note(
          member,
          addOutcome(assembly, owner, outcomes.get(member) as CollectorOutcome),
        );
      }
    }
    if (collectors.length > 0) {
      assembly.add("linklight", this.#health.tables(), new Set());
      const milliseconds = (performance.now() - start).toFixed(1);
      this.#options.logger?.debug(
        `collected ${collectors.map(({ name }) => name).join(", ")} in ${milliseconds} ms`,
      );
    }
    const common = this.commonLabels;
    const families = assembly
      .tables()
      .filter((table) => wanted === undefined || namesOf(table).some((name) => wanted.has(name)));
    return {
      families: common.size === 0 ? families : families.map((family) => withLabels(family, common)),
      instruments,
    };
  }

  /** Runs the collectors side by side, each until it is done or the deadline has come. */
  async #run(collectors: readonly Collector[], deadline: number): Promise<CollectorOutcome[]> {
    if (collectors.length === 0) return [];
    const abort = new AbortController();
    const left = Math.max(0, deadline - this.#now());
    const timer = setTimeout(
      () =>
        abort.abort(
          new Error(
            `collect() was not done after ${Math.round(left)} ms, when the scrape had to be answered`,
          ),
        ),
      left,
    );
    try {
      return await Promise.all(
        collectors.map((collector) => this.#runOne(collector, { signal: abort.signal, deadline })),
      );
    } finally {
      clearTimeout(timer);
      abort.abort(new Error("the collection is over"));
    }
  }

  async #runOne(
    collector: Collector,
    context: { signal: AbortSignal; deadline: number },
  ): Promise<CollectorOutcome> {
    const pending = this.#pending.get(collector) ?? 0;
    if (pending >= MAX_PENDING_RUNS) {
      const error = new Error(
        `not asked: ${pending} earlier calls of collect() have not ended; stop waiting when context.signal aborts`,
      );
      return { collector, seconds: 0, families: [], unchecked: new Set(), error };
    }
    this.#pending.set(collector, pending + 1);
    const { utf8Names = false } = this.#options;
    const memory = this.#memories.get(collector) ?? new SeriesMemory();
    this.#memories.set(collector, memory);
    const { outcome, ended } = runCollector(collector, context, { utf8Names, memory });
    void ended.then(() => {
      const rest = (this.#pending.get(collector) ?? 1) - 1;
      if (rest > 0) this.#pending.set(collector, rest);
      else this.#pending.delete(collector);
    });
    return outcome;
  }
}

function addOutcome(
  assembly: Assembly,
  owner: string,
  outcome: CollectorOutcome,
): CollectorOutcome {
  if (outcome.error) return outcome;
  const problem = assembly.add(owner, outcome.families, outcome.unchecked);
  return problem === undefined ? outcome : { ...outcome, error: new Error(problem) };
}

function withLabels(family: FamilyTable, commonLabels: Labels): FamilyTable {
  return { ...family, parts: family.parts.map((part) => ({ ...part, commonLabels })) };
}

function isSource(member: Collector | TableSource): member is TableSource {
  return "table" in member && typeof member.table === "function";
}

function ownerOf(member: Collector | TableSource): string {
  if (isSource(member)) return `metric ${member.info.name}`;
  if (
    typeof member !== "object" ||
    typeof member.collect !== "function" ||
    typeof member.name !== "string" ||
    member.name === ""
  ) {
    throw new TypeError(
      "cannot register: expected an instrument, or a collector: an object with a name and collect()",
    );
  }
  return `collector ${member.name}`;
}

function infosOf(member: Collector | TableSource): MetricFamilyInfo[] {
  if (isSource(member)) return [member.info];
  return [...(member.describe?.() ?? [])].map((family) =>
    "info" in family ? family.info : family,
  );
}

/** Whether a member can have a family of these names: a collector that describes none can have any. */
function mayHave(
  member: Collector | TableSource,
  wanted: ReadonlySet<string> | undefined,
): boolean {
  if (wanted === undefined) return true;
  const infos = infosOf(member);
  return infos.length === 0 || infos.some((info) => namesOf(info).some((name) => wanted.has(name)));
}

function blocksOf(writer: ExpositionWriter): Uint8Array[] {
  const blocks: Uint8Array[] = [];
  for (let block = writer.next(); block !== undefined; block = writer.next()) blocks.push(block);
  return blocks;
}
