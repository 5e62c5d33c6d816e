import { closest } from "@linklight/toolkit";
import * as v from "valibot";
import type { Fabric, Port, Switch } from "../fabric/fabric.ts";
import { portAdvice } from "../fabric/port-advice.ts";
import { CATALOGUE, incidentType } from "./catalogue.ts";
import { defaultOf, type IncidentType, type Parameter } from "./incident.ts";
import { formatSeconds, parseSeconds } from "./moment.ts";
import { switchOf } from "./scene.ts";

/** Written for a duration without an end. */
const FOREVER = "forever";

/** An incident as people write it: in a scenario, or to ask for it. */
export interface IncidentRequest {
  readonly type: string;
  /** May be left out where the fabric has one switch. */
  readonly switch?: string | undefined;
  /** A name or a number; when left out, the first port that the incident suits. */
  readonly port?: string | number | undefined;
  /** Such as `5m`, or `forever`; when left out, the default of the type. */
  readonly duration?: string | undefined;
  readonly parameters?: Readonly<Record<string, string | number>> | undefined;
}

const fields = {
  type: v.string(),
  switch: v.optional(v.string()),
  port: v.optional(v.union([v.string(), v.number()], "expected the name of a port")),
  duration: v.optional(v.string("expected a duration such as 5m")),
  parameters: v.optional(
    v.record(v.string(), v.union([v.string(), v.number()], "expected a number or a duration")),
  ),
};

/** The form of {@link IncidentRequest}. */
export const incidentRequestSchema: v.GenericSchema<unknown, IncidentRequest> =
  v.strictObject(fields);

/** An incident of a scenario: when it begins, and how often it comes again. */
export interface ScheduledRequest extends IncidentRequest {
  /** Such as `2h` or `2026-02-01 12:30`; 0 is the origin. */
  readonly at: string | number;
  readonly every?: string | undefined;
  readonly times?: number | undefined;
}

/** The form of {@link ScheduledRequest}. */
export const scheduledRequestSchema: v.GenericSchema<unknown, ScheduledRequest> = v.strictObject({
  at: v.union([v.string(), v.number()], "expected a time such as 2h or 2026-02-01 12:30"),
  every: v.optional(v.string("expected a duration such as 1d")),
  times: v.optional(
    v.pipe(v.number(), v.integer("expected a whole number"), v.minValue(1, "expected 1 or more")),
  ),
  ...fields,
});

/** What a request comes to: target found, duration and parameters complete. */
export interface ResolvedIncident {
  readonly type: string;
  readonly switch: string;
  readonly port?: string;
  readonly duration?: number;
  readonly parameters: Readonly<Record<string, number>>;
}

/** Is told of a problem at a field of a request: the keys that lead to it. */
export type Complain = (field: readonly string[], message: string) => void;

/**
 * Finds what a request means in a fabric. Every problem is told to `complain`, at the field that it is about;
 * undefined when there was one.
 */
export function resolveIncident(
  fabric: Fabric,
  request: IncidentRequest,
  complain: Complain,
): ResolvedIncident | undefined {
  let isRight = true;
  const tell: Complain = (field, message) => {
    isRight = false;
    complain(field, message);
  };
  const type = incidentType(request.type);
  if (type === undefined) {
    const names = CATALOGUE.map(({ name }) => name);
    tell(["type"], `unknown incident ${unknown(request.type, names)}`);
  }
  const on = findSwitch(fabric, request.switch, tell);
  if (type === undefined) return undefined;
  const port = on && findTarget(type, on, request.port, tell);
  const duration = readDuration(type, request.duration, tell);
  const given = readParameters(type, on, request.parameters ?? {}, tell);
  if (!isRight || on === undefined) return undefined;
  const parameters = Object.fromEntries(
    type.parameters.map((each) => [
      each.name,
      given[each.name] ?? defaultOf(each, fabric, on, port),
    ]),
  );
  return {
    type: type.name,
    switch: on.name,
    ...(port !== undefined && { port: port.profile.name }),
    ...(duration !== undefined && { duration }),
    parameters,
  };
}

/** A word, quoted, and which of those known was meant. */
function unknown(word: string, known: readonly string[]): string {
  const near = closest(word, known);
  const listed = known.length <= 20 ? known : [...known.slice(0, 20), "…"];
  const shown = JSON.stringify(word.length <= 80 ? word : `${word.slice(0, 80)}…`);
  return `${shown}; ${near === undefined ? `known: ${listed.join(", ") || "none"}` : `did you mean ${near}?`}`;
}

function findSwitch(fabric: Fabric, name: string | undefined, tell: Complain): Switch | undefined {
  const names = fabric.switches.map((each) => each.name);
  if (name === undefined) {
    if (fabric.switches.length === 1) return fabric.switches[0];
    tell(["switch"], `field switch is missing; known: ${names.slice(0, 20).join(", ")}`);
    return undefined;
  }
  const found = switchOf(fabric, name);
  if (found === undefined) tell(["switch"], `unknown switch ${unknown(name, names)}`);
  return found;
}

