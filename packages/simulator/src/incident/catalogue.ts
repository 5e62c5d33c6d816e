import { farEnd } from "../chassis/bgp-session.ts";
import { type Fabric, isPort, type Port, type Switch } from "../fabric/fabric.ts";
import type { Effect, EffectKind } from "./effect.ts";
import { EVERYTHING } from "./families.ts";
import { endOf, type Incident, type IncidentType, type Movement, type Reach } from "./incident.ts";
import {
  ageingLaser,
  counterWrap,
  dirtyOptic,
  flapTrain,
  LINK_LOST,
  linkDown,
  stuckCounter,
} from "./link-incidents.ts";
import { sceneOf } from "./scene.ts";
import {
  bgpFlap,
  fanFailure,
  macFlood,
  memoryLeak,
  overheating,
  psuLoss,
  reboot,
} from "./switch-incidents.ts";
import { ecmpPolarisation, incast, microburst, uplinkSaturation } from "./traffic-incidents.ts";

/** Every incident there is, by what it concerns: links and optics, traffic, the chassis, protocols, counters. */
export const CATALOGUE: readonly IncidentType[] = [
  linkDown,
  flapTrain,
  dirtyOptic,
  ageingLaser,
  microburst,
  uplinkSaturation,
  incast,
  ecmpPolarisation,
  fanFailure,
  psuLoss,
  overheating,
  reboot,
  memoryLeak,
  bgpFlap,
  macFlood,
  counterWrap,
  stuckCounter,
];

const byName: ReadonlyMap<string, IncidentType> = new Map(
  CATALOGUE.map((type) => [type.name, type]),
);

/** The entry of the catalogue with a name, if there is one. */
export function incidentType(name: string): IncidentType | undefined {
  return byName.get(name);
}

/**
 * The effects of an incident, by their start: a pure function. What concerns traffic begins and ends with the
 * slots of the queue model, at the next one. An incident that was stopped has the effects it would have had,
 * cut off there. Throws RangeError for a type or a target that does not exist.
 */
export function incidentEffects(fabric: Fabric, incident: Incident): readonly Effect[] {
  const type = incidentType(incident.type);
  if (type === undefined) throw new RangeError(`no incident ${incident.type} in the catalogue`);
  const effects = type
    .effectsOf(sceneOf(fabric, incident, type))
    .map((effect) => inSlots(effect, fabric.slotSeconds));
  const { stopped } = incident;
  const cut =
    stopped === undefined ? effects : effects.flatMap((effect) => cutOff(effect, stopped, fabric));
  return cut.toSorted((a, b) => a.from - b.from);
}

/**
 * Effects on what flows: a slot of the queue model, and what it loses, is judged as a whole, so a change in
 * its midst would change what has been read of it already.
 */
const SLOTTED: ReadonlySet<EffectKind> = new Set(["link-down", "load", "forwarding", "reboot"]);

function inSlots(effect: Effect, slot: number): Effect {
  if (!SLOTTED.has(effect.kind)) return effect;
  const from = Math.ceil(effect.from / slot) * slot;
  return { ...effect, from, to: Math.max(from + slot, Math.ceil(effect.to / slot) * slot) };
}

function cutOff(effect: Effect, stopped: number, { slotSeconds }: Fabric): readonly Effect[] {
  const at = SLOTTED.has(effect.kind) ? Math.ceil(stopped / slotSeconds) * slotSeconds : stopped;
  return effect.from < at ? [{ ...effect, to: Math.min(effect.to, at) }] : [];
}

/**
 * What an incident may move alone, and how far from its target; for a type that does not exist, nothing. Together
 * incidents may do more: two that dim the same light lose a link, two that fail power supplies turn a switch off.
 */
export function movementsOf(fabric: Fabric, incident: Incident): readonly Movement[] {
  const type = incidentType(incident.type);
  if (type === undefined) return [];
  const isSevere = type.mayLoseLink?.(sceneOf(fabric, incident, type)) ?? false;
  return isSevere ? [...type.moves, ...LINK_LOST] : type.moves;
}

/** Whether an incident may move a metric family of a switch, and of one of its ports where the family has them. */
export function mayMove(
  fabric: Fabric,
  incident: Incident,
  metric: { readonly family: string; readonly switch: string; readonly port?: string | undefined },
): boolean {
  const type = incidentType(incident.type);
  if (type === undefined) return false;
  const { on, port } = sceneOf(fabric, incident, type);
  return movementsOf(fabric, incident).some(
    ({ families, reach }) =>
      (families.includes(metric.family) || families.includes(EVERYTHING)) &&
      reaches(reach, on, port, metric),
  );
}

function reaches(
  reach: Reach,
  on: Switch,
  port: Port | undefined,
  metric: { readonly switch: string; readonly port?: string | undefined },
): boolean {
  const is = (end: Port | undefined): boolean =>
    end?.switch.name === metric.switch &&
    (metric.port === undefined || metric.port === end.profile.name);
  switch (reach) {
    case "port":
      return is(port);
    case "peer":
      return is(farPort(port));
    case "link":
      return is(port) || is(farPort(port));
    case "switch":
      return metric.switch === on.name;
    case "neighbours":
      return (
        metric.switch === on.name ||
        on.ports.some((each) => farPort(each)?.switch.name === metric.switch)
      );
    case "fabric":
      return true;
  }
}

/** The port at the other end of a port's link, if that is one of the fabric. */
function farPort(port: Port | undefined): Port | undefined {
  const far = port && farEnd(port);
  return far !== undefined && isPort(far) ? far : undefined;
}

/**
 * The time of an incident and all of its effects: what traffic does may begin and end up to a slot later.
 * Empty for one that was stopped before it had any.
 */
export function extentOf(
  incident: Incident,
  effects: readonly Effect[],
): { readonly from: number; readonly to: number } {
  const [first] = effects;
  if (first === undefined) {
    const at = Math.min(incident.start, incident.stopped ?? Infinity);
    return { from: at, to: at };
  }
  return {
    from: first.from,
    to: effects.reduce((latest, { to }) => Math.max(latest, to), endOf(incident)),
  };
}
