import { isPort, type Switch } from "../fabric/fabric.ts";
import { unit } from "../seed/mix.ts";
import type { EffectIndex } from "./effect-index.ts";
import { Ingress, type ShareChanges, type Volume, type Volumes } from "./ingress.ts";
import type { LinkTimeline } from "./link-timeline.ts";
import type { Inlet, SlotSpan } from "./stream.ts";

/** The part of what comes from below that stays below: servers of one rack talk to each other. */
const LOCAL_RATIO = 0.3;

/** Ports whose arrivals are divided alike, and the weight each egress port has for them: together 1. */
export interface Division {
  readonly ports: readonly number[];
  readonly weights: readonly number[];
}

/**
 * How a switch divides what arrives among its egress ports: in fixed shares, so that every byte that comes
 * in is offered to exactly one port, at any moment, and offers never decrease. Where none of the ports that it
 * may go to is up, it is dropped as it arrives.
 *
 *   leaf    from access ports: 30 % to access ports, the rest to the uplinks; from uplinks: to access ports
 *   others  from each neighbour: to the ports of all other neighbours
 */
export class Forwarding implements ShareChanges {
  readonly effects: EffectIndex;
  readonly #switch: Switch;
  readonly #timelines: readonly (LinkTimeline | undefined)[];
  readonly #ingresses: readonly Ingress[];
  readonly #inlets: readonly (Inlet | undefined)[];
  /** By port. */
  readonly #ingressOf = new Map<number, Ingress>();

  /** `timelines` and `inlets` by port; none for free ports. */
  constructor(
    node: Switch,
    effects: EffectIndex,
    timelines: readonly (LinkTimeline | undefined)[],
    inlets: readonly (Inlet | undefined)[],
    state: number,
  ) {
    this.#switch = node;
    this.effects = effects;
    this.#timelines = timelines;
    this.#inlets = inlets;
    this.#ingresses = divisionsOf(node, state).map(({ ports, weights }) => {
      const own = ports.map((port) => inlets[port]).filter((inlet) => inlet !== undefined);
      const ingress = new Ingress(own, weights, this, effects);
      for (const port of ports) this.#ingressOf.set(port, ingress);
      return ingress;
    });
  }

  /** What is offered to some egress ports, by their indexes. */
  offersTo(ports: readonly number[]): EgressOffers {
    return new EgressOffers(
      ports,
      this.#ingresses.filter((ingress) => ingress.feedsAny(ports)),
    );
  }

  /** What had arrived at a port since the epoch, and was dropped since no port that it may go to was up. */
  unroutedUntil(port: number, seconds: number): Volume | undefined {
    const inlet = this.#inlets[port];
    return inlet && this.#ingressOf.get(port)?.unroutedUntil(inlet, seconds);
  }

  /** When shares change: ports go up or down, incidents shift traffic. */
  get times(): readonly number[] {
    const links = this.#timelines.flatMap((timeline) => timeline?.turns ?? []);
    const shifts = this.effects
      .on(this.#switch.name)
      .flatMap((effect) => (effect.kind === "forwarding" ? [effect.from, effect.to] : []));
    return [...new Set([0, ...links, ...shifts])]
      .filter((time) => time >= 0 && time < Infinity)
      .sort((a, b) => a - b);
  }

  factors(at: number): readonly number[] {
    return this.#switch.ports.map(({ index }) => {
      if (!this.#timelines[index]?.isUp(at)) return 0;
      let factor = 1;
      for (const effect of this.effects.on(this.#switch.name)) {
        if (effect.kind === "forwarding" && effect.from <= at && at < effect.to)
          factor *= effect.factors.get(index) ?? 1;
      }
      return factor;
    });
  }
}

/**
 * What is offered to egress ports that are fed alike: all at once, since what arrives at their switch has to be
 * added up only once then. Never of all ports of a switch: what goes up is a part of what comes down again.
 */
export class EgressOffers {
  readonly #ports: readonly number[];
  readonly #ingresses: readonly Ingress[];

  constructor(ports: readonly number[], ingresses: readonly Ingress[]) {
    this.#ports = ports;
    this.#ingresses = ingresses;
  }

  /** Bytes and packets that have been offered to each port since the epoch. */
  until(seconds: number): Volumes {
    const { length } = this.#ports;
    const sums = { bytes: new Float64Array(length), packets: new Float64Array(length) };
    for (const ingress of this.#ingresses) ingress.addGiven(this.#ports, seconds, sums);
    return sums;
  }

  /** A bound on the bytes offered to each port in any slot of a span. */
  mostInSlot(span: SlotSpan, slot: number): Float64Array {
    const most = new Float64Array(this.#ports.length);
    for (const ingress of this.#ingresses) ingress.addMostGiven(this.#ports, span, slot, most);
    return most;
  }
}

/** How a switch divides what arrives while all of its ports are up and nothing shifts traffic. */
export function divisionsOf({ ports }: Switch, state: number): readonly Division[] {
  const linked = ports.filter(({ link }) => link !== undefined);
  const up = linked.filter(({ profile }) => profile.isUplink);
  const down = linked.filter(({ profile }) => !profile.isUplink);
  // Hashing spreads flows unevenly: ±10 %.
  const jitter = (port: number): number => 0.9 + 0.2 * unit(state, port);
  const bySpeed = (among: readonly (typeof ports)[number][], total: number) => (port: number) => {
    const found = among.find(({ index }) => index === port);
    const sum = among.reduce(
      (rates, { index, profile }) => rates + profile.speed * jitter(index),
      0,
    );
    return found === undefined ? 0 : (total * found.profile.speed * jitter(port)) / sum;
  };
  const weightsOf = (...parts: readonly ((port: number) => number)[]) =>
    ports.map(({ index }) => parts.reduce((sum, part) => sum + part(index), 0));
  if (up.length > 0 && down.length > 0) {
    return [
      {
        ports: down.map(({ index }) => index),
        weights: weightsOf(bySpeed(down, LOCAL_RATIO), bySpeed(up, 1 - LOCAL_RATIO)),
      },
      { ports: up.map(({ index }) => index), weights: weightsOf(bySpeed(down, 1)) },
    ];
  }
  const neighbours = groupByNeighbour(linked);
  return neighbours.map((own) => ({
    ports: own.map(({ index }) => index),
    weights: weightsOf(
      bySpeed(
        linked.filter((port) => neighbours.length === 1 || !own.includes(port)),
        1,
      ),
    ),
  }));
}

function groupByNeighbour(ports: readonly Switch["ports"][number][]): Switch["ports"][number][][] {
  const groups = new Map<string, Switch["ports"][number][]>();
  for (const port of ports) {
    const far = port.link?.port === port ? port.link.peer : port.link?.port;
    const name = far !== undefined && isPort(far) ? far.switch.name : `port ${port.index}`;
    groups.set(name, [...(groups.get(name) ?? []), port]);
  }
  return [...groups.values()];
}
