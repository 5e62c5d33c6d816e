import { assert } from "@linklight/model";
import type { Fabric, Link, Port, Switch } from "../fabric/fabric.ts";
import { mixText } from "../seed/mix.ts";
import { defaultOf, endOf, type Incident, type IncidentType, type Scene } from "./incident.ts";

/** The link at the port of a scene of a link or a port. */
export function linkOf(port: Port | undefined): Link {
  assert(port?.link !== undefined, `incident: port ${port?.profile.name} has no link`);
  return port.link;
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
  const target = type.target === "switch" ? undefined : port;
  return {
    fabric,
    on,
    port: target,
    span: { from: incident.start, to: endOf({ ...incident, stopped: undefined }) },
    state: mixText(fabric.seed, incident.id),
    value(name) {
      const parameter = type.parameters.find((each) => each.name === name);
      assert(parameter !== undefined, `incident: ${type.name} has no parameter ${name}`);
      return incident.parameters[name] ?? defaultOf(parameter, fabric, on, target);
    },
  };
}
