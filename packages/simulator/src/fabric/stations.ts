import { mix, mixText } from "../seed/mix.ts";
import type { Station } from "./fabric.ts";
import type { FabricSpec, PortPlace, StationSpec, SwitchSpec } from "./fabric-spec.ts";

/** What a port leads to, by port index: another port, a station, or nothing. */
export type FarEnd = PortPlace | StationSpec | undefined;

/** The most ports by which a spine reaches the core. */
const MOST_CORE_PORTS = 4;

/** Whether a far end is a station. */
export function isStation(end: FarEnd): end is StationSpec {
  return end !== undefined && "kind" in end;
}

/**
 * What each port of each switch leads to: the links and stations of the specification, and on switches that
 * are filled the stations that come by themselves:
 *
 *   access ports       hosts, a twelfth of them storage; two to four ports stay free
 *   uplinks of a leaf  the core, when no link leaves the switch; else they stay free
 *   a spine            the core, on up to four of the last free ports; on all but two when it has no link
 *
 * Throws RangeError for a port that is claimed twice.
 */
export function planFarEnds(spec: FabricSpec): readonly (readonly FarEnd[])[] {
  const plan = spec.switches.map(({ profile }) => new Array<FarEnd>(profile.ports.length));
  const claim = (at: PortPlace, end: FarEnd): void => {
    const ends = plan[at.switch];
    if (ends === undefined || at.port >= ends.length)
      throw new RangeError(`no port ${at.port} on switch ${at.switch}`);
    if (ends[at.port] !== undefined)
      throw new RangeError(`port ${at.port} of switch ${at.switch} has two links`);
    ends[at.port] = end;
  };
  for (const { a, b } of spec.links) {
    claim(a, b);
    claim(b, a);
  }
  for (const station of spec.stations) claim(station.at, station);
  const names = new StationNames(spec.stations);
  for (const [index, { isFilled }] of spec.switches.entries()) {
    if (isFilled) fill(spec, index, plan[index] as FarEnd[], names);
  }
  return plan;
}

/** Gives out names such as `server-07`, each once, and none that the user has taken. */
class StationNames {
  readonly #taken: ReadonlySet<string>;
  readonly #counts = new Map<string, number>();

  constructor(stations: readonly StationSpec[]) {
    this.#taken = new Set(stations.map(({ name }) => name));
  }

  next(word: string, digits: number): string {
    const count = (this.#counts.get(word) ?? 0) + 1;
    this.#counts.set(word, count);
    const name = `${word}-${String(count).padStart(digits, "0")}`;
    return this.#taken.has(name) ? this.next(word, digits) : name;
  }
}

function fill(spec: FabricSpec, index: number, ends: FarEnd[], names: StationNames): void {
  const { name, profile } = spec.switches[index] as SwitchSpec;
  const state = mixText(spec.seed, `stations ${name}`);
  const isLinked = ends.some((end) => end !== undefined && !isStation(end));
  const put = (port: number, kind: Station["kind"], stationName: string): void => {
    ends[port] = { at: { switch: index, port }, kind, name: stationName, load: undefined };
  };
  const free = profile.ports.flatMap((_, port) => (ends[port] === undefined ? [port] : []));
  if (profile.role === "spine") {
    fillSpine(isLinked ? free.slice(-MOST_CORE_PORTS) : free, isLinked, names, put);
    return;
  }
  const isUplink = (port: number): boolean => profile.ports[port]?.isUplink === true;
  const hasCore = ends.some((end, port) => end !== undefined && isUplink(port));
  if (!hasCore) for (const port of free.filter(isUplink)) put(port, "core", coreName(port));

  const access = free.filter((port) => !isUplink(port));
  const ranked = byHash(access, state);
  const spare = access.length < 8 ? 0 : 2 + (mix(state, 0) % 3);
  const storage = new Set(ranked.slice(spare, spare + Math.floor(access.length / 12)));
  const taken = new Set(ranked.slice(spare));
  for (const port of access.filter((p) => taken.has(p))) {
    const isOffice = profile.ports[port]?.formFactor === "RJ45";
    if (isOffice) put(port, "host", officeName(mix(state, 1000 + port), names));
    else if (storage.has(port)) put(port, "storage", names.next("storage", 1));
    else put(port, "host", names.next("server", 2));
  }
}

/** A spine without any link has the leaves it would have, as stations: the rest of the network. */
function fillSpine(
  free: readonly number[],
  isLinked: boolean,
  names: StationNames,
  put: (port: number, kind: "core", name: string) => void,
): void {
  const core = isLinked ? free : free.slice(-MOST_CORE_PORTS);
  for (const port of core) put(port, "core", coreName(port));
  if (isLinked) return;
  // Two ports stay free.
  for (const port of free.slice(0, -MOST_CORE_PORTS - 2)) put(port, "core", names.next("leaf", 2));
}

/** Two core routers, for one may fail. */
function coreName(port: number): string {
  return `core-${1 + (port % 2)}`;
}

function officeName(hash: number, names: StationNames): string {
  const share = hash / 2 ** 32;
  if (share < 0.7) return names.next("workstation", 2);
  if (share < 0.85) return names.next("phone", 2);
  return share < 0.95 ? names.next("access-point", 1) : names.next("printer", 1);
}

/** The ports in an order that seed and name decide. */
export function byHash(ports: readonly number[], state: number): readonly number[] {
  return ports
    .map((port) => [mix(state, port), port] as const)
    .sort((a, b) => a[0] - b[0] || a[1] - b[1])
    .map(([, port]) => port);
}
