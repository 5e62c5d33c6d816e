import type { Fabric, Link, Port, PortProfile, Station, Switch } from "./fabric.ts";
import type { FabricSpec, SwitchSpec } from "./fabric-spec.ts";
import { type Identity, identities, portMac } from "./identity.ts";
import { portAliases } from "./port-alias.ts";
import { drawLoads } from "./station-loads.ts";
import { type FarEnd, isStation, planFarEnds } from "./stations.ts";
import { findTrafficLoop } from "./traffic-loop.ts";

/** A port while its link is still to come. */
interface LoosePort extends Port {
  link: Link | undefined;
}

interface LooseSwitch extends Switch {
  readonly ports: LoosePort[];
}

/**
 * Builds the fabric that a specification describes: the same for the same specification, in time that grows
 * with the number of ports. Links are in the order of their first ports, by switch and port. Throws
 * RangeError when a port has two links, a link joins ports of different speeds, a name comes twice, or
 * traffic would go round without end.
 */
export function buildFabric(spec: FabricSpec): Fabric {
  const plan = planFarEnds(spec);
  const loop = findTrafficLoop(spec.switches, plan)?.map((i) => spec.switches[i]?.name);
  if (loop !== undefined) throw new RangeError(`traffic would go round: ${loop.join(" → ")}`);
  const loads = drawLoads(spec, plan);
  const identify = identities(spec.seed);
  const names = new Set<string>();
  const switches = spec.switches.map((switchSpec, index) => {
    if (names.has(switchSpec.name))
      throw new RangeError(`two switches are named ${switchSpec.name}`);
    names.add(switchSpec.name);
    return makeSwitch(switchSpec, index, identify(switchSpec.name), portAliases(spec, plan, index));
  });
  const { seed, epoch, slotSeconds } = spec;
  return { seed, epoch, slotSeconds, switches, links: connect(switches, plan, loads) };
}

function makeSwitch(
  { name, profile }: SwitchSpec,
  index: number,
  { serial, mac, firstIfIndex }: Identity,
  aliases: readonly string[],
): LooseSwitch {
  const ports: LoosePort[] = [];
  const made: LooseSwitch = { index, name, profile, serial, mac, ports };
  for (const [i, port] of profile.ports.entries()) {
    ports.push({
      switch: made,
      index: i,
      profile: port,
      ifIndex: firstIfIndex + i,
      alias: aliases[i] as string,
      mac: portMac(mac, i),
      link: undefined,
    });
  }
  return made;
}

function connect(
  switches: readonly LooseSwitch[],
  plan: readonly (readonly FarEnd[])[],
  loads: readonly (readonly (number | undefined)[])[],
): readonly Link[] {
  const links: Link[] = [];
  for (const { index, name, ports } of switches) {
    for (const port of ports) {
      const end = plan[index]?.[port.index];
      // A link between switches is made at its first port.
      if (end === undefined || port.link !== undefined) continue;
      const peer = isStation(end)
        ? stationOf(end, loads[index]?.[port.index] as number)
        : (switches[end.switch]?.ports[end.port] as LoosePort);
      const { speed } = port.profile;
      const id = `${name}:${port.profile.name}`;
      const link: Link = { index: links.length, id, speed, port, peer };
      port.link = link;
      if ("ifIndex" in peer) plug(peer, link);
      links.push(link);
    }
  }
  return links;
}

function stationOf({ kind, name }: Pick<Station, "kind" | "name">, load: number): Station {
  return { kind, name, load };
}

function plug(port: LoosePort, link: Link): void {
  const { name, speed }: PortProfile = port.profile;
  if (speed !== link.speed)
    throw new RangeError(
      `link ${link.id} has ${link.speed} bit/s, its other end ${port.switch.name}:${name} ${speed}`,
    );
  port.link = link;
}
