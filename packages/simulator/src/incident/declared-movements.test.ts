import { describe, expect, it } from "vitest";
import { farEnd } from "../chassis/bgp-session.ts";
import { type Fabric, isPort, type Port, type Switch } from "../fabric/fabric.ts";
import { fabricOf } from "../fabric/fabric-argument.ts";
import type { Detail } from "../families/switch-family.ts";
import { type Simulation, simulate } from "../simulate.ts";
import { CATALOGUE, extentOf, incidentEffects, mayMove } from "./catalogue.ts";
import { EVERYTHING } from "./families.ts";
import { endOf, type Incident, type Reach } from "./incident.ts";
import { type IncidentRequest, resolveIncident } from "./incident-request.ts";
import { type PageNumber, PageNumbers } from "./page-numbers.ts";

const HOUR = 3600;
const DAY = 86_400;

/** A Wednesday morning, not at the start of a slot. */
const START = 2 * DAY + 10 * HOUR + 7;

/** Parameters that show more than the defaults; where a type has none, it is the same. */
const STRONG: Readonly<Record<string, IncidentRequest["parameters"]>> = {
  "dirty-optic": { loss: 13 },
  "ageing-laser": { fade: 3 },
  "flap-train": { period: 40, down: 30 },
  microburst: { load: 4, senders: 32, interval: 60 },
  incast: { load: 4, senders: 40 },
  "uplink-saturation": { load: 2 },
  "ecmp-polarisation": { share: 1, load: 5 },
  "fan-failure": { fan: 2 },
  "psu-loss": { psu: 2 },
  overheating: { heat: 50 },
  "memory-leak": { rate: 1e7 },
  "bgp-flap": { period: 20, down: 15 },
  "mac-flood": { rate: 100_000 },
};

type Case = readonly [
  fabric: string,
  on: string,
  detail: Detail,
  parameters: "default" | "strong",
  beside: readonly IncidentRequest[],
];

/** What goes on anyhow, with the incident and without: so that losses and broken frames follow it too. */
const BUSY: readonly IncidentRequest[] = [
  { type: "uplink-saturation", switch: "leaf1", duration: "12m", parameters: { load: 1 } },
  { type: "incast", switch: "leaf1", port: 20, duration: "4m" },
  { type: "incast", switch: "leaf2", port: 20, duration: "12m" },
  { type: "dirty-optic", switch: "spine1", port: 1, duration: "1d" },
  { type: "dirty-optic", switch: "leaf1", port: 56, duration: "1d" },
  { type: "dirty-optic", switch: "leaf2", port: 1, duration: "1d" },
];

/** A queue that is shown from when on it has dropped: it begins after the incident. */
const SOON_BUSY: readonly IncidentRequest[] = [
  { type: "incast", switch: "leaf1", port: 20, duration: "4m" },
];

/** Where an incident is to happen, if not where it does by itself. */
const PORTS: Readonly<Record<string, number>> = { "stuck-counter": 20 };

const CASES: readonly Case[] = [
  ["leaf-48x25g-8x100g", "leaf1", "normal", "default", SOON_BUSY],
  ["leaf-48x25g-8x100g", "leaf1", "full", "strong", []],
  ["leaf-spine:4x2", "leaf1", "normal", "default", []],
  ["leaf-spine:2x2", "leaf1", "full", "strong", BUSY],
  ["leaf-spine:2x2", "spine1", "normal", "strong", []],
  ["campus-48x1g-4x10g", "campus1", "full", "default", []],
  ["pair", "pair1", "full", "default", []],
  ["pair", "pair1", "full", "strong", []],
  ["spine-32x100g", "spine1", "full", "default", []],
];

/** How far from its target an incident has moved a family, from near to far. */
const RINGS: readonly Reach[] = ["port", "peer", "switch", "neighbours", "fabric"];

/** The rings of each reach. */
const WITHIN: Readonly<Record<Reach, readonly Reach[]>> = {
  port: ["port"],
  peer: ["peer"],
  link: ["port", "peer"],
  switch: ["port", "switch"],
  neighbours: ["port", "peer", "switch", "neighbours"],
  fabric: RINGS,
};

/** Families that may move though nothing here makes them, and why. */
const RARE: Readonly<Record<string, string>> = {
  switch_port_receive_discards_total:
    "packets are dropped as they arrive only where what is kept free for pauses is not enough, or no port is up for them",
};

/** By type: the families that were seen to move, and in which rings. */
const seen = new Map<string, Map<string, Set<Reach>>>(
  CATALOGUE.map(({ name }) => [name, new Map()]),
);

