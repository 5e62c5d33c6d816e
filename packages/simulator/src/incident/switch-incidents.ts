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
  signs: [
    ["switch_fan_up", "0 for the fan"],
    ["switch_fan_speed_rpm", "0 for the fan; a quarter more for the others"],
    [
      "switch_temperature_celsius",
      "4 to 8 degrees more at the ASIC, two thirds of it after four minutes",
    ],
    ["switch_psu_output_watts", "as the fans that turn, with the cube of their speed"],
  ],
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
  signs: [
    ["switch_psu_up", "0 for the supply"],
    ["switch_psu_input_volts", "0 for the supply"],
    ["switch_psu_input_watts", "0 for the supply; the others draw its part"],
    ["switch_psu_output_watts", "0 for the supply; the others give its part, and the sum stays"],
  ],
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
  signs: [
    [
      "switch_temperature_celsius",
      "every sensor rises by so much, two thirds of it within five minutes; with the default `inlet` is beyond its high warning",
    ],
    ["switch_fan_speed_rpm", "rises"],
    ["switch_psu_input_watts", "rises with the fans"],
    ["switch_transceiver_temperature_celsius", "rises as much in every port"],
    [
      "switch_transceiver_bias_amperes",
      "rises by 0.4 % for each degree; the light stays as it was",
    ],
  ],
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
  signs: [
    [
      "switch_info",
      "no series, as of every family: nobody answers; a history leaves a gap and writes `up` 0",
    ],
    ["switch_boot_time_seconds", "the end of the incident"],
    [
      "switch_port_receive_bytes_total",
      "begins at zero, as every counter of the switch, all at once",
    ],
    ["switch_port_up", "0 at the other end of every link, meanwhile"],
    ["switch_lldp_neighbor_info", "back 30 to 60 s after the start, at both ends"],
    ["switch_bgp_peer_up", "1 again 60 to 90 s after the start, at both ends"],
    ["switch_cpu_usage_ratio", "high for some minutes after the start"],
  ],
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
  signs: [
    [
      "switch_memory_available_bytes",
      "falls in a straight line, and comes back at the end; a fiftieth of the memory always remains",
    ],
    ["switch_cpu_usage_ratio", "rises a little, by 5 % when no memory is left"],
  ],
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
  signs: [
    ["switch_bgp_peer_up", "0 and 1 in turn on both sides, though `switch_port_up` stays 1"],
    ["switch_bgp_peer_transitions_total", "about one more a period"],
    ["switch_bgp_peer_established_timestamp_seconds", "no series while it is down, then a new one"],
    ["switch_bgp_peer_prefixes_received", "0 while it is down; all are back 20 s after it"],
    ["switch_route_table_entries", "falls where nobody else told of these networks"],
    ["switch_cpu_usage_ratio", "rises by up to 40 % while routes are computed"],
  ],
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
  signs: [
    [
      "switch_mac_table_entries",
      "rises by the rate up to `switch_mac_table_capacity`; back to what it was five minutes after the end",
    ],
    ["switch_mac_moves_total", "counts up by a fiftieth of the rate"],
    ["switch_cpu_usage_ratio", "rises by a quarter"],
  ],
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
