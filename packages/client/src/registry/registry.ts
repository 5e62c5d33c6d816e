import {
  type ExpositionFormat,
  ExpositionWriter,
  type FamilyTable,
  layout,
} from "@linklight/exposition";
import { isValidName, Labels, type LabelsLike, type Logger } from "@linklight/model";
import type { Collector } from "../collector.ts";
import type { TableSource } from "../family/series-table.ts";
import { Assembly } from "./assembly.ts";
import { Claims, namesOf } from "./claims.ts";
import { CollectorHealth } from "./collector-health.ts";
import { familiesFor, type Gathering } from "./gathering.ts";
import { isSource, type Member, mayHave, memberOf, ownerOf } from "./member.ts";
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

/** How many runs of one collector may go on past their deadlines before it is left alone until one ends. */
const MAX_LATE_RUNS = 4;

/** The longest delay that a timer of Node keeps; it takes a longer one for no delay at all. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A collection that is under way, for all who ask for the same until it is over. */
interface SharedCollection {
  readonly deadline: number;
  readonly result: Promise<Gathering>;
  /** Whether collectors were cut off at the deadline. */
  wasCut: boolean;
}

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
  readonly #members = new Map<string, Member>();
  readonly #claims = new Claims();
  readonly #lateRuns = new Map<Collector, number>();
  readonly #memories = new WeakMap<Collector, SeriesMemory>();
  readonly #inFlight = new Map<string, SharedCollection>();
  readonly #health: CollectorHealth;

  constructor(options: RegistryOptions = {}) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.commonLabels = Labels.from(options.commonLabels ?? {});
    for (const [name] of this.commonLabels) {
      if (!isValidName(name) || name.startsWith("__"))
        throw new TypeError(
          `invalid name of a common label: ${JSON.stringify(name)}: it must not be empty or begin with "__"`,
        );
    }
    this.#health = new CollectorHealth(options.logger);
  }

  /**
   * Adds collectors and instruments, all or none. Throws TypeError when a name is taken: two instruments of
   * one name, two collectors of one name, or families that cannot stand on one page.
   */
  register(...members: readonly (Collector | TableSource)[]): this {
    const added: (Collector | TableSource)[] = [];
    try {
      for (const subject of members) {
        this.#add(subject);
        added.push(subject);
      }
    } catch (error) {
      for (const subject of added) this.unregister(subject);
      throw error;
    }
    return this;
  }

  #add(subject: Collector | TableSource): void {
    const owner = ownerOf(subject);
    if (this.#members.has(owner))
      throw new TypeError(
        `${owner} is registered already: two with one name would overwrite each other; unregister the first, or rename one`,
      );
    const member = memberOf(subject);
    const own = new Claims();
    for (const info of member.infos) {
      const problem = this.#claims.conflict(info, owner) ?? own.conflict(info, owner);
      if (problem !== undefined) throw new TypeError(`cannot register ${owner}: ${problem}`);
      own.add(info, owner);
    }
    for (const info of member.infos) this.#claims.add(info, owner);
    this.#members.set(owner, member);
  }

  /** Takes a collector or an instrument out; false when it was not there. */
  unregister(member: Collector | TableSource): boolean {
    const owner = ownerOf(member);
    if (this.#members.get(owner)?.subject !== member) return false;
    this.#members.delete(owner);
    this.#claims.drop(owner);
    if (!isSource(member)) this.#health.forget(member);
    return true;
  }

  /** The names of the registered collectors, in order; instruments are not among them. */
  get collectorNames(): readonly string[] {
    return collectorsOf([...this.#members.values()]).map(({ name }) => name);
  }

  /**
   * Collects all families, or those named. Calls that overlap share one collection, unless the later
   * one has less time than the one that is running; where it has more, and collectors were cut off for
   * want of time, it collects again. Never rejects for a collector's sake.
   */
  gather(options: GatherOptions = {}): Promise<Gathering> {
    const deadline = options.deadline ?? this.#now() + DEFAULT_DEADLINE_MS;
    const key = options.names === undefined ? "" : JSON.stringify([...options.names].sort());
    const running = this.#inFlight.get(key);
    if (running !== undefined && running.deadline <= deadline)
      return this.#join(running, { ...options, deadline });
    const result = this.#collect(options.names, deadline, () => {
      shared.wasCut = true;
    }).finally(() => {
      if (this.#inFlight.get(key) === shared) this.#inFlight.delete(key);
    });
    const shared: SharedCollection = { deadline, result, wasCut: false };
    this.#inFlight.set(key, shared);
    return result;
  }

  async #join(
    running: SharedCollection,
    options: GatherOptions & { readonly deadline: number },
  ): Promise<Gathering> {
    const gathering = await running.result;
    const hasTime = running.deadline < options.deadline && this.#now() < options.deadline;
    return running.wasCut && hasTime ? this.gather(options) : gathering;
  }

  /** Collects all families and writes them in a text format, for tests and for serving by other means. */
  async text(format: Exclude<ExpositionFormat, "protobuf"> = "text-0.0.4"): Promise<string> {
    const families = familiesFor(await this.gather(), format, false);
    return Buffer.concat(blocksOf(new ExpositionWriter(families, layout(format)))).toString("utf8");
  }

  async #collect(
    names: readonly string[] | undefined,
    deadline: number,
    onCut: () => void,
  ): Promise<Gathering> {
    const start = performance.now();
    const wanted = names && new Set(names);
    const members = [...this.#members.values()].filter((member) => mayHave(member, wanted));
    const collectors = collectorsOf(members);
    const outcomes = new Map(
      (await this.#run(collectors, deadline, onCut)).map((outcome) => [outcome.collector, outcome]),
    );

    const assembly = new Assembly(this.#claims);
    const instruments = new Set<string>();
    // Instruments first, wherever they stand: a collector that repeats one's series is the one at fault.
    members.forEach(({ subject, owner }, place) => {
      if (!isSource(subject)) return;
      assembly.add(owner, [subject.table()], { place });
      instruments.add(subject.info.name);
    });
    members.forEach(({ subject, owner }, place) => {
      const outcome = isSource(subject) ? undefined : outcomes.get(subject);
      if (outcome === undefined) return;
      const judged = addOutcome(assembly, owner, outcome, place);
      // Nobody asks any more how one is that was unregistered while it ran.
      if (this.#members.get(owner)?.subject === subject)
        this.#health.note(outcome.collector, judged);
    });
    if (collectors.length > 0) {
      assembly.add("linklight", this.#health.tables());
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
  async #run(
    collectors: readonly Collector[],
    deadline: number,
    onCut: () => void,
  ): Promise<CollectorOutcome[]> {
    if (collectors.length === 0) return [];
    const abort = new AbortController();
    const left = Math.min(Math.max(0, deadline - this.#now()), LONGEST_TIMER_MS);
    const timer = setTimeout(() => {
      onCut();
      abort.abort(
        new Error(
          `collect() was not done after ${Math.round(left)} ms, when the scrape had to be answered`,
        ),
      );
    }, left);
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
    const late = this.#lateRuns.get(collector) ?? 0;
    if (late >= MAX_LATE_RUNS) {
      const error = new Error(
        `not asked: ${late} earlier calls of collect() have not ended; stop waiting when context.signal aborts`,
      );
      return { collector, seconds: 0, families: [], unchecked: new Set(), error };
    }
    const { utf8Names = false } = this.#options;
    const memory = this.#memories.get(collector) ?? new SeriesMemory();
    this.#memories.set(collector, memory);
    const { outcome, ended } = runCollector(collector, context, { utf8Names, memory });
    let hasEnded = false;
    void ended.then(() => {
      hasEnded = true;
    });
    const result = await outcome;
    if (!hasEnded) this.#countLate(collector, ended);
    return result;
  }

  /** Counts a run that was given up, until it ends. */
  #countLate(collector: Collector, ended: Promise<void>): void {
    this.#lateRuns.set(collector, (this.#lateRuns.get(collector) ?? 0) + 1);
    void ended.then(() => {
      const rest = (this.#lateRuns.get(collector) ?? 1) - 1;
      if (rest > 0) this.#lateRuns.set(collector, rest);
      else this.#lateRuns.delete(collector);
    });
  }
}

function addOutcome(
  assembly: Assembly,
  owner: string,
  outcome: CollectorOutcome,
  place: number,
): CollectorOutcome {
  if (outcome.error) return outcome;
  const { families, unchecked } = outcome;
  const problem = assembly.add(owner, families, { unchecked, place });
  return problem === undefined ? outcome : { ...outcome, error: new Error(problem) };
}

function withLabels(family: FamilyTable, commonLabels: Labels): FamilyTable {
  return { ...family, parts: family.parts.map((part) => ({ ...part, commonLabels })) };
}

function collectorsOf(members: readonly Member[]): Collector[] {
  return members
    .map(({ subject }) => subject)
    .filter((subject): subject is Collector => !isSource(subject));
}

function blocksOf(writer: ExpositionWriter): Uint8Array[] {
  const blocks: Uint8Array[] = [];
  for (let block = writer.next(); block !== undefined; block = writer.next()) blocks.push(block);
  return blocks;
}