/** The port that an incident happens to; a problem is told where it cannot happen at all. */
function findTarget(
  type: IncidentType,
  on: Switch,
  name: string | number | undefined,
  tell: Complain,
): Port | undefined {
  if (type.target === "switch") {
    if (name !== undefined)
      tell(["port"], `${type.name} happens to a whole switch; leave out the port`);
    const refusal = type.refuse?.(on, undefined);
    if (refusal !== undefined) tell(["switch"], `${type.name} cannot happen here: ${refusal}`);
    return undefined;
  }
  if (name === undefined) return firstPort(type, on, tell);
  const port = on.ports.find(
    ({ profile, index }) => profile.name === name || String(index + 1) === String(name),
  );
  if (port === undefined) {
    const shown = String(name).slice(0, 80);
    tell(
      ["port"],
      `unknown port ${JSON.stringify(shown)} on ${on.name}; ${portAdvice(shown, on.profile)}`,
    );
  } else if (port.link === undefined) {
    const linked = on.ports.filter(({ link }) => link !== undefined);
    const known = linked.slice(0, 20).map(({ profile }) => profile.name);
    tell(
      ["port"],
      `port ${port.profile.name} of ${on.name} has no link; ports with one: ${known.join(", ") || "none"}`,
    );
  } else {
    const refusal = type.refuse?.(on, port);
    if (refusal !== undefined) tell(["port"], `${type.name} cannot happen here: ${refusal}`);
  }
  return port;
}

/** The first port that suits, an uplink or an access port first as the type prefers. */
function firstPort(type: IncidentType, on: Switch, tell: Complain): Port | undefined {
  const linked = on.ports.filter(({ link }) => link !== undefined);
  const isPreferred = ({ profile }: Port): boolean =>
    profile.isUplink === (type.prefers === "uplink");
  const candidates = [
    ...linked.filter(isPreferred),
    ...linked.filter((port) => !isPreferred(port)),
  ];
  const port = candidates.find((each) => type.refuse?.(on, each) === undefined);
  if (port === undefined) {
    const [first] = candidates;
    const why = first === undefined ? "no port has a link" : type.refuse?.(on, first);
    tell(["switch"], `${type.name} cannot happen on ${on.name}: ${why}`);
  }
  return port;
}

function readDuration(
  type: IncidentType,
  text: string | undefined,
  tell: Complain,
): number | undefined {
  const { default: usual, minimum, maximum, isEndless } = type.duration;
  if (text === undefined) return usual;
  if (text === FOREVER) {
    if (!isEndless)
      tell(["duration"], `${type.name} needs an end, such as ${formatSeconds(usual)}`);
    return undefined;
  }
  const seconds = trySeconds(["duration"], text, tell);
  if (seconds !== undefined && !(seconds >= minimum && seconds <= maximum))
    tell(
      ["duration"],
      `expected a duration of ${formatSeconds(minimum)} to ${formatSeconds(maximum)}${isEndless ? ", or forever" : ""}, found ${text}`,
    );
  return seconds;
}

function trySeconds(field: readonly string[], text: string, tell: Complain): number | undefined {
  try {
    return parseSeconds(text);
  } catch {
    const what = field[0] === "parameters" ? ` for ${field.at(-1)}` : "";
    const found = JSON.stringify(text.slice(0, 80));
    tell(field, `expected a duration such as 30s, 5m or 1h30m${what}, found ${found}`);
    return undefined;
  }
}

function readParameters(
  type: IncidentType,
  on: Switch | undefined,
  given: Readonly<Record<string, string | number>>,
  tell: Complain,
): Record<string, number> {
  const names = type.parameters.map(({ name }) => name);
  const values = new Map<string, number>();
  for (const [name, raw] of Object.entries(given)) {
    const parameter = type.parameters.find((each) => each.name === name);
    const field = ["parameters", name];
    if (parameter === undefined) {
      tell(
        field,
        names.length === 0
          ? `${type.name} has no parameters, found ${JSON.stringify(name)}`
          : `unknown parameter ${unknown(name, names)}`,
      );
      continue;
    }
    const value = readNumber(parameter, raw, field, tell);
    if (value === undefined) continue;
    const most = Math.min(
      parameter.maximum,
      on === undefined ? Infinity : (parameter.limit?.(on) ?? Infinity),
    );
    const isCount = parameter.unit === "number";
    if (!(value >= parameter.minimum && value <= most) || (isCount && !Number.isInteger(value))) {
      const kind = isCount ? "a whole number from " : "";
      tell(
        field,
        `expected ${kind}${written(parameter, parameter.minimum)} to ${written(parameter, most)} for ${name}, found ${raw}`,
      );
    }
    values.set(name, value);
  }
  return Object.fromEntries(values);
}

function readNumber(
  { name, unit }: Parameter,
  raw: string | number,
  field: readonly string[],
  tell: Complain,
): number | undefined {
  if (typeof raw === "number") return raw;
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(raw)) return Number(raw);
  if (unit === "s") return trySeconds(field, raw, tell);
  tell(
    field,
    `expected a number${unit === "number" || unit === "ratio" ? "" : ` (${unit})`} for ${name}, found ${JSON.stringify(raw.slice(0, 80))}`,
  );
  return undefined;
}

/** A value of a parameter with its unit, as one would say it. */
function written({ unit }: Parameter, value: number): string {
  if (unit === "s") return formatSeconds(value);
  return unit === "number" || unit === "ratio" ? String(value) : `${value} ${unit}`;
}
