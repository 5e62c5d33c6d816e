import { endOf, type Fabric, type Incident, mayMove } from "@linklight/simulator";
import type { FiringSpan } from "./firing-spans.ts";
import type { Meaning, Place } from "./meanings.ts";

/** One label set of an alert, and when it fired; seconds since 1970. */
export interface FiredAlert extends FiringSpan {
  readonly labels: Readonly<Record<string, string>>;
}

/** How an alert did in one kind of incident that it is meant for. */
export interface Recall {
  readonly incident: string;
  /** How many such incidents it was due in, and in how many of them it fired at every place where it was due. */
  readonly due: number;
  readonly caught: number;
  /** Seconds from the beginning of the incident to the alert at the last of its places, for each one caught. */
  readonly delays: readonly number[];
  /** Those that were missed, in words. */
  readonly missed: readonly string[];
}

/** How an alert did in a week. */
export interface Score {
  readonly alert: string;
  /** How often it fired, and how often it was right to. */
  readonly fired: number;
  readonly right: number;
  /** Those that were wrong, in words. */
  readonly wrong: readonly string[];
  readonly recalls: readonly Recall[];
}

/**
 * How long after an incident its alerts may still begin: what a rule looks back on goes on, sessions and neighbours
 * come back, and what was counted wrong is set right at once.
 */
const AFTERMATH = 20 * 60;

/** The truth about a week: times of its incidents are seconds since the epoch of the fabric. */
export interface Truth {
  readonly fabric: Fabric;
  readonly incidents: readonly Incident[];
}

/** Compares what an alert said with what was so. */
export function score(
  alert: string,
  { family, meantFor, rightIn, isKnownAtEnd = false }: Meaning,
  fired: readonly FiredAlert[],
  { fabric, incidents }: Truth,
): Score {
  const excuses = incidents.filter(({ type }) => type in meantFor || rightIn.includes(type));
  const isRight = (each: FiredAlert): boolean =>
    excuses.some(
      (incident) =>
        isAbout(each, incident, fabric, AFTERMATH) &&
        (family === "up"
          ? each.labels["instance"] === incident.switch
          : mayMove(fabric, incident, {
              family,
              switch: each.labels["instance"] ?? "",
              port: each.labels["port"],
            })),
    );
  const wrong = fired.filter((each) => !isRight(each));
  return {
    alert,
    fired: fired.length,
    right: fired.length - wrong.length,
    wrong: wrong.map((each) => `${words(each, fabric)} ${near(each, { fabric, incidents })}`),
    recalls: Object.entries(meantFor).map(([type, placesOf]) =>
      recallOf(
        { type, isKnownAtEnd },
        incidents
          .filter((incident) => incident.type === type)
          .map((incident) => ({ incident, places: placesOf(fabric, incident) })),
        fired,
        fabric,
      ),
    ),
  };
}

function recallOf(
  { type, isKnownAtEnd }: { readonly type: string; readonly isKnownAtEnd: boolean },
  due: readonly { readonly incident: Incident; readonly places: readonly Place[] }[],
  fired: readonly FiredAlert[],
  fabric: Fabric,
): Recall {
  const delays: number[] = [];
  const missed: string[] = [];
  const expected = due.filter(({ places }) => places.length > 0);
  for (const { incident, places } of expected) {
    const delay = Math.max(...places.map((place) => delayAt(place, incident, fired, fabric)));
    if (delay < Infinity) delays.push(isKnownAtEnd ? delay - (incident.duration ?? 0) : delay);
    else missed.push(described(incident));
  }
  return { incident: type, due: expected.length, caught: delays.length, delays, missed };
}

/** Seconds from the beginning of an incident to the alert at a place; `Infinity` where it never came. */
function delayAt(
  { instance, port }: Place,
  incident: Incident,
  fired: readonly FiredAlert[],
  fabric: Fabric,
): number {
  const begun = fabric.epoch + incident.start;
  const delays = fired
    .filter(
      (each) =>
        each.labels["instance"] === instance &&
        (port === undefined || each.labels["port"] === port) &&
        isAbout(each, incident, fabric, 10 * 60),
    )
    .map(({ from }) => from - begun);
  return Math.min(...delays);
}

/** Whether an alert began while an incident went on, or within so many seconds after it. */
function isAbout(
  { from }: FiredAlert,
  incident: Incident,
  { epoch }: Fabric,
  after: number,
): boolean {
  return from >= epoch + incident.start && from <= epoch + endOf(incident) + after;
}

function words({ labels, from, to }: FiredAlert, fabric: Fabric): string {
  const where = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  return `{${where.join(",")}} at ${(from - fabric.epoch) / 3600} h for ${(to - from) / 60} min`;
}

function near(each: FiredAlert, { fabric, incidents }: Truth): string {
  const around = incidents.filter((incident) => isAbout(each, incident, fabric, 3600));
  return `(${around.map((incident) => described(incident)).join("; ") || "calm"})`;
}

function described({ type, switch: on, port = "", start, duration, parameters }: Incident): string {
  return `${type} ${on} ${port} at ${start / 3600} h for ${(duration ?? 0) / 60} min ${JSON.stringify(parameters)}`;
}
