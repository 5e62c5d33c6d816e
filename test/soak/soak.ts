import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { setImmediate } from "node:timers/promises";
import { Db, type DbOptions } from "@linklight/tsdb";
import { ChurningFleet, type FleetOptions, type Life } from "./churning-fleet.ts";
import { type Deletion, equals, type ReadBack, readBack } from "./read-back.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Compaction runs beside the appending: this far may the clock go on meanwhile. */
const MOST_BESIDE_COMPACTION_MS = HOUR_MS / 2;

export interface SoakOptions extends Omit<FleetOptions, "startMs"> {
  readonly days: number;
  readonly db: DbOptions;
  /** Told after each simulated day. */
  readonly onDay?: (day: SoakDay) => void;
}

/** What was measured in one simulated day. */
export interface SoakDay {
  readonly day: number;
  readonly samples: number;
  readonly headSeries: number;
  readonly blocks: number;
  /** Of all files. */
  readonly diskBytes: number;
  /** After a collection of garbage where that can be asked for. */
  readonly heapBytes: number;
  readonly rssBytes: number;
  /** The longest that the database kept the event loop beside its appending, in ms: how long a scrape had to wait. */
  readonly stallMs: number;
  /**
   * What 99 of 100 turns stayed below, in ms on a processor: what others do on this machine does not count. All threads
   * do, and so a collection of garbage, which is what the longest ones are.
   */
  readonly turnCpuMs: number;
}

export interface SoakReport {
  readonly days: readonly SoakDay[];
  readonly samplesAppended: number;
  readonly deletions: number;
  readonly reopened: number;
  /** Everything that was there at the end. */
  readonly kept: ReadBack;
  /** The first sample that the retention has kept, and the last. */
  readonly keptFromMs: number;
  readonly lastMs: number;
  readonly problems: readonly string[];
}

/**
 * Appends the samples of a churning fleet to a database in an empty directory, by a clock of its own: scrape after scrape,
 * with compaction and retention beside it, queries of the last day, deletions, and now and then a start from the log.
 * In the end everything is read and compared.
 */
export async function soak(directory: string, options: SoakOptions): Promise<SoakReport> {
  return await new Soak(directory, options).run();
}

class Soak {
  readonly #directory: string;
  readonly #options: SoakOptions;
  readonly #fleet: ChurningFleet;
  readonly #deletions: Deletion[] = [];
  readonly #problems: string[] = [];
  readonly #days: SoakDay[] = [];
  readonly #refs: number[];
  readonly #lives: (Life | undefined)[] = [];
  #appended = 0;
  #reopened = 0;
  #stallMs = 0;
  readonly #turnsCpuMs: number[] = [];

  constructor(directory: string, options: SoakOptions) {
    this.#directory = directory;
    this.#options = options;
    // The start of a block's range, so that days are days.
    this.#fleet = new ChurningFleet({ ...options, startMs: 20_000 * DAY_MS });
    this.#refs = new Array<number>(options.pods * options.seriesPerPod).fill(-1);
  }

  async run(): Promise<SoakReport> {
    const { days, intervalMs } = this.#options;
    const perDay = Math.floor(DAY_MS / intervalMs);
    let db = await this.#open();
    for (let day = 1; day <= days; day++) {
      await this.#liveThrough(db, (day - 1) * perDay, day * perDay - 1);
      this.#note(db, day);
      if (day % 5 === 3) db = await this.#reopen(db);
    }
    const lastStep = days * perDay - 1;
    const kept = await this.#readAll(db, lastStep);
    const keptFromMs = this.#firstKept(db);
    await db.close();
    return {
      days: this.#days,
      samplesAppended: this.#appended,
      deletions: this.#deletions.length,
      reopened: this.#reopened,
      kept,
      keptFromMs,
      lastMs: this.#fleet.timeOf(lastStep),
      problems: [...this.#problems, ...kept.problems],
    };
  }

  #open(): Promise<Db> {
    this.#refs.fill(-1);
    return Db.open(this.#directory, { ...this.#options.db, autoCompaction: false });
  }

  async #reopen(db: Db): Promise<Db> {
    await db.close();
    this.#reopened++;
    const next = await this.#during(this.#open());
    const { damage, unknownRefs } = next.replayReport;
    if (damage.length > 0 || unknownRefs > 0)
      this.#problems.push(`a start found ${damage.length} damages and ${unknownRefs} unknown refs`);
    return next;
  }

  async #liveThrough(db: Db, from: number, to: number): Promise<void> {
    const stepsBeside = MOST_BESIDE_COMPACTION_MS / this.#options.intervalMs;
    const perHour = HOUR_MS / this.#options.intervalMs;
    let compaction: Promise<void> | undefined;
    for (let step = from; step <= to; step++) {
      this.#append(db, step);
      await this.#turn();
      if (compaction === undefined && step % stepsBeside === 0) {
        const job = db.compact().finally(() => {
          if (compaction === job) compaction = undefined;
        });
        compaction = job;
      } else if (step % stepsBeside === stepsBeside - 1 && compaction !== undefined)
        await this.#during(compaction);
      if (step % (3 * perHour) === perHour) await this.#query(db, step);
      if (step % (5 * perHour) === 2 * perHour) await this.#delete(db, step);
    }
    await compaction;
    await this.#during(db.compact());
    if (this.#days.length % 7 === 6) await this.#during(db.cleanTombstones());
  }

