import type { Fabric, Port, Switch } from "../fabric/fabric.ts";
import { type LightPath, lightPath } from "../optics/light-path.ts";
import { unit } from "../seed/mix.ts";
import type { Effect, Span } from "./effect.ts";
import {
  COUNTERS,
  LASER,
  LINK_STATE,
  NEIGHBOURS,
  QUEUE_COUNTERS,
  QUEUE_LEVELS,
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
  {
    families: [...LINK_STATE, ...NEIGHBOURS, ...RECEIVED_LIGHT, ...ROUTING, ...STATIONS],
    reach: "link",
  },
  { families: TRAFFIC, reach: "fabric" },
];

/** No light in either direction. */
export const linkDown: IncidentType = {
  name: "link-down",
  summary: "The link at a port goes down: a cable is pulled, or cut.",
  signs: [
    ["switch_port_up", "0 at both ends; `switch_port_admin_up` stays 1"],
    ["switch_port_last_change_timestamp_seconds", "the start, at both ends"],
    [
      "switch_port_link_changes_total",
      'one more of `to="down"` at both ends, and of `to="up"` after it',
    ],
    [
      "switch_port_receive_bytes_total",
      "stands still at both ends, as all that is counted there; other uplinks carry more",
    ],
    ["switch_transceiver_rx_power_dbm", "-30 on every lane at both ends: darkness"],
    ["switch_lldp_neighbor_info", "no series for both ports; back 30 to 60 s after the link"],
    [
      "switch_bgp_peer_up",
      "0 at once on both sides, where the link is one of a session; 1 again 20 to 40 s after the link",
    ],
    ["switch_mac_table_entries", "less by those behind the port"],
  ],
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
  signs: [
    [
      "switch_port_link_changes_total",
      'about one more of `to="down"` and of `to="up"` a period, at both ends',
    ],
    ["switch_port_last_change_timestamp_seconds", "seldom older than a period"],
    ["switch_port_receive_bytes_total", "counts with holes"],
    ["switch_bgp_peer_up", "0 more often than not: a session takes 20 to 40 s to come back"],
    ["switch_lldp_neighbor_info", "comes and goes"],
  ],
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
  signs: [
    [
      "switch_transceiver_rx_power_dbm",
      "falls by the loss at once, with the default below its low warning; the other end sees nothing of it",
    ],
    ["switch_port_pre_fec_ber", "rises by a factor of a thousand and more"],
    [
      "switch_port_fec_codewords_total",
      "corrected ones count up quickly, then uncorrectable ones; links without correction (10G and less) count none",
    ],
    [
      "switch_port_receive_errors_total",
      "a part of the packets that arrive, whatever the load: with the default one in 10,000; none with two decibels less",
    ],
    [
      "switch_port_up",
      "0 with some more loss: half a decibel at 25G and faster, three decibels at 10G",
    ],
  ],
  target: "port",
  prefers: "uplink",
  duration: { default: 2 * HOUR, minimum: MINUTE, maximum: 365 * DAY, isEndless: true },
  parameters: [
    {
      name: "loss",
      unit: "dB",
      default: 9,
      minimum: 0.1,
      maximum: 30,
      help: "how much light the dirt takes",
      fitted: {
        help: "what breaks one frame in 10,000 on that link, 7 to 10 dB",
        at: lossForBrokenFrames,
      },
    },
  ],
  moves: [{ families: RECEIVED_LIGHT, reach: "port" }],
  mayLoseLink: ({ fabric, port, value }) => value("loss") >= budgetOf(lightTo(fabric, port)),
  refuse: refuseCopper,
  effectsOf: (scene) => [
    { ...atPort(scene), kind: "receive-loss", decibels: scene.value("loss"), decibelsPerDay: 0 },
  ],
};

