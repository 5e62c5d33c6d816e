import type { Fabric, Link, Port, Switch } from "../fabric/fabric.ts";
import type { Incident } from "../incident/incident.ts";
import { unit } from "../seed/mix.ts";
import { repairTime } from "./draw.ts";
import type { FailureRate, FailureRates } from "./failure-rates.ts";

const HOUR = 3600;
const DAY = 86_400;

/** What can fail in a fabric. */
export interface Entities {
  readonly links: readonly Link[];
  readonly switches: readonly Switch[];
  /** Ports with a transceiver and a link. */
  readonly optics: readonly Port[];
  readonly fans: readonly (readonly [Switch, number])[];
  /** Of switches with two or more. */
  readonly psus: readonly (readonly [Switch, number])[];
}

/** What an incident of life says of itself; the rest is the same for all. */
export type Failure = Pick<
  Incident,
  "type" | "switch" | "port" | "start" | "duration" | "parameters"
>;

/** A way in which things fail: how often, how many there are, and what a failure of one of them is. */
export interface FailureKind {
  readonly name: string;
  readonly rate: (rates: FailureRates) => FailureRate;
  readonly count: (entities: Entities) => number;
  /** The failure of the n-th on a day that starts at a moment; all that is random comes from the state. */
  failureOf(
    entities: Entities,
    n: number,
    dayStart: number,
    rate: FailureRate,
    state: number,
  ): Failure;
}

/** Everything that fails by itself. Their order is part of what a seed means. */
export const FAILURE_KINDS: readonly FailureKind[] = [
  {
    name: "flap-train",
    rate: ({ flapTrain }) => flapTrain,
    count: ({ links }) => links.length,
    failureOf({ links }, n, dayStart, { repairSeconds }, state) {
      // 3 to 15 times down and up within minutes: an own estimate.
      const duration = Math.min(DAY, Math.max(60, repairTime(repairSeconds, state, 1)));
      const period = Math.min(HOUR, Math.max(10, duration / (3 + 12 * unit(state, 2))));
      return {
        ...onLink(links[n] as Link),
        type: "flap-train",
        start: anyTime(dayStart, state),
        duration,
        parameters: { period, down: Math.max(1, period * (0.1 + 0.3 * unit(state, 3))) },
      };
    },
  },
  {
    name: "link-down",
    rate: ({ linkDown }) => linkDown,
    count: ({ links }) => links.length,
    failureOf: ({ links }, n, dayStart, { repairSeconds }, state) => ({
      ...onLink(links[n] as Link),
      type: "link-down",
      start: anyTime(dayStart, state),
      duration: repairTime(repairSeconds, state, 1),
      parameters: {},
    }),
  },
  {
    name: "crash",
    rate: ({ crash }) => crash,
    count: ({ switches }) => switches.length,
    failureOf: (entities, n, dayStart, rate, state) =>
      reboot(entities, n, anyTime(dayStart, state), rate, state),
  },
  {
    name: "maintenance",
    rate: ({ maintenance }) => maintenance,
    count: ({ switches }) => switches.length,
    // Between 2 and 5 at night, UTC.
    failureOf: (entities, n, dayStart, rate, state) =>
      reboot(entities, n, dayStart + (2 + 3 * unit(state, 0)) * HOUR, rate, state),
  },
  {
    name: "fan-failure",
    rate: ({ fanFailure }) => fanFailure,
    count: ({ fans }) => fans.length,
    failureOf({ fans }, n, dayStart, { repairSeconds }, state) {
      const [node, fan] = fans[n] as readonly [Switch, number];
      return {
        type: "fan-failure",
        switch: node.name,
        start: anyTime(dayStart, state),
        duration: repairTime(repairSeconds, state, 1),
        parameters: { fan },
      };
    },
  },
  {
    name: "psu-loss",
    rate: ({ psuLoss }) => psuLoss,
    count: ({ psus }) => psus.length,
    failureOf({ psus }, n, dayStart, { repairSeconds }, state) {
      const [node, psu] = psus[n] as readonly [Switch, number];
      return {
        type: "psu-loss",
        switch: node.name,
        start: anyTime(dayStart, state),
        duration: repairTime(repairSeconds, state, 1),
        parameters: { psu },
      };
    },
  },
  {
    name: "dirty-optic",
    rate: ({ dirtyOptic }) => dirtyOptic,
    count: ({ optics }) => optics.length,
    failureOf: ({ optics }, n, dayStart, { repairSeconds }, state) => ({
      ...onPort(optics[n] as Port),
      type: "dirty-optic",
      start: anyTime(dayStart, state),
      duration: repairTime(repairSeconds, state, 1),
      parameters: { loss: 2 + 6 * unit(state, 2) },
    }),
  },
  {
    name: "ageing-laser",
    rate: ({ ageingLaser }) => ageingLaser,
    count: ({ optics }) => optics.length,
    failureOf: ({ optics }, n, dayStart, { repairSeconds }, state) => ({
      ...onPort(optics[n] as Port),
      type: "ageing-laser",
      start: anyTime(dayStart, state),
      duration: repairTime(repairSeconds, state, 1),
      parameters: { fade: 0.2 + 0.5 * unit(state, 2) },
    }),
  },
];

/** What can fail in a fabric, in its order. */
export function entitiesOf({ links, switches }: Fabric): Entities {
  return {
    links,
    switches,
    optics: switches.flatMap(({ ports }) =>
      ports.filter(({ link, profile }) => link !== undefined && profile.lanes > 0),
    ),
    fans: switches.flatMap((node) => numbered(node, node.profile.fans)),
    psus: switches.flatMap((node) =>
      node.profile.psus < 2 ? [] : numbered(node, node.profile.psus),
    ),
  };
}

function numbered(node: Switch, count: number): (readonly [Switch, number])[] {
  return Array.from({ length: count }, (_, i) => [node, i + 1] as const);
}

function reboot(
  { switches }: Entities,
  n: number,
  start: number,
  { repairSeconds }: FailureRate,
  state: number,
): Failure {
  return {
    type: "reboot",
    switch: (switches[n] as Switch).name,
    start,
    duration: Math.max(60, Math.min(repairTime(repairSeconds, state, 1), DAY)),
    parameters: {},
  };
}

function onLink({ port }: Link): Pick<Failure, "switch" | "port"> {
  return onPort(port);
}

function onPort({ switch: node, profile }: Port): Pick<Failure, "switch" | "port"> {
  return { switch: node.name, port: profile.name };
}

/** To the millisecond, so that a log of incidents says it as it is. */
function anyTime(dayStart: number, state: number): number {
  return dayStart + Math.floor(unit(state, 0) * DAY * 1000) / 1000;
}
