import { YamlError, type YamlPath, type YamlProblem, YamlSource } from "@linklight/toolkit";
import * as v from "valibot";
import type { Fabric } from "../fabric/fabric.ts";
import type { Incident, IncidentSource } from "./incident.ts";
import {
  resolveIncident,
  type ScheduledRequest,
  scheduledRequestSchema,
} from "./incident-request.ts";
import { formatMoment, formatSeconds, parseMoment, parseSeconds } from "./moment.ts";

/** Incidents that come again do so no more often than this, so that a year has a bounded number. */
const SHORTEST_EVERY_SECONDS = 60;

/** A scenario that was read: incidents with their times. */
export interface Scenario extends IncidentSource {
  /** Whether a time counts from the origin, such as `2h`: then the scenario depends on it. */
  readonly isRelative: boolean;
  /** The incidents of all its lines, in their order; of one that comes again, the first. */
  readonly planned: readonly Incident[];
}

/** What {@link readScenario} needs to know. */
export interface ScenarioOptions {
  /** Its name in messages. */
  readonly file: string;
  readonly fabric: Fabric;
  /** From when relative times count, in seconds since the epoch: the start of a run or of an endpoint. */
  readonly origin: number;
}

const listSchema = v.array(scheduledRequestSchema);
const mappingSchema = v.strictObject({ incidents: v.optional(listSchema, []) });

/** One line of a scenario: an incident, and when it comes again. */
interface Scheduled {
  readonly first: Incident;
  readonly every: number;
  readonly times: number;
}

/**
 * Reads a scenario in YAML: a list of incidents, at the top or under `incidents:`. Throws YamlError with the
 * line and column of every problem.
 *
 * ```yaml
 * incidents:
 *   - {at: 2h, type: link-down, switch: leaf1, port: Ethernet1/49, duration: 10m}
 *   - {at: 2026-02-01 08:00, type: incast, switch: leaf1, every: 1d, parameters: {senders: 24}}
 * ```
 */
export function readScenario(text: string, { file, fabric, origin }: ScenarioOptions): Scenario {
  const source = YamlSource.parse(text, { file });
  const problems: YamlProblem[] = [];
  const { base, requests } = readRequests(source, problems);
  let isRelative = false;
  const scheduled = requests.flatMap((request, i): Scheduled[] => {
    if (request === undefined) return [];
    const before = problems.length;
    const tell = (field: readonly string[], message: string): void => {
      problems.push(source.problem([...base, i, ...field], message));
    };
    const resolved = resolveIncident(fabric, request, tell);
    const at = String(request.at);
    isRelative ||= !/^\d{4}-/.test(at);
    const start = readStart(at, fabric, origin, tell);
    const { every, times } = readRepetition(request, resolved?.duration, tell);
    if (resolved === undefined || start === undefined || problems.length > before) return [];
    const first: Incident = { id: `scenario-${i + 1}`, ...resolved, start, origin: "scenario" };
    return [{ first, every, times }];
  });
  if (problems.length > 0) throw new YamlError(file, problems.sort(byPlace));
  const schedule = new Schedule(scheduled);
  return {
    isRelative,
    planned: scheduled.map(({ first }) => first),
    incidentsUntil: (seconds) => schedule.incidentsUntil(seconds),
  };
}

/**
 * The requests of a scenario and the path to their list; undefined stands for one of another form, whose problems
 * are told, so that those of the others can be told too.
 */
function readRequests(
  source: YamlSource,
  problems: YamlProblem[],
): { readonly base: YamlPath; readonly requests: readonly (ScheduledRequest | undefined)[] } {
  const raw: unknown = source.decode(v.unknown());
  const isList = Array.isArray(raw);
  const base: YamlPath = isList ? [] : ["incidents"];
  try {
    const requests = isList ? source.decode(listSchema) : source.decode(mappingSchema).incidents;
    return { base, requests };
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    problems.push(...error.problems);
    const list: unknown = isList
      ? raw
      : (raw as { readonly incidents?: unknown } | null)?.incidents;
    const entries: readonly unknown[] = Array.isArray(list) ? list : [];
    const requests = entries.map((entry) => {
      const { success, output } = v.safeParse(scheduledRequestSchema, entry);
      return success ? output : undefined;
    });
    return { base, requests };
  }
}

function byPlace(a: YamlProblem, b: YamlProblem): number {
  return a.line - b.line || a.column - b.column;
}

type Tell = (field: readonly string[], message: string) => void;

function readStart(at: string, fabric: Fabric, origin: number, tell: Tell): number | undefined {
  try {
    const absolute = parseMoment(at, fabric.epoch + origin);
    if (absolute < fabric.epoch)
      throw new RangeError(`${at} is before the simulation begins, ${formatMoment(fabric, 0)}`);
    return Math.round((absolute - fabric.epoch) * 1000) / 1000;
  } catch (error) {
    const { message } = error as RangeError;
    tell(
      ["at"],
      /^not a valid/.test(message)
        ? `expected a time such as 2h or 2026-02-01 12:30, found ${JSON.stringify(at)}`
        : message,
    );
    return undefined;
  }
}

function readRepetition(
  request: ScheduledRequest,
  duration: number | undefined,
  tell: Tell,
): { readonly every: number; readonly times: number } {
  const once = { every: Infinity, times: 1 };
  if (request.every === undefined) {
    if (request.times !== undefined) tell(["times"], "times needs every, such as every: 1d");
    return once;
  }
  try {
    const every = parseSeconds(request.every);
    if (request.duration === "forever")
      throw new RangeError("an incident that goes on forever cannot come again");
    const least = Math.max(SHORTEST_EVERY_SECONDS, duration ?? 0);
    if (every < least)
      throw new RangeError(
        `expected ${formatSeconds(least)} or more, so that one ends before the next begins, found ${request.every}`,
      );
    return { every, times: request.times ?? Infinity };
  } catch (error) {
    tell(["every"], (error as RangeError).message);
    return once;
  }
}

/** The incidents of a scenario, made as far as they were asked for. */
class Schedule implements IncidentSource {
  readonly #scheduled: readonly Scheduled[];
  /** By line: how many of its repetitions are made. */
  readonly #counts: number[];
  readonly #made: Incident[] = [];

  constructor(scheduled: readonly Scheduled[]) {
    this.#scheduled = scheduled;
    this.#counts = scheduled.map(() => 0);
  }

  incidentsUntil(seconds: number): readonly Incident[] {
    const fresh = this.#scheduled.flatMap((each, line) => this.#make(each, line, seconds));
    this.#made.push(...fresh.sort((a, b) => a.start - b.start));
    const after = this.#made.findIndex(({ start }) => start > seconds);
    return after === -1 ? [...this.#made] : this.#made.slice(0, after);
  }

  #make({ first, every, times }: Scheduled, line: number, until: number): Incident[] {
    const made: Incident[] = [];
    let count = this.#counts[line] ?? 0;
    for (; count < times; count++) {
      const start = count === 0 ? first.start : first.start + count * every;
      if (start > until) break;
      made.push(count === 0 ? first : { ...first, id: `${first.id}.${count + 1}`, start });
    }
    this.#counts[line] = count;
    return made;
  }
}
