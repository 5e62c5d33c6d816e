import { mixText } from "../seed/mix.ts";
import type { PortProfile, Station } from "./fabric.ts";
import type { FabricSpec, SwitchSpec } from "./fabric-spec.ts";
import { byHash, type FarEnd, isStation } from "./stations.ts";

/**
 * What an operator would write on each port of a switch: published alert rules look for `uplink` and
 * `critical` in it.
 *
 *   uplink to spine1 Ethernet1/3   on a leaf, towards a spine or the core
 *   leaf2 Ethernet1/49             on a spine
 *   server-07 eth0                 towards a host; every sixteenth, and one at least, is `critical …`
 *   (empty)                        on a free port
 *
 * What the specification says goes first.
 */
export function portAliases(
  spec: FabricSpec,
  plan: readonly (readonly FarEnd[])[],
  index: number,
): readonly string[] {
  const { name, profile, aliases } = spec.switches[index] as SwitchSpec;
  const ends = plan[index] as readonly FarEnd[];
  const critical = criticalPorts(spec, ends, name);
  return profile.ports.map((port, i) => {
    const given = aliases.get(i);
    if (given !== undefined) return given;
    const end = ends[i];
    if (end === undefined) return "";
    const isLeaf = profile.role === "leaf";
    if (!isStation(end)) {
      const far = spec.switches[end.switch] as SwitchSpec;
      const text = `${far.name} ${(far.profile.ports[end.port] as PortProfile).name}`;
      return isLeaf && port.isUplink ? `uplink to ${text}` : text;
    }
    const text = `${end.name} ${stationPortName(end, name, i)}`;
    if (end.kind === "core" && !isBelow(end)) return `uplink to ${text}`;
    return critical.has(i) ? `critical ${text}` : text;
  });
}

/**
 * The port of a station that a link from the `index`th port of a switch ends at, as the station itself would
 * name it: what the alias and the neighbour table both say.
 */
export function stationPortName(
  station: Pick<Station, "kind" | "name">,
  switchName: string,
  index: number,
): string {
  if (station.kind === "host") return "eth0";
  if (station.kind === "storage") return "e0a";
  if (isBelow(station)) return "Ethernet1/49";
  const state = mixText(0, `core ${switchName}`);
  return `Ethernet${1 + (state % 8)}/${1 + (index % 48)}`;
}

/** The leaves under a spine that stands alone are stations of the network, but no way up. */
function isBelow({ name }: Pick<Station, "name">): boolean {
  return name.startsWith("leaf");
}

/** Of the stations that came by themselves, whose names the user did not choose. */
function criticalPorts(
  spec: FabricSpec,
  ends: readonly FarEnd[],
  name: string,
): ReadonlySet<number> {
  const named = new Set(spec.stations);
  const candidates = ends.flatMap((end, port) =>
    isStation(end) && end.kind !== "core" && !named.has(end) ? [port] : [],
  );
  const count = Math.max(1, Math.round(candidates.length / 16));
  return new Set(byHash(candidates, mixText(spec.seed, `critical ${name}`)).slice(0, count));
}