describe.each(CASES)("on %s, at %s, with %s detail and %s parameters", (...given) => {
  const [argument, on, detail, parameters, beside] = given;
  const fabric = fabricOf(argument);
  const pages = new PageNumbers(fabric, detail);
  const others = beside.map((request, i) => incidentOf(fabric, request, START + 50, `beside-${i}`));
  const without = running(fabric, others);
  const known = new Map<string, Float64Array>();
  const pageWithout = (node: Switch, t: number): Float64Array => {
    const key = `${node.index} ${t}`;
    const found = known.get(key) ?? pages.at(without, node, t);
    known.set(key, found);
    return found;
  };

  it.each(CATALOGUE.map(({ name }) => name))("%s moves what it declares alone", (type) => {
    const strong = parameters === "strong" ? STRONG[type] : undefined;
    const port = beside === SOON_BUSY ? PORTS[type] : undefined;
    const request = { type, switch: on, port, parameters: strong };
    const incident = tryIncident(fabric, request, START, type);
    if (incident === undefined) return;
    const simulation = running(fabric, [...others, incident]);
    const wrong = new Set<string>();
    const moved = (node: Switch, t: number): readonly PageNumber[] => {
      const [before, page] = [pageWithout(node, t), pages.at(simulation, node, t)];
      const all = pages.bySwitch[node.index] ?? [];
      return all.filter((_, i) => !Object.is(page[i], before[i]));
    };
    const judged = new Set<PageNumber>();
    for (const t of momentsOf(fabric, incident)) {
      for (const number of fabric.switches.flatMap((node) => moved(node, t))) {
        const { family, node, labels } = number;
        if (t < START) wrong.add(`${family} moves before the start`);
        if (judged.has(number)) continue;
        judged.add(number);
        const ring = ringOf(fabric, incident, number);
        note(type, family, ring);
        if (!mayMove(fabric, incident, { family, switch: node.name, port: labels["port"] }))
          wrong.add(`${family} moves in ring ${ring}, ${t - START} s after the start`);
      }
    }
    expect([...wrong]).toEqual([]);
  });
});

describe("what is declared", () => {
  // What a lost link moves is the same, whatever has lost it.
  it.each(CATALOGUE)("is seen to move by $name", ({ name, moves }) => {
    const rings = seen.get(name);
    const unseen = moves.flatMap(({ families, reach }) =>
      families
        .filter((family) => family !== EVERYTHING && RARE[family] === undefined)
        .filter((family) => !WITHIN[reach].some((ring) => rings?.get(family)?.has(ring)))
        .map((family) => `${family} within ${reach}`),
    );
    expect(unseen).toEqual([]);
  });

  it.each(CATALOGUE)("reaches as far as is said by $name", ({ name, moves }) => {
    for (const { families, reach } of moves) {
      const farthest = WITHIN[reach].at(-1) as Reach;
      const there = [...(seen.get(name) ?? [])].filter(
        ([family, rings]) =>
          (families.includes(EVERYTHING) || families.includes(family)) && rings.has(farthest),
      );
      expect([reach, there.length > 0]).toEqual([reach, true]);
    }
  });
});

function note(type: string, family: string, ring: Reach): void {
  const rings = seen.get(type);
  const where = rings?.get(family) ?? new Set();
  where.add(ring);
  rings?.set(family, where);
}

function running(fabric: Fabric, incidents: readonly Incident[]): Simulation {
  const effects = incidents
    .flatMap((incident) => incidentEffects(fabric, incident))
    .sort((a, b) => a.from - b.from);
  return simulate(fabric, {
    version: 0,
    until: (t) => effects.filter(({ from }) => from <= t),
  });
}

function tryIncident(
  fabric: Fabric,
  request: IncidentRequest,
  start: number,
  id: string,
): Incident | undefined {
  const resolved = resolveIncident(fabric, request, () => undefined);
  return resolved && { id, ...resolved, start, origin: "request" };
}

function incidentOf(fabric: Fabric, request: IncidentRequest, start: number, id: string): Incident {
  const incident = tryIncident(fabric, request, start, id);
  expect([request, incident]).not.toEqual([request, undefined]);
  return incident as Incident;
}

/**
 * Some twenty moments: days before, at the start and the end, at the turns of slots and of means, days after; of
 * fabrics with several switches every other one.
 */
function momentsOf(fabric: Fabric, incident: Incident): readonly number[] {
  const { to } = extentOf(incident, incidentEffects(fabric, incident));
  const length = endOf(incident) - incident.start;
  const end = Math.ceil(to);
  const times = [
    ...[-DAY, -1, 0, 4, 9, 25, 90, 200, 290, 700].map((after) => START + after),
    ...[0.5, 0.8, 0.999].map((part) => START + part * length),
    ...[0, 1, 31, 75, 600, HOUR, DAY, 3 * DAY].map((after) => end + after),
  ];
  const every = fabric.switches.length > 1 ? 2 : 1;
  return [...new Set(times)].sort((x, y) => x - y).filter((_, i) => i % every === every - 1);
}

function ringOf(fabric: Fabric, incident: Incident, { node, labels }: PageNumber): Reach {
  const on = fabric.switches.find(({ name }) => name === incident.switch) as Switch;
  const port = on.ports.find(({ profile }) => profile.name === incident.port);
  const isOn = (end: Port | undefined): boolean =>
    end?.switch === node && [undefined, end.profile.name].includes(labels["port"]);
  if (isOn(port)) return "port";
  if (isOn(farPort(port))) return "peer";
  if (node === on) return "switch";
  return on.ports.some((each) => farPort(each)?.switch === node) ? "neighbours" : "fabric";
}

function farPort(port: Port | undefined): Port | undefined {
  const far = port && farEnd(port);
  return far !== undefined && isPort(far) ? far : undefined;
}