/** A laser that fades over days. */
export const ageingLaser: IncidentType = {
  name: "ageing-laser",
  summary: "The laser of a port fades from day to day and draws more current.",
  signs: [
    ["switch_transceiver_bias_amperes", "rises by 12 % for each decibel"],
    ["switch_transceiver_tx_power_dbm", "falls by the fade each day"],
    [
      "switch_transceiver_rx_power_dbm",
      "falls as much at the other end, where that is a port of the fabric, and there:",
    ],
    ["switch_port_pre_fec_ber", "rises from day to day"],
    [
      "switch_port_fec_codewords_total",
      "corrected ones count up, on the last day uncorrectable ones",
    ],
    ["switch_port_receive_errors_total", "counts up on the last day before the link is lost"],
    [
      "switch_port_up",
      "0 at both ends from the 8th to 13th day on, with the default, until the end: the laser is replaced",
    ],
  ],
  target: "port",
  prefers: "uplink",
  duration: { default: 14 * DAY, minimum: HOUR, maximum: 3650 * DAY, isEndless: true },
  parameters: [
    {
      name: "fade",
      unit: "dB/d",
      default: 1,
      minimum: 0.01,
      maximum: 50,
      help: "how much weaker the light gets each day",
    },
  ],
  moves: [
    { families: LASER, reach: "port" },
    { families: RECEIVED_LIGHT, reach: "peer" },
  ],
  mayLoseLink: ({ fabric, port, span, value }) =>
    ((span.to - span.from) / DAY) * value("fade") >= budgetOf(lightFrom(fabric, port)),
  refuse: refuseCopper,
  effectsOf: (scene) => [
    { ...atPort(scene), kind: "laser-ageing", decibelsPerDay: scene.value("fade") },
  ],
};

/** Broken frames among all that a dirty connector makes unless told otherwise: bad, but the link is up. */
const BROKEN_FRAMES = 1e-4;

function lossForBrokenFrames(fabric: Fabric, _on: Switch, port: Port | undefined): number {
  const loss = lightTo(fabric, port)?.lossForFrameErrors(BROKEN_FRAMES) ?? 0;
  // To a hundredth, as people write decibels.
  return Math.round(loss * 100) / 100;
}

function budgetOf(path: LightPath | undefined): number {
  return path?.budgetDb ?? Infinity;
}

/** The light that arrives at a port; undefined for copper. */
function lightTo(fabric: Fabric, port: Port | undefined): LightPath | undefined {
  const link = linkOf(port);
  return lightPath(fabric, link, link.port === port ? "to-port" : "to-peer");
}

/** The light that a port sends; undefined for copper. */
function lightFrom(fabric: Fabric, port: Port | undefined): LightPath | undefined {
  const link = linkOf(port);
  return lightPath(fabric, link, link.port === port ? "to-peer" : "to-port");
}

function refuseCopper(_on: Switch, port: Port | undefined): string | undefined {
  return port?.profile.lanes === 0
    ? `port ${port.profile.name} is copper and has no light`
    : undefined;
}

function atPort({ on, port, span }: Scene): Span & { switch: string; port: number } {
  return { ...span, switch: on.name, port: port?.index ?? 0 };
}

/** What queues have sent: bytes and packets of the port, told apart. */
const QUEUE_TRANSMISSIONS: readonly string[] = [
  "switch_queue_transmit_bytes_total",
  "switch_queue_transmit_packets_total",
];

/** The byte and packet counters of a port that wrap at 32 bits. */
export const counterWrap: IncidentType = {
  name: "counter-wrap",
  summary: "The byte and packet counters of a port are kept in 32 bits and begin again at zero.",
  signs: [
    [
      "switch_port_receive_bytes_total",
      "stays below 4,294,967,296 and falls back every few seconds to minutes, by the load: `rate()` takes each for a restart and shows too little; the other end counts on",
    ],
    ["switch_port_receive_packets_total", "the same, every few hours to days"],
    ["switch_queue_transmit_bytes_total", "the same"],
  ],
  target: "port",
  prefers: "uplink",
  duration: { default: HOUR, minimum: 1, maximum: 365 * DAY, isEndless: true },
  parameters: [],
  moves: [{ families: [...COUNTERS, ...QUEUE_TRANSMISSIONS], reach: "port" }],
  effectsOf: (scene): Effect[] => [{ ...atPort(scene), kind: "counter-wrap" }],
};

/** The counters of a port that stand still. */
export const stuckCounter: IncidentType = {
  name: "stuck-counter",
  summary:
    "The counters of a port stand still, though packets pass; at the end they jump to the truth.",
  signs: [
    [
      "switch_port_receive_bytes_total",
      "stands still, as every counter of the port; the other end counts on, and `switch_port_up` stays 1; at the end it jumps to the truth",
    ],
    ["switch_queue_transmit_bytes_total", "stands still, and jumps at the end"],
    ["switch_port_transmit_discards_total", "stands still, and jumps at the end"],
  ],
  target: "port",
  prefers: "uplink",
  duration: { default: 15 * MINUTE, minimum: 1, maximum: 365 * DAY, isEndless: true },
  parameters: [],
  // Which queues have been busy, and so are shown, is known by their counters.
  moves: [{ families: [...COUNTERS, ...QUEUE_COUNTERS, ...QUEUE_LEVELS], reach: "port" }],
  effectsOf: (scene): Effect[] => [{ ...atPort(scene), kind: "stuck-counter" }],
};
