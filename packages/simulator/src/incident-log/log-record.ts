import * as v from "valibot";
import type { Fabric } from "../fabric/fabric.ts";
import { movementsOf } from "../incident/catalogue.ts";
import type { Incident, IncidentOrigin, Movement } from "../incident/incident.ts";
import { resolveIncident } from "../incident/incident-request.ts";
import { formatMoment, formatSeconds, readMoment } from "../incident/moment.ts";

/** An incident as JSON: what a request is answered with, and what a line of the log says. Times are in UTC. */
export interface IncidentRecord {
  readonly id: string;
  readonly type: string;
  readonly switch: string;
  readonly port?: string;
  readonly origin: IncidentOrigin;
  readonly start: string;
  /** Absent while nobody knows. */
  readonly end?: string;
  /** As asked for: `10m`, or `forever`. */
  readonly duration: string;
  readonly parameters: Readonly<Record<string, number>>;
}

/** When something is in effect, in seconds since the epoch. */
interface Extent {
  readonly from: number;
  readonly to: number;
}

/** Writes an incident as a record; its extent is that of its effects. */
export function incidentRecord(
  fabric: Fabric,
  incident: Incident,
  { from, to }: Extent,
): IncidentRecord {
  return {
    id: incident.id,
    type: incident.type,
    switch: incident.switch,
    ...(incident.port !== undefined && { port: incident.port }),
    origin: incident.origin,
    start: formatMoment(fabric, from),
    ...(to < Infinity && { end: formatMoment(fabric, to) }),
    duration: incident.duration === undefined ? "forever" : formatSeconds(incident.duration),
    parameters: incident.parameters,
  };
}

/** A line of the log: the truth about an incident, with the families it may move and where. */
export interface TruthRecord extends IncidentRecord {
  /** `start` was asked for; `begin` came by itself, and is not read again. */
  readonly event: "start" | "begin";
  readonly moves: readonly Movement[];
}

/** Writes an incident as a line of a log. */
export function truthRecord(fabric: Fabric, incident: Incident, extent: Extent): TruthRecord {
  return {
    event: incident.origin === "request" ? "start" : "begin",
    ...incidentRecord(fabric, incident, extent),
    moves: movementsOf(fabric, incident),
  };
}

/** A line of the log: somebody stopped an incident. */
export interface StopRecord {
  readonly event: "stop";
  readonly id: string;
  readonly time: string;
}

/** A line of the log: from when the relative times of a scenario count. */
export interface ScenarioRecord {
  readonly event: "scenario";
  /** Tells scenarios apart: another text has another hash. */
  readonly hash: string;
  readonly origin: string;
}

/** What a line of the log says, as far as it is read again. */
export type LogEvent =
  | { readonly event: "start"; readonly incident: Incident }
  | { readonly event: "begin"; readonly id: string }
  | { readonly event: "stop"; readonly id: string; readonly time: number }
  | { readonly event: "scenario"; readonly hash: string; readonly origin: number };

const id = v.pipe(v.string(), v.regex(/^[\w.-]{1,100}$/));

const lineSchema = v.variant("event", [
  v.looseObject({
    event: v.literal("start"),
    id,
    start: v.string(),
    type: v.string(),
    switch: v.string(),
    port: v.optional(v.string()),
    duration: v.string(),
    parameters: v.record(v.string(), v.number()),
  }),
  v.looseObject({ event: v.literal("begin"), id }),
  v.looseObject({ event: v.literal("stop"), id, time: v.string() }),
  v.looseObject({ event: v.literal("scenario"), hash: v.string(), origin: v.string() }),
]);

/** Reads a line of the log. Throws RangeError that says why it is of no use. */
export function readLogLine(fabric: Fabric, line: string): LogEvent {
  const parsed = v.safeParse(lineSchema, parseJson(line));
  if (!parsed.success) throw new RangeError("it is not a line of an incident log");
  const record = parsed.output;
  switch (record.event) {
    case "begin":
      return { event: "begin", id: record.id };
    case "stop":
      return { event: "stop", id: record.id, time: moment(fabric, record.time) };
    case "scenario":
      return { event: "scenario", hash: record.hash, origin: moment(fabric, record.origin) };
    case "start": {
      const problems: string[] = [];
      const { type, switch: on, port, duration, parameters } = record;
      const resolved = resolveIncident(
        fabric,
        { type, switch: on, port, duration, parameters },
        (_field, message) => problems.push(message),
      );
      if (resolved === undefined) throw new RangeError(problems.join("; "));
      const start = moment(fabric, record.start);
      return { event: "start", incident: { id: record.id, ...resolved, start, origin: "request" } };
    }
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new RangeError("it is cut off or damaged");
  }
}

function moment(fabric: Fabric, text: string): number {
  const seconds = readMoment(fabric, text);
  if (seconds === undefined || seconds < 0)
    throw new RangeError(`it has no time of this simulation: ${JSON.stringify(text.slice(0, 40))}`);
  return seconds;
}
