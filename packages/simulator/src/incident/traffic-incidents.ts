import { isPort, type Link, type Port, type Switch } from "../fabric/fabric.ts";
import type { Effect, Span } from "./effect.ts";
import { STATIONS, TRAFFIC } from "./families.ts";
import type { IncidentType, Movement, Parameter, Scene } from "./incident.ts";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** What a leaf sends up of what its access ports receive, in calm (traffic/forwarding.ts). */
const UP_SHARE = 0.7;

/** Hosts that send all they can send at this share of their line. */
const HIGHEST_RATE = 0.9;

const MOVES: readonly Movement[] = [{ families: [...TRAFFIC, ...STATIONS], reach: "fabric" }];

/** How much is offered to a port, of what it can carry. */
function loadParameter(value: number, of: string): Parameter {
  return {
    name: "load",
    unit: "ratio",
    default: value,
    minimum: 0.1,
    maximum: 10,
    help: `offered to ${of} on a mean day, as a share of the line rate: above 1 the queue fills`,
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
  signs:
    "the host's port is busy, its queue full: it drops and marks; the senders' ports receive more",
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
  signs: "the port is calm on average, but its watermark is high and it drops",
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
function convergence({ on, port, value }: Scene, spans: readonly Span[]): Effect[] {
  if (port === undefined) return [];
  const access = on.ports.filter(isAccess);
  const hosts = access.filter((each) => each !== port && stationLink(each) !== undefined);
  const sending = new Set(hosts.slice(0, value("senders")));
  const calm = sum(access.filter((each) => !sending.has(each)).map(calmBits));
  const factor = factorFor(
    value("load") * port.profile.speed,
    port.profile.speed / speedOf(access),
    calm + HIGHEST_RATE * speedOf([...sending]),
    // Where other switches are above, as much comes from them as goes to them.
    sum(linkedUplinks(on).map(calmBits)) || UP_SHARE * calm,
  );
  return spans.flatMap((span): Effect[] => [
    ...[...sending].map((each): Effect => loadOn(each.link as Link, HIGHEST_RATE, span)),
    { ...span, kind: "forwarding", switch: on.name, factors: new Map([[port.index, factor]]) },
  ]);
}

/**
 * The factor f by which an access port must be preferred for so many bits per second to be offered to it:
 *
 *   offered = A · lp·f / (1 + lp·(f − 1)) + U · p·f / (1 + p·(f − 1))
 *
 * with A what comes from access ports, of which l stays below, U what comes from uplinks, and p the port's
 * part of the speed of all access ports.
 */
function factorFor(wanted: number, part: number, fromAccess: number, fromUplinks: number): number {
  const given = (total: number, share: number, f: number): number =>
    (total * share * f) / (1 + share * (f - 1));
  let [low, high] = [1, 1e6];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    const offered =
      given(fromAccess, (1 - UP_SHARE) * part, middle) + given(fromUplinks, part, middle);
    if (offered < wanted) low = middle;
    else high = middle;
  }
  return high;
}

function refuseReceiver(on: Switch, port: Port | undefined): string | undefined {
  if (port?.profile.isUplink) return `port ${port.profile.name} is an uplink; take an access port`;
  const hosts = on.ports.filter((each) => isAccess(each) && stationLink(each) !== undefined);
  return hosts.length < 2 ? `${on.name} has less than two hosts` : undefined;
}

/** More traffic towards the core than the uplinks carry. */
export const uplinkSaturation: IncidentType = {
  name: "uplink-saturation",
  summary: "The hosts of a switch send more than its uplinks carry.",
  signs: "all uplinks run at line rate, their queues are full: they drop and mark",
  target: "switch",
  prefers: "uplink",
  duration: { default: 20 * MINUTE, minimum: 1, maximum: 30 * DAY, isEndless: true },
  parameters: [
    {
      ...loadParameter(1.15, "the uplinks"),
      maximum: 2,
    },
  ],
  moves: MOVES,
  refuse: (on) =>
    linkedUplinks(on).length === 0 || !on.ports.some((each) => stationLink(each) && isAccess(each))
      ? `${on.name} has no hosts below and uplinks above`
      : undefined,
  effectsOf({ on, span, value }) {
    const hosts = on.ports.filter((each) => isAccess(each) && stationLink(each) !== undefined);
    const uplinks = linkedUplinks(on);
    const below = speedOf(hosts);
    const wanted = value("load") * speedOf(uplinks);
    const ratio = Math.min(HIGHEST_RATE, wanted / (UP_SHARE * below));
    const share = Math.min(0.98, wanted / (ratio * below));
    const factor = (share * (1 - UP_SHARE)) / (UP_SHARE * (1 - share));
    return [
      ...hosts.map((each) => loadOn(each.link as Link, ratio, span)),
      {
        ...span,
        kind: "forwarding",
        switch: on.name,
        factors: new Map(uplinks.map(({ index }) => [index, factor])),
      },
    ];
  },
};

/** A hash that sends most flows the same way. */
export const ecmpPolarisation: IncidentType = {
  name: "ecmp-polarisation",
  summary: "The hash that spreads flows over the uplinks prefers one of them.",
  signs: "one uplink is busy, may drop, and the others are nearly idle, with the same sum",
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
  ],
  moves: MOVES,
  refuse(on, port) {
    if (port?.profile.isUplink === false)
      return `port ${port.profile.name} is not an uplink; take one`;
    return linkedUplinks(on).length < 2 ? `${on.name} has less than two uplinks` : undefined;
  },
  effectsOf({ on, port, span, value }) {
    const uplinks = linkedUplinks(on);
    const own = (port?.profile.speed ?? 0) / speedOf(uplinks);
    const share = value("share");
    const factors = new Map(
      uplinks.map((each) => [each.index, each === port ? share / own : (1 - share) / (1 - own)]),
    );
    return [{ ...span, kind: "forwarding", switch: on.name, factors }];
  },
};

function loadOn(link: Link, ratio: number, span: Span): Effect {
  return { ...span, kind: "load", link: link.id, ratio };
}

function isAccess({ profile, link }: Port): boolean {
  return !profile.isUplink && link !== undefined;
}

function speedOf(ports: readonly Port[]): number {
  return sum(ports.map(({ profile }) => profile.speed));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function linkedUplinks({ ports }: Switch): readonly Port[] {
  return ports.filter(({ profile, link }) => profile.isUplink && link !== undefined);
}

/** The link of a port whose far end is a station: only stations can be told how much to send. */
function stationLink({ link }: Port): Link | undefined {
  return link !== undefined && !isPort(link.peer) ? link : undefined;
}

/** What the station at a port sends on average, in bits per second. */
function calmBits({ link }: Port): number {
  return link !== undefined && !isPort(link.peer) ? link.peer.load * link.speed : 0;
}
