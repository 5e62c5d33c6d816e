import { isPort, type Switch } from "../fabric/fabric.ts";
import { unit } from "../seed/mix.ts";
import type { EffectIndex } from "./effect-index.ts";
import { Ingress, type ShareChanges, type Volume } from "./ingress.ts";
import type { LinkTimeline } from "./link-timeline.ts";
import type { Inlet } from "./stream.ts";

/** The part of what comes from below that stays below: servers of one rack talk to each other. */
const LOCAL_RATIO = 0.3;

/** Ports whose arrivals are divided alike, and the weight each egress port has for them: together 1. */
export interface Division {
  readonly ports: readonly number[];
  readonly weights: readonly number[];
}

/**
 * How a switch divides what arrives among its egress ports: in fixed shares, so that every byte that comes
 * in is offered to exactly one port, at any moment, and offers never decrease.
 *
 *   leaf    from access ports: 30 % to access ports, the rest to the uplinks; from uplinks: to access ports
 *   others  from each neighbour: to the ports of all other neighbours
 */
export class Forwarding implements ShareChanges {
  readonly #switch: Switch;
  readonly #effects: EffectIndex;
  readonly #timelines: readonly (LinkTimeline | undefined)[];
  readonly #ingresses: readonly Ingress[];
  #revision = -1;
  #version = "";

  /** `timelines` and `inlets` by port; none for free ports. */
  constructor(
    node: Switch,
    effects: EffectIndex,
    timelines: readonly (LinkTimeline | undefined)[],
    inlets: readonly (Inlet | undefined)[],
    state: number,
  ) {
    this.#switch = node;
    this.#effects = effects;
    this.#timelines = timelines;
    this.#ingresses = divisionsOf(node, state).map(({ ports, weights }) => {
      const own = ports.map((port) => inlets[port]).filter((inlet) => inlet !== undefined);
      return new Ingress(own, weights, this);
    });
  }

  /** Changes when the past may have changed. */
  get version(): string {
    const { revision } = this.#effects;
    if (revision !== this.#revision) {
      this.#revision = revision;
      const links = this.#timelines.map((timeline) => timeline?.version ?? "");
      this.#version = [this.#effects.version(this.#switch.name), ...links].join("/");
    }
    return this.#version;
  }

  /** Changes with any effect in the fabric. */
  get revision(): number {
    return this.#effects.revision;
  }

  /** Bytes and packets that have been offered to an egress port since the epoch. */
  offeredUntil(port: number, seconds: number): Volume {
    let bytes = 0;
    let packets = 0;
    for (const ingress of this.#ingresses) {
      if (!ingress.feeds(port)) continue;
      const given = ingress.givenUntil(port, seconds);
      bytes += given.bytes;
      packets += given.packets;
    }
    return { bytes, packets };
  }

  /** A bound on the bytes offered to a port in any slot of a span. */
  mostOfferedInSlot(port: number, from: number, to: number, slot: number): number {
    let sum = 0;
    for (const ingress of this.#ingresses)
      if (ingress.feeds(port)) sum += ingress.mostGivenInSlot(port, from, to, slot);
    return sum;
  }

  /** When shares change: ports go up or down, incidents shift traffic. */
  get times(): readonly number[] {
    const links = this.#timelines.flatMap((timeline) => timeline?.turns ?? []);
    const shifts = this.#effects
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
      for (const effect of this.#effects.on(this.#switch.name)) {
        if (effect.kind === "forwarding" && effect.from <= at && at < effect.to)
          factor *= effect.factors.get(index) ?? 1;
      }
      return factor;
    });
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
