import type { Port, Switch } from "../fabric/fabric.ts";
import { unit } from "../seed/mix.ts";
import type { Effect, Span } from "./effect.ts";
import {
  COUNTERS,
  LASER,
  LINK_STATE,
  NEIGHBOURS,
  QUEUES,
  RECEIVED_LIGHT,
  ROUTING,
  STATIONS,
  TRAFFIC,
} from "./families.ts";
import type { IncidentType, Movement, Scene } from "./incident.ts";
import { linkOf } from "./scene.ts";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** What moves when a link goes: its traffic is missing everywhere, or takes another way. */
export const LINK_LOST: readonly Movement[] = [
  { families: [...LINK_STATE, ...NEIGHBOURS, ...RECEIVED_LIGHT, ...LASER], reach: "link" },
  { families: [...ROUTING, ...STATIONS], reach: "neighbours" },
  { families: TRAFFIC, reach: "fabric" },
];

/** No light in either direction. */
export const linkDown: IncidentType = {
  name: "link-down",
  summary: "The link at a port goes down: a cable is pulled, or cut.",
  signs: "the port and its peer are down and count nothing; other uplinks carry more",
  target: "link",
  prefers: "uplink",
  duration: { default: 10 * MINUTE, minimum: 1, maximum: 365 * DAY, isEndless: true },
  parameters: [],
  moves: LINK_LOST,
  effectsOf: ({ port, span }) => [{ kind: "link-down", link: linkOf(port).id, ...span }],
};

/** A link that goes down and comes up again and again. */
export const flapTrain: IncidentType = {
  name: "flap-train",
  summary: "The link at a port goes down and comes up, again and again.",
  signs: "link changes count up quickly at both ends; traffic has holes",
  target: "link",
  prefers: "uplink",
  duration: { default: 10 * MINUTE, minimum: 10, maximum: DAY, isEndless: false },
  parameters: [
    {
      name: "period",
      unit: "s",
      default: 60,
      minimum: 10,
      maximum: HOUR,
      help: "from one loss of the link to the next, on average",
    },
    {
      name: "down",
      unit: "s",
      default: 15,
      minimum: 1,
      maximum: HOUR,
      help: "how long it is down each time, on average; at most nine tenths of the period",
    },
  ],
  moves: LINK_LOST,
  effectsOf(scene) {
    const link = linkOf(scene.port).id;
    return flaps(scene).map((span) => ({ kind: "link-down", link, ...span }));
  },
};

/**
 * The times without connection in a train of flaps: one a period, of parameters `period` and `down`. Each is
 * a half to one and a half times as long as on average, and ends before the next begins.
 */
export function flaps({ span, state, value }: Scene): Span[] {
  const period = value("period");
  const down = Math.min(value("down"), 0.9 * period);
  const spans: Span[] = [];
  for (let i = 0; span.from + i * period < span.to; i++) {
    const room = period - Math.min(1.5 * down, 0.95 * period);
    // The first begins with the incident, so that its start is the truth.
    const from = span.from + i * period + (i === 0 ? 0 : room * unit(state, 2 * i));
    const length = Math.min(down * (0.5 + unit(state, 2 * i + 1)), 0.95 * period);
    if (from < span.to) spans.push({ from, to: Math.min(from + length, span.to) });
  }
  return spans;
}

/** Less light arrives at a port. */
export const dirtyOptic: IncidentType = {
  name: "dirty-optic",
  summary: "The connector at a port is dirty: less light arrives there, all at once.",
  signs:
    "received power falls, the bit error rate before correction rises; with more loss, FCS errors, and from 6.5 dB the link may go down",
  target: "port",
  prefers: "uplink",
  duration: { default: 2 * HOUR, minimum: MINUTE, maximum: 365 * DAY, isEndless: true },
  parameters: [
    {
      name: "loss",
      unit: "dB",
      default: 6,
      minimum: 0.1,
      maximum: 30,
      help: "how much light the dirt takes",
    },
  ],
  moves: [{ families: RECEIVED_LIGHT, reach: "port" }],
  mayLoseLink: ({ value }) => value("loss") >= LEAST_BUDGET,
  refuse: refuseCopper,
  effectsOf: (scene) => [
    { ...atPort(scene), kind: "receive-loss", decibels: scene.value("loss"), decibelsPerDay: 0 },
  ],
};

/** A laser that fades over days. */
export const ageingLaser: IncidentType = {
  name: "ageing-laser",
  summary: "The laser of a port fades from day to day and draws more current.",
  signs:
    "bias current rises and transmitted power falls; at the peer, received power falls, errors follow, and from 6.5 dB the link may go down",
  target: "port",
  prefers: "uplink",
  duration: { default: 14 * DAY, minimum: HOUR, maximum: 3650 * DAY, isEndless: true },
  parameters: [
    {
      name: "fade",
      unit: "dB/d",
      default: 0.5,
      minimum: 0.01,
      maximum: 50,
      help: "how much weaker the light gets each day",
    },
  ],
  moves: [{ families: [...LASER, ...RECEIVED_LIGHT], reach: "link" }],
  mayLoseLink: ({ span, value }) => ((span.to - span.from) / DAY) * value("fade") >= LEAST_BUDGET,
  refuse: refuseCopper,
  effectsOf: (scene) => [
    { ...atPort(scene), kind: "laser-ageing", decibelsPerDay: scene.value("fade") },
  ],
};

/** No receiver loses the signal for less light than this (optics/optic.ts), in decibels. */
const LEAST_BUDGET = 6.5;

function refuseCopper(_on: Switch, port: Port | undefined): string | undefined {
  return port?.profile.lanes === 0
    ? `port ${port.profile.name} is copper and has no light`
    : undefined;
}

function atPort({ on, port, span }: Scene): Span & { switch: string; port: number } {
  return { ...span, switch: on.name, port: port?.index ?? 0 };
}

/** The byte and packet counters of a port that wrap at 32 bits. */
export const counterWrap: IncidentType = {
  name: "counter-wrap",
  summary: "The byte and packet counters of a port are kept in 32 bits and begin again at zero.",
  signs:
    "counters stay below 4.3e9 and fall back every few seconds under load: rate() shows too little",
  target: "port",
  prefers: "uplink",
  duration: { default: HOUR, minimum: 1, maximum: 365 * DAY, isEndless: true },
  parameters: [],
  moves: [{ families: [...COUNTERS, ...QUEUES], reach: "port" }],
  effectsOf: (scene): Effect[] => [{ ...atPort(scene), kind: "counter-wrap" }],
};

/** The counters of a port that stand still. */
export const stuckCounter: IncidentType = {
  name: "stuck-counter",
  summary:
    "The counters of a port stand still, though packets pass; at the end they jump to the truth.",
  signs: "rate() is zero at one end of a link and not at the other; a spike at the end",
  target: "port",
  prefers: "uplink",
  duration: { default: 15 * MINUTE, minimum: 1, maximum: 365 * DAY, isEndless: true },
  parameters: [],
  moves: [{ families: [...COUNTERS, ...QUEUES], reach: "port" }],
  effectsOf: (scene): Effect[] => [{ ...atPort(scene), kind: "stuck-counter" }],
};
