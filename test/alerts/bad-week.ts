import { type Fabric, incidentType, isPort, type Port, type Switch } from "@linklight/simulator";
import { seededRandom } from "./random.ts";

/** One incident of a scenario; times in whole seconds. */
export interface PlannedIncident {
  /** From the start of the history. */
  readonly at: number;
  readonly type: string;
  readonly switch: string;
  readonly port?: string;
  readonly duration: number;
  readonly parameters: Readonly<Record<string, number>>;
}

/** How often each incident of the catalogue happens in a bad week, and those of which there are two sorts. */
const TIMES_EACH = 5;
const TIMES_OF_TWO_SORTS = 10;
const TWO_SORTS: readonly string[] = ["link-down", "dirty-optic", "overheating"];

const MINUTE = 60;
const HOUR = 3600;
/** Nothing happens at first, so that rules have something to look back on. */
const LEAD = 3 * HOUR;
/** One after the other, so that it is known what an alert is due to: each has a slot of its own. */
const SLOT = 100 * MINUTE;
const LONGEST = 75 * MINUTE;

type Random = () => number;

/** How an incident is drawn: where, how long, how strong. */
interface Draw {
  readonly place: (fabric: Fabric) => readonly (Port | Switch)[];
  /** Minutes. */
  readonly lasts: readonly [number, number];
  readonly strength?: (
    random: Random,
    place: Port,
    i: number,
    fabric: Fabric,
  ) => Record<string, number>;
}

const leaves = ({ switches }: Fabric): readonly Switch[] =>
  switches.filter(({ profile }) => profile.role === "leaf");
const switches = (fabric: Fabric): readonly Switch[] => fabric.switches;
const ports = (fabric: Fabric): readonly Port[] =>
  fabric.switches.flatMap((each) => each.ports.filter(({ link }) => link !== undefined));
const uplinks = (fabric: Fabric): readonly Port[] =>
  ports(fabric).filter(({ profile }) => profile.isUplink);
const leafUplinks = (fabric: Fabric): readonly Port[] =>
  uplinks(fabric).filter((port) => port.switch.profile.role === "leaf");
const hosts = (fabric: Fabric): readonly Port[] =>
  ports(fabric).filter((port) => {
    const far = port.link?.peer;
    return far !== undefined && !isPort(far) && far.kind !== "core";
  });

/**
 * What each incident is drawn from. Strengths are those at which its page (docs/reference/incidents.md) says it is
 * seen; an incident that is not here has no strength and happens as it does by default.
 */
const DRAWS: Readonly<Record<string, Draw>> = {
  // By turns on an uplink and on any other port, since they have alerts of their own.
  "link-down": { place: ports, lasts: [6, 25] },
  "flap-train": {
    place: leafUplinks,
    lasts: [8, 25],
    strength: (random) => ({ period: whole(random, 30, 90), down: whole(random, 10, 25) }),
  },
  // What breaks one frame in 10,000 there; each second one so much more that the link is lost.
  "dirty-optic": {
    place: leafUplinks,
    lasts: [30, 70],
    strength: (random, port, i, fabric) =>
      i % 2 === 0 ? {} : { loss: hundredths(usualLoss(fabric, port) + 1.5 + 2 * random()) },
  },
  "ageing-laser": {
    place: leafUplinks,
    lasts: [30 * 60, 34 * 60],
    strength: (random) => ({ fade: hundredths(1 + 1.5 * random()) }),
  },
  microburst: {
    place: hosts,
    lasts: [25, 45],
    strength: (random) => ({
      load: hundredths(1.15 + 0.5 * random()),
      interval: whole(random, 60, 180),
      senders: whole(random, 6, 16),
    }),
  },
  "uplink-saturation": {
    place: leaves,
    lasts: [12, 35],
    strength: (random) => ({ load: hundredths(1.15 + 0.4 * random()) }),
  },
  incast: {
    place: hosts,
    lasts: [8, 20],
    strength: (random) => ({
      load: hundredths(1.15 + 0.5 * random()),
      senders: whole(random, 8, 32),
    }),
  },
  "ecmp-polarisation": {
    place: leafUplinks,
    lasts: [15, 60],
    strength: (random) => ({
      share: hundredths(0.8 + 0.18 * random()),
      load: hundredths(1.08 + 0.3 * random()),
    }),
  },
  "fan-failure": {
    place: switches,
    lasts: [10, 70],
    strength: (random) => ({ fan: whole(random, 1, 6) }),
  },
  "psu-loss": {
    place: switches,
    lasts: [10, 70],
    strength: (random) => ({ psu: whole(random, 1, 2) }),
  },
  // By turns beyond the warning limit of the inlet alone, and beyond its alarm limit.
  overheating: {
    place: switches,
    lasts: [45, 75],
    strength: (random, _place, i) => ({ heat: whole(random, 0, 3) + (i % 2 === 0 ? 22 : 29) }),
  },
  reboot: { place: switches, lasts: [3, 8] },
  "memory-leak": {
    place: switches,
    lasts: [60, 75],
    strength: (random, { switch: on }) => ({
      rate: Math.round((on.profile.memoryBytes / 2 / 7200) * (0.8 + 0.9 * random())),
    }),
  },
  "bgp-flap": {
    place: switches,
    lasts: [10, 25],
    strength: (random) => ({
      peer: whole(random, 1, 8),
      period: whole(random, 60, 120),
      down: whole(random, 20, 40),
    }),
  },
  "mac-flood": {
    place: leaves,
    lasts: [10, 25],
    strength: (random) => ({ rate: whole(random, 1000, 5000) }),
  },
  "counter-wrap": { place: leafUplinks, lasts: [30, 75] },
  "stuck-counter": { place: uplinks, lasts: [15, 45] },
};