  /** Gives the others their turn, and notes how long that took. */
  async #turn(): Promise<void> {
    const cpu = process.cpuUsage();
    const start = performance.now();
    await setImmediate();
    this.#stallMs = Math.max(this.#stallMs, performance.now() - start);
    const { user, system } = process.cpuUsage(cpu);
    this.#turnsCpuMs.push((user + system) / 1000);
  }

  /** Waits for a job, turn by turn. */
  async #during<T>(job: Promise<T>): Promise<T> {
    let isPending = true;
    const ended = job.finally(() => {
      isPending = false;
    });
    while (isPending) await this.#turn();
    return await ended;
  }

  #append(db: Db, step: number): void {
    const { pods, seriesPerPod } = this.#options;
    const fleet = this.#fleet;
    const time = fleet.timeOf(step);
    const appender = db.appender();
    for (let pod = 0; pod < pods; pod++) {
      const before = this.#lives[pod];
      const life = before !== undefined && step <= before.lastStep ? before : fleet.life(pod, step);
      const isKnown = life === before;
      this.#lives[pod] = life;
      if (life === undefined) continue;
      for (let series = 0; series < seriesPerPod; series++) {
        const i = pod * seriesPerPod + series;
        const value = fleet.value(life, series, step);
        const ref = this.#refs[i] as number;
        if (!isKnown || ref < 0 || !appender.appendRef(ref, time, value))
          this.#refs[i] = appender.append(fleet.labels(life, series), time, value);
      }
    }
    this.#appended += appender.commit();
  }

  /** Looks at one pod's last day. */
  async #query(db: Db, step: number): Promise<void> {
    const pod = (step * 31) % this.#options.pods;
    const day = DAY_MS / this.#options.intervalMs;
    const from = Math.max(step - day, this.#fleet.stepAt(this.#firstKept(db)), 0);
    const { problems } = await readBack(db, this.#fleet, this.#deletions, from, step, pod);
    this.#problems.push(...problems);
  }

  /** Deletes an hour and a half of a pod: of the head, or of a block, or of both. */
  async #delete(db: Db, step: number): Promise<void> {
    const pod = (step * 17) % this.#options.pods;
    const age = (this.#deletions.length % 3) * 90 * 60_000;
    const maxTime = this.#fleet.timeOf(step) - age;
    const deletion = { pod, minTime: maxTime - 1.5 * HOUR_MS, maxTime };
    await db.deleteSeries([equals("port", String(pod))], deletion);
    this.#deletions.push(deletion);
  }

  #firstKept(db: Db): number {
    return db.blocks[0]?.minTime ?? this.#fleet.timeOf(0);
  }

  async #readAll(db: Db, lastStep: number): Promise<ReadBack> {
    const all: ReadBack = { series: 0, samples: 0, problems: [] };
    const stepsAtOnce = (6 * HOUR_MS) / this.#options.intervalMs;
    const first = Math.max(0, this.#fleet.stepAt(this.#firstKept(db)));
    for (let from = first; from <= lastStep; from += stepsAtOnce) {
      const to = Math.min(lastStep, from + stepsAtOnce - 1);
      const part = await readBack(db, this.#fleet, this.#deletions, from, to);
      all.series += part.series;
      all.samples += part.samples;
      all.problems.push(...part.problems);
      await setImmediate();
    }
    // What the retention has removed is gone altogether.
    const before = { matchers: [], minTime: 0, maxTime: this.#fleet.timeOf(first) - 1 };
    if (first > 0 && (await db.select(before)).series.length > 0)
      all.problems.push(`there are series before ${this.#fleet.timeOf(first)}`);
    return all;
  }

  #note(db: Db, day: number): void {
    (globalThis as { gc?: () => void }).gc?.();
    const { heapUsed, external, rss } = process.memoryUsage();
    const { headSeries, blocks } = db.stats();
    const turns = this.#turnsCpuMs.splice(0).sort((a, b) => a - b);
    const noted: SoakDay = {
      day,
      samples: this.#appended,
      headSeries,
      blocks,
      diskBytes: bytesOf(this.#directory),
      heapBytes: heapUsed + external,
      rssBytes: rss,
      stallMs: this.#stallMs,
      turnCpuMs: turns[Math.floor(turns.length * 0.99)] ?? 0,
    };
    this.#days.push(noted);
    this.#options.onDay?.(noted);
    this.#stallMs = 0;
  }
}

function bytesOf(directory: string): number {
  let bytes = 0;
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true }))
    if (entry.isFile())
      bytes += statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0;
  return bytes;
}
