import { sessionPorts } from "../chassis/bgp-session.ts";
import type { Switch } from "../fabric/fabric.ts";
import {
  EVERYTHING,
  LINK_STATE,
  NEIGHBOURS,
  PROCESSOR,
  RECEIVED_LIGHT,
  ROUTING,
  STATIONS,
  TRAFFIC,
  WARMTH,
} from "./families.ts";
import type { IncidentType } from "./incident.ts";
import { flaps } from "./link-incidents.ts";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** A fan that stands still. */
export const fanFailure: IncidentType = {
  name: "fan-failure",
  summary: "A fan stands still; the others turn faster, and the switch gets warmer all the same.",
  signs: "the fan is down with 0 rpm, temperatures rise over minutes, fans and watts with them",
  target: "switch",
  prefers: "uplink",
  duration: { default: HOUR, minimum: MINUTE, maximum: 365 * DAY, isEndless: true },
  parameters: [
    {
      name: "fan",
      unit: "number",
      default: 1,
      minimum: 1,
      maximum: 16,
      help: "which fan, from 1",
      limit: ({ profile }) => profile.fans,
    },
  ],
  moves: [{ families: ["switch_fan_up", ...WARMTH], reach: "switch" }],
  refuse: (on) => (on.profile.fans === 0 ? `${on.name} has no fans` : undefined),
  effectsOf: ({ on, span, value }) => [
    { ...span, kind: "fan-failure", switch: on.name, fan: value("fan") - 1 },
  ],
};

/** A power supply without power. */
export const psuLoss: IncidentType = {
  name: "psu-loss",
  summary: "A power supply fails; the others take over its load.",
  signs: "the supply is down with 0 watts, the others give more",
  target: "switch",
  prefers: "uplink",
  duration: { default: HOUR, minimum: MINUTE, maximum: 365 * DAY, isEndless: true },
  parameters: [
    {
      name: "psu",
      unit: "number",
      default: 1,
      minimum: 1,
      maximum: 8,
      help: "which power supply, from 1",
      limit: ({ profile }) => profile.psus,
    },
  ],
  moves: [
    {
      families: [
        "switch_psu_up",
        "switch_psu_input_watts",
        "switch_psu_output_watts",
        "switch_psu_input_volts",
      ],
      reach: "switch",
    },
  ],
  refuse: (on) =>
    on.profile.psus < 2 ? `${on.name} has no second power supply: it would be off` : undefined,
  effectsOf: ({ on, span, value }) => [
    { ...span, kind: "psu-loss", switch: on.name, psu: value("psu") - 1 },
  ],
};

/** A cold aisle that is not cold. */
export const overheating: IncidentType = {
  name: "overheating",
  summary: "The air that the switch takes in is too warm: the cooling of the room fails.",
  signs: "all temperatures rise, fans turn faster, watts follow; transceivers draw more current",
  target: "switch",
  prefers: "uplink",
  duration: { default: 2 * HOUR, minimum: MINUTE, maximum: 365 * DAY, isEndless: true },
  parameters: [
    {
      name: "heat",
      unit: "K",
      default: 22,
      minimum: 1,
      maximum: 60,
      help: "how much warmer than usual",
    },
  ],
  moves: [{ families: WARMTH, reach: "switch" }],
  effectsOf: ({ on, span, value }) => [
    { ...span, kind: "inlet-heat", switch: on.name, celsius: value("heat") },
  ],
};

/** A switch that is off and starts again. */
export const reboot: IncidentType = {
  name: "reboot",
  summary: "The switch is off for a while and starts again.",
  signs:
    "it answers no scrape meanwhile; then all its counters begin at zero, and sessions come back later",
  target: "switch",
  prefers: "uplink",
  duration: { default: 3 * MINUTE, minimum: 10, maximum: DAY, isEndless: false },
  parameters: [],
  moves: [
    { families: [EVERYTHING], reach: "switch" },
    {
      families: [...LINK_STATE, ...NEIGHBOURS, ...RECEIVED_LIGHT, ...ROUTING, ...STATIONS],
      reach: "neighbours",
    },
    { families: TRAFFIC, reach: "fabric" },
  ],
  effectsOf: ({ on, span }) => [{ ...span, kind: "reboot", switch: on.name }],
};