const DRAWN: readonly string[] = Object.keys(DRAWS);

/**
 * A week in which each incident of the catalogue happens five times at least, at times and places and of strengths
 * drawn by the seed: one after the other in any order, but for lasers, which fade meanwhile on uplinks of their own.
 * By their start.
 */
export function badWeek(fabric: Fabric, seed: number): readonly PlannedIncident[] {
  const random = seededRandom(seed);
  const slow = shuffled(leafUplinks(fabric), random).slice(0, TIMES_EACH);
  const turns = DRAWN.filter((type) => type !== "ageing-laser").flatMap((type) =>
    Array.from({ length: TWO_SORTS.includes(type) ? TIMES_OF_TWO_SORTS : TIMES_EACH }, (_, i) => ({
      type,
      i,
    })),
  );
  const others = shuffled(turns, random).map(({ type, i }, slot) => {
    const drawn = draw(fabric, { type, i, random, without: slow });
    const room = SLOT - LONGEST;
    return { ...drawn, at: LEAD + slot * SLOT + Math.floor(random() * 0.4 * room) };
  });
  const lasers = slow.map((port, i) => {
    const drawn = draw(fabric, { type: "ageing-laser", i, random, without: [] });
    return {
      ...drawn,
      switch: port.switch.name,
      port: port.profile.name,
      at: LEAD + (6 + i * 30) * HOUR,
    };
  });
  return [...others, ...lasers].sort((a, b) => a.at - b.at);
}

function draw(
  fabric: Fabric,
  {
    type,
    i,
    random,
    without,
  }: { type: string; i: number; random: Random; without: readonly Port[] },
): Omit<PlannedIncident, "at"> {
  const { place, lasts, strength } = DRAWS[type] as Draw;
  const candidates = place(fabric).filter((each) => !without.includes(each as Port));
  const wanted =
    type === "link-down" && i % 2 === 0
      ? candidates.filter((each) => /uplink/.test((each as Port).alias))
      : candidates;
  const chosen = wanted[Math.floor(random() * wanted.length)] as Port | Switch;
  const isOnPort = "alias" in chosen;
  return {
    type,
    switch: isOnPort ? chosen.switch.name : chosen.name,
    ...(isOnPort && { port: chosen.profile.name }),
    duration: whole(random, ...lasts) * MINUTE,
    parameters:
      strength?.(random, (isOnPort ? chosen : { switch: chosen }) as Port, i, fabric) ?? {},
  };
}

/** The incidents of a week that starts so many seconds since 1970 as a scenario file: JSON, which is YAML too. */
export function scenarioText(incidents: readonly PlannedIncident[], start: number): string {
  const entries = incidents.map((each) => ({
    ...each,
    at: `${new Date((start + each.at) * 1000).toISOString().slice(0, 19)}Z`,
    duration: `${each.duration}s`,
  }));
  return JSON.stringify({ incidents: entries }, null, 1);
}

function usualLoss(fabric: Fabric, port: Port): number {
  const [loss] = incidentType("dirty-optic")?.parameters ?? [];
  return loss?.fitted?.at(fabric, port.switch, port) ?? Number.NaN;
}

function whole(random: Random, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1));
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}

function shuffled<T>(values: readonly T[], random: Random): readonly T[] {
  const result = [...values];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
}
