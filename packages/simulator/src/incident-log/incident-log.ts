import type { Logger } from "@linklight/model";
import type { Fabric } from "../fabric/fabric.ts";
import { extentOf, incidentEffects } from "../incident/catalogue.ts";
import type { Effect, EffectSource } from "../incident/effect.ts";
import type { Incident, IncidentSource } from "../incident/incident.ts";
import {
  type Complain,
  type IncidentRequest,
  resolveIncident,
} from "../incident/incident-request.ts";
import { formatMoment } from "../incident/moment.ts";
import { readScenario, type Scenario } from "../incident/scenario.ts";
import { mixText } from "../seed/mix.ts";
import { type IncidentTruth, type TruthSource, TruthTable } from "./incident-truth.ts";
import { IncidentLogError, LogFile } from "./log-file.ts";
import {
  type IncidentRecord,
  incidentRecord,
  type LogEvent,
  readLogLine,
  type ScenarioRecord,
  type StopRecord,
  truthRecord,
} from "./log-record.ts";

/** Incidents and their effects are looked at with every scrape: more than these by hand are refused. */
const MOST_BY_HAND = 5000;
const MOST_EFFECTS_BY_HAND = 100_000;

/** How far ahead sources are asked, so that they are asked seldom; and what a list shows of the future. */
const AHEAD_SECONDS = 86_400;

/** A list shows no more that are over than this, the newest. */
const MOST_ENDED_LISTED = 1000;

/** What {@link IncidentLog.open} needs to know. */
export interface IncidentLogOptions {
  readonly fabric: Fabric;
  /** The clock of the simulation: seconds since the epoch. */
  readonly now: () => number;
  /** The path of the log; without one, what is started by hand is forgotten at the end. */
  readonly file?: string | undefined;
  /** Whether the log is only read, as for a history: nothing is written, and it must be there. */
  readonly isReadOnly?: boolean;
  readonly scenario?: { readonly file: string; readonly text: string } | undefined;
  /** Incidents that arise by themselves. */
  readonly life?: IncidentSource | undefined;
  readonly logger: Logger;
}

/** Whether an incident is still to come, goes on, or is over. */
export type IncidentState = "scheduled" | "active" | "ended";

/** An incident, and how it stands. */
export interface ListedIncident extends IncidentRecord {
  readonly state: IncidentState;
}

/** An incident with its effects, and from when to when they last. */
interface Known {
  readonly incident: Incident;
  readonly effects: readonly Effect[];
  readonly from: number;
  readonly to: number;
}

/**
 * Everything that goes wrong in a running simulation: the incidents of a scenario, of life, and those that are
 * started and stopped by hand. The latter are kept in a file of JSON lines and read again at the start, so that
 * the same log gives the same simulation; the file also tells the truth about all others as they begin.
 *
 * What happens by hand changes only what comes after: no reading that was taken changes.
 */
export class IncidentLog implements EffectSource, TruthSource {
  readonly #fabric: Fabric;
  readonly #now: () => number;
  readonly #logger: Logger;
  readonly #file: LogFile | undefined;
  readonly #sources: readonly IncidentSource[];
  /** By source: how many of its incidents are known. */
  readonly #taken: number[];
  readonly #known = new Map<string, Known>();
  readonly #stops = new Map<string, number>();
  /** Ids of the incidents that the file tells of, or that were over before it was opened. */
  readonly #told = new Set<string>();
  #byHand = 0;
  #effectsByHand = 0;
  #horizon = -1;
  #asked = -1;
  #version = 0;
  /** Of all known incidents, by their start; never changed in place, since readers keep it. */
  #effects: readonly Effect[] = [];
  #last: readonly Effect[] = [];
  /** What a scenario plans, the first of what comes again. */
  readonly #planned: readonly Incident[];
  /** Made when it is asked for. */
  #truth: TruthTable | undefined;

  private constructor(
    options: IncidentLogOptions,
    file: LogFile | undefined,
    scenario: Scenario | undefined,
  ) {
    this.#fabric = options.fabric;
    this.#now = options.now;
    this.#logger = options.logger;
    this.#file = file;
    this.#planned = scenario?.planned ?? [];
    this.#sources = [scenario, options.life].filter((source) => source !== undefined);
    this.#taken = this.#sources.map(() => 0);
  }