/** Memory that is never given back. */
export const memoryLeak: IncidentType = {
  name: "memory-leak",
  summary: "A process on the switch takes more and more memory; at the end it is restarted.",
  signs: "available memory falls in a straight line, and comes back at the end",
  target: "switch",
  prefers: "uplink",
  duration: { default: 2 * HOUR, minimum: MINUTE, maximum: 365 * DAY, isEndless: true },
  parameters: [
    {
      name: "rate",
      unit: "B/s",
      default: 500_000,
      minimum: 1,
      maximum: 1e9,
      help: "how much more it takes each second",
      fitted: {
        help: "half of the memory in two hours",
        at: (_fabric, on) => Math.round(on.profile.memoryBytes / 2 / (2 * HOUR)),
      },
    },
  ],
  moves: [{ families: ["switch_memory_available_bytes", ...PROCESSOR], reach: "switch" }],
  effectsOf: ({ on, span, value }) => [
    { ...span, kind: "memory-leak", switch: on.name, bytesPerSecond: value("rate") },
  ],
};

/** A BGP session that goes and comes. */
export const bgpFlap: IncidentType = {
  name: "bgp-flap",
  summary: "A BGP session is lost and established, again and again, though the link is up.",
  signs:
    "the peer goes down and up, its transitions count up, its routes go and come, the processor is busy",
  target: "switch",
  prefers: "uplink",
  duration: { default: 10 * MINUTE, minimum: 10, maximum: DAY, isEndless: false },
  parameters: [
    {
      name: "peer",
      unit: "number",
      default: 1,
      minimum: 1,
      maximum: 1024,
      help: "which session, from 1",
      limit: (on) => sessionPorts(on).length,
    },
    {
      name: "period",
      unit: "s",
      default: 90,
      minimum: 10,
      maximum: HOUR,
      help: "from one loss of the session to the next, on average",
    },
    {
      name: "down",
      unit: "s",
      default: 30,
      minimum: 1,
      maximum: HOUR,
      help: "how long it is down each time, on average; at most nine tenths of the period",
    },
  ],
  moves: [{ families: [...ROUTING, ...PROCESSOR], reach: "neighbours" }],
  refuse: (on) => (sessionPorts(on).length === 0 ? `${on.name} has no BGP sessions` : undefined),
  effectsOf: (scene) =>
    flaps(scene).map((span) => ({
      ...span,
      kind: "bgp-down",
      switch: scene.on.name,
      peer: scene.value("peer") - 1,
    })),
};

/** Somebody who fills the table of stations. */
export const macFlood: IncidentType = {
  name: "mac-flood",
  summary: "A host sends with ever new addresses until the table of stations is full.",
  signs: "table entries rise to the capacity, moves count up, the processor is busy",
  target: "switch",
  prefers: "access",
  duration: { default: 10 * MINUTE, minimum: 1, maximum: DAY, isEndless: true },
  parameters: [
    {
      name: "rate",
      unit: "1/s",
      default: 2000,
      minimum: 1,
      maximum: 1e6,
      help: "new addresses each second",
    },
  ],
  moves: [{ families: [...STATIONS, "switch_mac_moves_total", ...PROCESSOR], reach: "switch" }],
  refuse: (on: Switch) =>
    on.profile.macCapacity === 0 ? `${on.name} keeps no table of stations` : undefined,
  effectsOf: ({ on, span, value }) => [
    { ...span, kind: "mac-flood", switch: on.name, entriesPerSecond: value("rate") },
  ],
};
