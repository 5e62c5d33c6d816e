import { assert } from "@linklight/model";
import { type Fabric, isPort, type Link, type Port, type Switch } from "../fabric/fabric.ts";
import { mixText } from "../seed/mix.ts";
import { endOf, type Incident, type IncidentType, type Scene } from "./incident.ts";

/** The link at the port of a scene of a link or a port. */
export function linkOf(port: Port | undefined): Link {
  assert(port?.link !== undefined, `incident: port ${port?.profile.name} has no link`);
  return port.link;
}

/** How many BGP sessions a switch has: one for each uplink in use, or without uplinks for each neighbour in use. */
export function peerCount({ ports }: Switch): number {
  const linked = ports.filter(({ link }) => link !== undefined);
  const uplinks = linked.filter(({ profile }) => profile.isUplink);
  return (uplinks.length > 0 ? uplinks : linked.filter(leadsToSwitch)).length;
}

function leadsToSwitch({ link }: Port): boolean {
  return link !== undefined && isPort(link.peer);
}

const switchesByName = new WeakMap<Fabric, ReadonlyMap<string, Switch>>();

/** The switch of a name, if the fabric has it. */
export function switchOf(fabric: Fabric, name: string): Switch | undefined {
  let byName = switchesByName.get(fabric);
  if (byName === undefined) {
    byName = new Map(fabric.switches.map((each) => [each.name, each]));
    switchesByName.set(fabric, byName);
  }
  return byName.get(name);
}

/** The scene of an incident of a type. Throws RangeError for a target that the fabric does not have. */
export function sceneOf(fabric: Fabric, incident: Incident, type: IncidentType): Scene {
  const on = switchOf(fabric, incident.switch);
  if (on === undefined) throw new RangeError(`no switch ${incident.switch} in the fabric`);
  const port = on.ports.find(({ profile }) => profile.name === incident.port);
  if (type.target !== "switch" && port?.link === undefined)
    throw new RangeError(`no port ${incident.port} with a link on switch ${on.name}`);
  const defaults = new Map(type.parameters.map((each) => [each.name, each.default]));
  return {
    fabric,
    on,
    port: type.target === "switch" ? undefined : port,
    span: { from: incident.start, to: endOf({ ...incident, stopped: undefined }) },
    state: mixText(fabric.seed, incident.id),
    value(name) {
      const value = incident.parameters[name] ?? defaults.get(name);
      assert(value !== undefined, `incident: ${type.name} has no parameter ${name}`);
      return value;
    },
  };
}
