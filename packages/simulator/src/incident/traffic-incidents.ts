import type { Link, Port, Switch } from "../fabric/fabric.ts";
import { calmArrivals } from "./calm-traffic.ts";
import type { Effect, Span } from "./effect.ts";
import { TRAFFIC } from "./families.ts";
import {
  busier,
  calmWithout,
  divisionsIn,
  factorFor,
  hostPorts,
  inSlots,
  linkedUplinks,
  loadOn,
  speedOf,
  sum,
  weightsFromBelow,
} from "./forced-traffic.ts";
import type { IncidentType, Movement, Parameter, Scene } from "./incident.ts";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** Hosts that answer together send this share of their line. */
const SENDING_RATIO = 0.9;

/** Of what access ports receive, some always stays below. */
const MOST_UP_SHARE = 0.98;

const MOVES: readonly Movement[] = [{ families: TRAFFIC, reach: "fabric" }];

/** How much is offered to a port, of what it can carry. */
function loadParameter(value: number, of: string): Parameter {
  return {
    name: "load",
    unit: "ratio",
    default: value,
    minimum: 0.1,
    maximum: 10,
    help: `offered to ${of}, as a share of the line rate, even when the rest is quietest: above 1 the queue fills; at most what the senders can send`,
  };
}

const senders: Parameter = {
  name: "senders",
  unit: "number",
  default: 16,
  minimum: 1,
  maximum: 1024,
  help: "how many hosts of the switch send at the same time; at most all the others",
};

/** Many hosts that answer one at the same time. */
export const incast: IncidentType = {
  name: "incast",
  summary: "Many hosts of a switch answer one host at the same time, more than its line carries.",
  signs: [
    ["switch_port_transmit_bytes_total", "at line rate on the port"],
    ["switch_port_transmit_discards_total", "counts up on the port"],
    ["switch_queue_watermark_bytes", "near `switch_queue_limit_bytes` on the port"],
    ["switch_queue_ecn_marked_packets_total", "counts up on the port"],
    [
      "switch_port_receive_bytes_total",
      "at nine tenths of the line rate on the ports of the senders",
    ],
    ["switch_buffer_used_bytes", "rises, in the pool of the access ports"],
  ],
  target: "port",
  prefers: "access",
  duration: { default: 5 * MINUTE, minimum: 1, maximum: 30 * DAY, isEndless: true },
  parameters: [loadParameter(1.3, "the port"), senders],
  moves: MOVES,
  refuse: refuseReceiver,
  effectsOf: (scene) => convergence(scene, [scene.span]),
};

/** Bursts towards one port, too short for most graphs. */
export const microburst: IncidentType = {
  name: "microburst",
  summary: "Short bursts towards a port: one slot of the queue model each, with calm between.",
  signs: [
    ["switch_port_transmit_discards_total", "counts up with each burst"],
    ["switch_queue_dropped_packets_total", "the same, by queue"],
    ["switch_queue_ecn_marked_packets_total", "counts up with each burst"],
    [
      "switch_queue_watermark_bytes",
      "near `switch_queue_limit_bytes` during a burst, low between them",
    ],
    [
      "switch_port_transmit_bytes_total",
      "hardly faster in the mean of five minutes: that is the point",
    ],
  ],
  target: "port",
  prefers: "access",
  duration: { default: 30 * MINUTE, minimum: 1, maximum: 6 * HOUR, isEndless: false },
  parameters: [
    loadParameter(1.3, "the port during a burst"),
    {
      name: "interval",
      unit: "s",
      default: 120,
      minimum: 60,
      maximum: DAY,
      help: "from one burst to the next",
    },
    { ...senders, default: 8, maximum: 32 },
  ],
  moves: MOVES,
  refuse: refuseReceiver,
  effectsOf(scene) {
    const { fabric, span, value } = scene;
    const bursts: Span[] = [];
    for (let from = span.from; from < span.to; from += value("interval"))
      bursts.push({ from, to: Math.min(from + fabric.slotSeconds, span.to) });
    return convergence(scene, bursts);
  },
};

/** Effects that make some hosts send steadily, and turn what the switch forwards towards one access port. */
function convergence(
  { fabric, on, port, span: whole, value }: Scene,
  spans: readonly Span[],
): Effect[] {
  if (port === undefined) return [];
  const sending = new Set(
    hostPorts(on)
      .filter((each) => each !== port)
      .slice(0, value("senders")),
  );
  const divisions = divisionsIn(fabric, on);
  const wanted = value("load") * port.profile.speed;
  const factor = calmArrivals(fabric, on, inSlots(whole, fabric)).reduce((most, calm) => {
    const arriving = on.ports.map((each, i) =>
      sending.has(each) ? SENDING_RATIO * each.profile.speed : (calm[i] ?? 0),
    );
    return Math.max(most, factorFor(wanted, port.index, divisions, arriving));
  }, 1);
  return spans.flatMap((span): Effect[] => [
    ...[...sending].map((each): Effect => loadOn(each.link as Link, SENDING_RATIO, span)),
    { ...span, kind: "forwarding", switch: on.name, factors: new Map([[port.index, factor]]) },
  ]);
}

