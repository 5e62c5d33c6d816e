import { Chassis } from "./chassis/chassis.ts";
import { withPowerOutages } from "./chassis/power-outages.ts";
import { Warmth } from "./chassis/warmth.ts";
import { type Fabric, isPort, type Link, type Port, type Station } from "./fabric/fabric.ts";
import type { EffectSource } from "./incident/effect.ts";
import { withOpticalOutages } from "./optics/optical-outages.ts";
import { SwitchOptics } from "./optics/switch-optics.ts";
import { SwitchModel } from "./port/switch-traffic.ts";
import { mix, mixText, unit } from "./seed/mix.ts";
import { EffectIndex } from "./traffic/effect-index.ts";
import { Forwarding } from "./traffic/forwarding.ts";
import { LinkTimeline } from "./traffic/link-timeline.ts";
import { MeanLoad } from "./traffic/mean-load.ts";
import { type Inlet, Stream } from "./traffic/stream.ts";

/** The running model of a fabric: the traffic of its switches, and the state of its links. */
export interface Simulation {
  readonly fabric: Fabric;
  /** In the order of the fabric. */
  readonly switches: readonly SwitchModel[];
  /** The timeline of a link, by its index. */
  readonly links: readonly LinkTimeline[];
  /** The transceivers of each switch, by its index. */
  readonly optics: readonly SwitchOptics[];
  /** The rest of each switch, by its index. */
  readonly chassis: readonly Chassis[];
}

/** Makes the model of a fabric in which these effects happen. Costs little: numbers are computed when read. */
export function simulate(fabric: Fabric, source: EffectSource): Simulation {
  const effects = new EffectIndex(withOpticalOutages(fabric, withPowerOutages(fabric, source)));
  const links = fabric.links.map((link) => new LinkTimeline(link, effects));
  const switches: SwitchModel[] = [];
  const optics: SwitchOptics[] = [];
  const chassis: Chassis[] = [];
  for (const node of fabric.switches) {
    const state = mixText(fabric.seed, node.name);
    const timelines = node.ports.map(({ link }) => link && links[link.index]);
    const inlets = node.ports.map((port) => inletOf(fabric, port, timelines[port.index], switches));
    const forwarding = new Forwarding(node, effects, timelines, inlets, state);
    const traffic = new SwitchModel(fabric, node, {
      effects,
      timelines,
      inlets,
      farPauses: node.ports.map((port) => farPausesOf(port, switches)),
      forwarding,
      state,
    });
    const warmth = new Warmth(fabric.seed, node, effects, traffic);
    const parts = { effects, timelines, traffic, warmth };
    switches.push(traffic);
    optics.push(new SwitchOptics(fabric, node, { ...parts, arrivals: inlets }));
    chassis.push(new Chassis(fabric, node, parts));
  }
  return { fabric, switches, links, optics, chassis };
}

function inletOf(
  fabric: Fabric,
  port: Port,
  timeline: LinkTimeline | undefined,
  switches: readonly SwitchModel[],
): Inlet | undefined {
  const { link } = port;
  if (link === undefined || timeline === undefined) return undefined;
  const far = link.port === port ? link.peer : link.port;
  if (!isPort(far)) return streamOf(fabric, link, far, timeline);
  // The far switch may not be made yet: asked for when read.
  const outlet = (): Inlet => (switches[far.switch.index] as SwitchModel).outlet(far.index);
  return {
    bytesUntil: (seconds) => outlet().bytesUntil(seconds),
    packetsUntil: (seconds) => outlet().packetsUntil(seconds),
    mostBytesInSlot: (span, slot) => outlet().mostBytesInSlot(span, slot),
  };
}

/** How long the port at the other end of a link has asked this one to pause; stations never do. */
function farPausesOf(
  port: Port,
  switches: readonly SwitchModel[],
): ((seconds: number) => number) | undefined {
  const { link } = port;
  const far = link?.port === port ? link.peer : link?.port;
  if (far === undefined || !isPort(far)) return undefined;
  return (seconds) => (switches[far.switch.index] as SwitchModel).pausedMsUntil(far.index, seconds);
}

/**
 * What a station sends over its link, whose timeline says when it may. Servers are busiest in the early
 * afternoon, a little apart from each other; weekends are calm.
 */
export function streamOf(
  fabric: Fabric,
  link: Link,
  station: Station,
  timeline: LinkTimeline,
): Stream {
  const state = mix(mixText(fabric.seed, link.id), 1);
  const mean = new MeanLoad({
    bytesPerSecond: (station.load * link.speed) / 8,
    dailySwing: 0.35 + 0.15 * unit(state, 1),
    halfDailySwing: 0.1,
    peakAt: 0.58 + 0.08 * (unit(state, 2) - 0.5),
    weekdays: [1, 1.04, 1.06, 1.04, 0.96, 0.55, 0.5],
  });
  return new Stream(timeline, mean, Math.round(400 + 600 * unit(state, 3)), mix(state, 4));
}
