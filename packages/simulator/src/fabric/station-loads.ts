import { mix, mixText } from "../seed/mix.ts";
import type { PortProfile, Station } from "./fabric.ts";
import type { FabricSpec, SwitchSpec } from "./fabric-spec.ts";
import { type FarEnd, isStation } from "./stations.ts";

/** Hosts of a leaf send at most this share of what its uplinks carry: most of it may leave the rack. */
const MOST_UP = 0.2;
/** The core sends at most this share of what the access ports below it carry. */
const MOST_DOWN = 0.12;

/**
 * The mean load of every station, by switch and port, as a share of the line rate; stations whose load is
 * given keep it. Drawn by hash: most stations send little, few send much. Then lowered where they would be
 * too much for the uplinks they share or for the access ports they send to, so that a calm day fills no port.
 */
export function drawLoads(
  spec: FabricSpec,
  plan: readonly (readonly FarEnd[])[],
): readonly (readonly (number | undefined)[])[] {
  const capacities = spec.switches.map((_, i) => capacitiesOf(spec, plan, i));
  const spines = spec.switches.filter(({ profile }) => profile.role === "spine").length;
  const accessOfAll = capacities.reduce((sum, { access }) => sum + access, 0);
  return spec.switches.map(({ name, profile }, i) => {
    const ends = plan[i] as readonly FarEnd[];
    const { access, uplink } = capacities[i] as Capacities;
    const below = profile.role === "spine" ? accessOfAll / spines : access;
    const drawn = ends.map((end, port) =>
      isStation(end)
        ? (end.load ??
          draw(
            mix(mixText(spec.seed, `load ${name}`), port),
            end.kind,
            (profile.ports[port] as PortProfile).speed,
          ))
        : undefined,
    );
    const sent = (isCore: boolean): number =>
      ends.reduce((sum, end, port) => {
        const isMeant = isStation(end) && (end.kind === "core") === isCore;
        return isMeant ? sum + (drawn[port] as number) * speedOf(spec, i, port) : sum;
      }, 0);
    const hostScale = scaleTo(uplink * MOST_UP, sent(false));
    const coreScale = scaleTo(below * MOST_DOWN, sent(true));
    return ends.map((end, port) => {
      if (!isStation(end) || end.load !== undefined) return drawn[port];
      return (drawn[port] as number) * (end.kind === "core" ? coreScale : hostScale);
    });
  });
}

/** Bits per second of the ports of a switch that lead somewhere. */
interface Capacities {
  readonly access: number;
  readonly uplink: number;
}

function capacitiesOf(
  spec: FabricSpec,
  plan: readonly (readonly FarEnd[])[],
  index: number,
): Capacities {
  let access = 0;
  let uplink = 0;
  for (const [port, end] of (plan[index] as readonly FarEnd[]).entries()) {
    if (end === undefined) continue;
    const { isUplink, speed } = portOf(spec, index, port);
    if (isUplink) uplink += speed;
    else access += speed;
  }
  return { access, uplink };
}

/** 1 where there is no limit: without uplinks hosts talk among themselves. */
function scaleTo(most: number, sent: number): number {
  return most > 0 && sent > most ? most / sent : 1;
}

/** Means of 3 to 15 %: most hosts send little, storage sends much; desks wait for people. */
function draw(hash: number, kind: Station["kind"], speed: number): number {
  const u = hash / 2 ** 32;
  switch (kind) {
    case "host":
      return (0.03 + 0.11 * u * u) * (speed <= 1e9 ? 0.5 : 1);
    case "storage":
      return 0.08 + 0.07 * u;
    case "core":
      return 0.03 + 0.05 * u;
  }
}

function portOf(spec: FabricSpec, index: number, port: number): PortProfile {
  const { profile } = spec.switches[index] as SwitchSpec;
  return profile.ports[port] as PortProfile;
}

function speedOf(spec: FabricSpec, index: number, port: number): number {
  return portOf(spec, index, port).speed;
}