function refuseReceiver(on: Switch, port: Port | undefined): string | undefined {
  const { length } = hostPorts(on);
  if (length === 0) return `${on.name} has no hosts, only links to other switches; take a leaf`;
  if (length < 3)
    return `${on.name} has ${length} ${length === 1 ? "host" : "hosts"}; it takes three: one that receives and two that send`;
  return port?.profile.isUplink
    ? `port ${port.profile.name} is an uplink; take an access port`
    : undefined;
}

/** More traffic towards the core than the uplinks carry. */
export const uplinkSaturation: IncidentType = {
  name: "uplink-saturation",
  summary: "The hosts of a switch send more than its uplinks carry.",
  signs: [
    ["switch_port_transmit_bytes_total", "above nine tenths of the line rate on every uplink"],
    ["switch_port_transmit_discards_total", "counts up on every uplink"],
    ["switch_queue_ecn_marked_packets_total", "counts up on every uplink"],
    ["switch_queue_limit_bytes", "falls on every uplink, since many full queues share the buffer"],
    ["switch_queue_watermark_bytes", "near that limit"],
    ["switch_port_receive_bytes_total", "fast on every access port"],
    [
      "switch_temperature_celsius",
      "rises by some degrees within minutes, and fans and watts with it",
    ],
  ],
  target: "switch",
  prefers: "uplink",
  duration: { default: 20 * MINUTE, minimum: 1, maximum: 30 * DAY, isEndless: true },
  parameters: [
    {
      ...loadParameter(1.15, "each uplink"),
      maximum: 2,
    },
  ],
  moves: MOVES,
  refuse(on) {
    const [below, above] = [speedOf(hostPorts(on)), speedOf(linkedUplinks(on))];
    if (above === 0) return `${on.name} has no uplinks in use`;
    if (below === 0) return `${on.name} has no hosts below its uplinks`;
    return MOST_UP_SHARE * below < above
      ? `the hosts of ${on.name} send at most ${below / 1e9} Gb/s, and its uplinks carry ${above / 1e9} Gb/s`
      : undefined;
  },
  effectsOf({ fabric, on, span, value }) {
    const hosts = hostPorts(on);
    const uplinks = linkedUplinks(on);
    const weights = weightsFromBelow(fabric, on);
    const natural = sum(uplinks.map(({ index }) => weights[index] ?? 0));
    const wanted = value("load") * speedOf(uplinks);
    const ratio = Math.min(1, wanted / (natural * speedOf(hosts)));
    const arriving = ratio * speedOf(hosts) + calmWithout(hosts, { fabric, on, span });
    const share = Math.min(MOST_UP_SHARE, wanted / arriving);
    // Weights of the uplinks together against what stays below, for that share; each by its speed.
    const together = ((1 - natural) * share) / (1 - share);
    const factors = uplinks.map(({ index, profile }): [number, number] => [
      index,
      (together * profile.speed) / speedOf(uplinks) / (weights[index] as number),
    ]);
    return [
      ...hosts.map((each) => loadOn(each.link as Link, ratio, span)),
      { ...span, kind: "forwarding", switch: on.name, factors: new Map(factors) },
    ];
  },
};

/** A hash that sends most flows the same way. */
export const ecmpPolarisation: IncidentType = {
  name: "ecmp-polarisation",
  summary:
    "The hash that spreads flows over the uplinks prefers one of them: what all could carry with ease is too much for one.",
  signs: [
    [
      "switch_port_transmit_bytes_total",
      "at line rate on this uplink, and less than a sixth of it on all others: compare the uplinks of a switch",
    ],
    ["switch_port_transmit_discards_total", "counts up on this uplink alone"],
    ["switch_queue_ecn_marked_packets_total", "counts up on this uplink alone"],
    ["switch_queue_watermark_bytes", "near `switch_queue_limit_bytes` on this uplink"],
  ],
  target: "port",
  prefers: "uplink",
  duration: { default: HOUR, minimum: 1, maximum: 365 * DAY, isEndless: true },
  parameters: [
    {
      name: "share",
      unit: "ratio",
      default: 0.9,
      minimum: 0.01,
      maximum: 1,
      help: "how much of what goes up takes this uplink",
    },
    {
      ...loadParameter(1.2, "this uplink"),
      minimum: 0,
      help: "offered to this uplink, as a share of its line rate: the hosts send more where it would be less, at most all they can; with 0 they send what they would",
    },
  ],
  moves: MOVES,
  refuse(on, port) {
    if (hostPorts(on).length === 0)
      return `${on.name} has no hosts below: there is nothing to spread over uplinks`;
    if (port?.profile.isUplink === false)
      return `port ${port.profile.name} is not an uplink; take one`;
    return linkedUplinks(on).length < 2
      ? `${on.name} has one uplink, and nothing to choose from; it takes two`
      : undefined;
  },
  effectsOf({ fabric, on, port, span, value }) {
    if (port === undefined) return [];
    const uplinks = linkedUplinks(on);
    const weights = weightsFromBelow(fabric, on);
    const natural = sum(uplinks.map(({ index }) => weights[index] ?? 0));
    const own = (weights[port.index] ?? 0) / natural;
    const share = value("share");
    const factors = new Map(
      uplinks.map((each) => [each.index, each === port ? share / own : (1 - share) / (1 - own)]),
    );
    const wanted = (value("load") * port.profile.speed) / (natural * share);
    return [
      ...busier(wanted, { fabric, on, span }),
      { ...span, kind: "forwarding", switch: on.name, factors },
    ];
  },
};