  /**
   * Reads the scenario and the log. Throws YamlError for the scenario, IncidentLogError for a log that cannot be
   * used at all; a line that is cut off or makes no sense is named in the log of the program and left out.
   */
  static open(options: IncidentLogOptions): IncidentLog {
    const { fabric, now, scenario, logger } = options;
    const opened = openFile(options);
    try {
      const events = (opened?.lines ?? []).flatMap((line, i) => {
        if (line.trim() === "") return [];
        try {
          return [readLogLine(fabric, line)];
        } catch (error) {
          if (!(error instanceof RangeError)) throw error;
          logger.warn(
            `${options.file}:${i + 1}: left out this line of the incident log: ${error.message}`,
          );
          return [];
        }
      });
      const planned = scenario && openScenario(fabric, now(), scenario, opened?.file, events);
      const log = new IncidentLog(options, opened?.file, planned);
      for (const event of events) log.#replay(event);
      return log;
    } catch (error) {
      opened?.file?.close();
      throw error;
    }
  }

  /** Changes when effects that were given out change, because an incident was stopped by hand. */
  get version(): number {
    return this.#version;
  }

  until(seconds: number): readonly Effect[] {
    this.#reach(seconds);
    this.#asked = Math.max(this.#asked, seconds);
    const count = countUntil(this.#effects, seconds);
    if (count !== this.#last.length) this.#last = this.#effects.slice(0, count);
    return this.#last;
  }

  truthUntil(seconds: number, on?: string): readonly IncidentTruth[] {
    this.#reach(seconds);
    this.#truth ??= new TruthTable(this.#known.values(), this.#planned);
    return this.#truth.until(seconds, on);
  }

  /** What goes on, what comes within a day, and the last that are over, by their start. */
  list(): readonly ListedIncident[] {
    const now = this.#now();
    this.#reach(now + AHEAD_SECONDS);
    const near = [...this.#known.values()]
      .filter(({ from }) => from <= now + AHEAD_SECONDS)
      .sort((a, b) => a.from - b.from);
    const ended = near.filter(({ to }) => to <= now);
    const dropped = new Set(ended.slice(0, Math.max(0, ended.length - MOST_ENDED_LISTED)));
    return near.filter((known) => !dropped.has(known)).map((known) => this.#listed(known, now));
  }

  /**
   * Starts an incident now: at the next millisecond, or with the next slot of the queue model where it concerns
   * traffic. Undefined when problems were told to `complain`. Throws IncidentLogError when the log takes no more.
   */
  start(request: IncidentRequest, complain: Complain): ListedIncident | undefined {
    const resolved = resolveIncident(this.#fabric, request, complain);
    if (resolved === undefined) return undefined;
    const now = this.#now();
    const wanted: Incident = {
      id: this.#freeId(resolved.type),
      ...resolved,
      start: nextMillisecond(now),
      origin: "request",
    };
    // It starts when its effects do: the log is to tell the truth, and to be read again as the same.
    const incident = { ...wanted, start: this.#know(wanted).from };
    const known = this.#know(incident);
    if (
      this.#byHand >= MOST_BY_HAND ||
      this.#effectsByHand + known.effects.length > MOST_EFFECTS_BY_HAND
    )
      throw new IncidentLogError(
        `too many incidents were started by hand (${this.#byHand}); start again with another incident log`,
      );
    this.#file?.append(truthRecord(this.#fabric, incident, known), { sync: true });
    this.#add(known);
    return this.#listed(known, now);
  }

  /**
   * Stops an incident now, whoever made it; one that is over stays as it was. Undefined when there is none of
   * that id. Throws IncidentLogError when the log takes no more.
   */
  stop(id: string): ListedIncident | undefined {
    const now = this.#now();
    this.#reach(now + AHEAD_SECONDS);
    const known = this.#known.get(id);
    if (known === undefined) return undefined;
    if (known.to <= now) return this.#listed(known, now);
    const time = nextMillisecond(now);
    const record: StopRecord = { event: "stop", id, time: formatMoment(this.#fabric, time) };
    this.#file?.append(record, { sync: true });
    return this.#listed(this.#stop(known, time), now);
  }

  /** Writes what has begun by itself until a moment into the file, so that it tells the truth about everything. */
  tell(seconds: number): void {
    const file = this.#file;
    if (file === undefined) return;
    this.#reach(seconds);
    for (const known of this.#known.values()) {
      const { id, origin } = known.incident;
      if (origin === "request" || known.from > seconds || this.#told.has(id)) continue;
      this.#told.add(id);
      if (known.to <= seconds - AHEAD_SECONDS || !file.hasRoom) continue;
      try {
        file.append(truthRecord(this.#fabric, known.incident, known), { sync: false });
      } catch (error) {
        this.#logger.error("an incident began, and is not in the incident log", { err: error, id });
      }
    }
  }

  close(): void {
    this.#file?.close();
  }

  #replay(event: LogEvent): void {
    switch (event.event) {
      case "start":
        if (!this.#known.has(event.incident.id) && this.#byHand < MOST_BY_HAND)
          this.#add(this.#know(event.incident));
        return;
      case "stop": {
        const known = this.#known.get(event.id);
        // One of a scenario or of life may be known only later.
        if (known === undefined) this.#stops.set(event.id, event.time);
        else this.#stop(known, event.time);
        return;
      }
      case "begin":
        this.#told.add(event.id);
        return;
      case "scenario":
    }
  }

  /** Makes known what sources have until a moment, and somewhat more. */
  #reach(seconds: number): void {
    if (seconds <= this.#horizon) return;
    this.#horizon = seconds + AHEAD_SECONDS;
    let isFresh = false;
    for (const [i, source] of this.#sources.entries()) {
      const incidents = source.incidentsUntil(this.#horizon);
      for (const incident of incidents.slice(this.#taken[i])) {
        const stopped = this.#stops.get(incident.id);
        const known = this.#know(stopped === undefined ? incident : { ...incident, stopped });
        this.#known.set(incident.id, known);
        isFresh = true;
      }
      this.#taken[i] = incidents.length;
    }
    if (isFresh) this.#order();
  }

  #know(incident: Incident): Known {
    const effects = incidentEffects(this.#fabric, incident);
    return { incident, effects, ...extentOf(incident, effects) };
  }

  #add(known: Known): void {
    this.#known.set(known.incident.id, known);
    this.#byHand += 1;
    this.#effectsByHand += known.effects.length;
    // Effects that begin later than anybody has looked only make the list longer.
    if (known.from <= this.#asked) this.#version += 1;
    this.#order();
  }

  #stop(known: Known, time: number): Known {
    const { id, stopped } = known.incident;
    if (stopped !== undefined && stopped <= time) return known;
    const cut = this.#know({ ...known.incident, stopped: time });
    this.#stops.set(id, time);
    this.#known.set(id, cut);
    if (known.from <= this.#asked) this.#version += 1;
    this.#order();
    return cut;
  }

  /** Puts all effects in their order, which does not depend on when they became known. */
  #order(): void {
    const all: { readonly effect: Effect; readonly id: string }[] = [];
    for (const { incident, effects } of this.#known.values())
      for (const effect of effects) all.push({ effect, id: incident.id });
    all.sort((a, b) => a.effect.from - b.effect.from || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
    this.#effects = all.map(({ effect }) => effect);
    this.#last = [];
    this.#truth = undefined;
  }

  #freeId(type: string): string {
    let number = this.#byHand + 1;
    while (this.#known.has(`${type}-${number}`)) number += 1;
    return `${type}-${number}`;
  }

  #listed(known: Known, now: number): ListedIncident {
    const state = now >= known.to ? "ended" : now < known.from ? "scheduled" : "active";
    return { ...incidentRecord(this.#fabric, known.incident, known), state };
  }
}

function openFile({
  file,
  isReadOnly,
}: IncidentLogOptions): { readonly file?: LogFile; readonly lines: readonly string[] } | undefined {
  if (file === undefined) return undefined;
  return isReadOnly === true ? { lines: LogFile.read(file) } : LogFile.open(file);
}

/** Reads a scenario whose relative times count from now, or from the first start that the log tells of. */
function openScenario(
  fabric: Fabric,
  now: number,
  { file, text }: { readonly file: string; readonly text: string },
  log: LogFile | undefined,
  events: readonly LogEvent[],
): Scenario {
  const hash = mixText(mixText(0, text), text).toString(16).padStart(8, "0");
  const earlier = events.find((event) => event.event === "scenario" && event.hash === hash);
  const origin = earlier?.event === "scenario" ? earlier.origin : Math.floor(now * 1000) / 1000;
  const scenario = readScenario(text, { file, fabric, origin });
  if (scenario.isRelative && earlier === undefined) {
    const record: ScenarioRecord = {
      event: "scenario",
      hash,
      origin: formatMoment(fabric, origin),
    };
    log?.append(record, { sync: true });
  }
  return scenario;
}

function nextMillisecond(seconds: number): number {
  return (Math.floor(seconds * 1000) + 1) / 1000;
}

/** How many effects, which are in the order of their start, have begun at a moment. */
function countUntil(effects: readonly Effect[], seconds: number): number {
  let low = 0;
  let high = effects.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((effects[middle] as Effect).from <= seconds) low = middle + 1;
    else high = middle;
  }
  return low;
}
