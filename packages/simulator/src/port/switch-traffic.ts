import { TRAFFIC_CLASSES } from "../buffer/traffic-class.ts";
import type { Fabric, Switch } from "../fabric/fabric.ts";
import type { EffectIndex } from "../traffic/effect-index.ts";
import type { Forwarding } from "../traffic/forwarding.ts";
import type { LinkTimeline } from "../traffic/link-timeline.ts";
import type { Inlet } from "../traffic/stream.ts";
import { BackPressure } from "./back-pressure.ts";
import { Pool } from "./pool.ts";
import { type PortModel, PortMoment, type PortPlace, type PortStart } from "./port-moment.ts";
import type { PortReading, SwitchTraffic } from "./port-reading.ts";

/** What the traffic of a switch is made of. */
export interface SwitchParts {
  readonly effects: EffectIndex;
  /** By port, like `inlets` and `farPauses`: none for free ports. */
  readonly timelines: readonly (LinkTimeline | undefined)[];
  readonly inlets: readonly (Inlet | undefined)[];
  /** For how many milliseconds since the epoch the port at the other end has asked to pause; none for stations. */
  readonly farPauses: readonly (((seconds: number) => number) | undefined)[];
  readonly forwarding: Forwarding;
  readonly state: number;
}

/** The traffic of one switch: what arrives, what is offered, what is lost and what leaves. */
export class SwitchModel implements SwitchTraffic {
  readonly node: Switch;
  readonly #parts: SwitchParts;
  readonly #pools: readonly Pool[];
  readonly #places: readonly PortPlace[];
  readonly #pressure: BackPressure;
  readonly #slot: number;
  #starts: readonly PortStart[] = [];
  #startsAt = -1;
  #startsRevision = -1;

  constructor(fabric: Fabric, node: Switch, parts: SwitchParts) {
    this.node = node;
    this.#parts = parts;
    this.#slot = fabric.slotSeconds;
    const uplinks = node.ports.filter(({ profile }) => profile.isUplink);
    const others = node.ports.filter(({ profile }) => !profile.isUplink);
    const groups = [uplinks, others].filter((ports) => ports.length > 0);
    const { bufferBytes, burstBytes } = node.profile;
    const [slotSeconds, state] = [fabric.slotSeconds, parts.state];
    this.#pools = groups.map((ports) => {
      const bytes = bufferBytes / groups.length;
      return new Pool(ports, node.profile, bytes, parts.forwarding, { slotSeconds, state });
    });
    this.#places = node.ports.map((port) => {
      const pool = this.#pools.find(({ ports }) => ports.includes(port)) as Pool;
      const i = pool.ports.indexOf(port);
      const ratios = TRAFFIC_CLASSES.map((_, c) => pool.classRatio(i, c));
      return { index: port.index, burstBytes, ratios, pool, i, speed: port.profile.speed };
    });
    this.#pressure = new BackPressure(node, this.#pools, parts, fabric.slotSeconds);
  }

  /** What another switch receives from a port of this one. */
  outlet(port: number): Inlet {
    const { pool, i } = this.#places[port] as PortPlace;
    return pool.outlet(i);
  }

  /** For how many milliseconds since the epoch a port has asked its far end to pause. */
  pausedMsUntil(port: number, seconds: number): number {
    return this.#pressure.until(port, seconds).pausedMs;
  }

  startedAt(seconds: number): number {
    this.#parts.effects.refresh(seconds);
    let started = 0;
    for (const effect of this.#parts.effects.on(this.node.name)) {
      if (effect.kind === "reboot" && effect.to <= seconds) started = Math.max(started, effect.to);
    }
    return started;
  }

  /** Whether the switch is on: cheaper than a reading. */
  isOn(seconds: number): boolean {
    this.#parts.effects.refresh(seconds);
    return !this.#parts.effects
      .on(this.node.name)
      .some(({ kind, from, to }) => kind === "reboot" && from <= seconds && seconds < to);
  }

  read(seconds: number): readonly PortReading[] | undefined {
    if (!this.isOn(seconds)) return undefined;
    const model = this.#modelAt(this.startedAt(seconds));
    return this.#places.map((place) => new PortMoment(model, place, seconds));
  }

  bytesBetween(from: number, to: number): number {
    let total = 0;
    for (const { index } of this.node.ports) {
      const inlet = this.#parts.inlets[index];
      if (inlet) total += inlet.bytesUntil(to) - inlet.bytesUntil(from);
      const { pool, i } = this.#places[index] as PortPlace;
      total += pool.bytesUntil(i, to) - pool.bytesUntil(i, from);
    }
    return total;
  }

  /** What ports are read from, while the switch runs that was started at a moment. */
  #modelAt(started: number): PortModel {
    const { timelines, inlets, farPauses, forwarding, effects, state } = this.#parts;
    const received: PortModel["receivedUntil"] = (port, seconds) => {
      const inlet = inlets[port];
      return {
        bytes: inlet?.bytesUntil(seconds) ?? 0,
        packets: inlet?.packetsUntil(seconds) ?? 0,
      };
    };
    const unrouted: PortModel["unroutedUntil"] = (port, seconds) =>
      forwarding.unroutedUntil(port, seconds) ?? { bytes: 0, packets: 0 };
    const pressure: PortModel["pressureUntil"] = (port, seconds) => ({
      ...this.#pressure.until(port, seconds),
      farPausedMs: farPauses[port]?.(seconds) ?? 0,
    });
    return {
      slotSeconds: this.#slot,
      state,
      effects: effects.on(this.node.name),
      isUp: (port, seconds) => timelines[port]?.isUp(seconds) ?? false,
      receivedUntil: received,
      unroutedUntil: unrouted,
      pressureUntil: pressure,
      startOf: (port) => this.#startOf(port, started, { received, unrouted, pressure }),
    };
  }

  /** What a port had seen when the switch started: looked up once, since it is as far away as anything. */
  #startOf(
    port: number,
    started: number,
    {
      received,
      unrouted,
      pressure,
    }: {
      readonly received: PortModel["receivedUntil"];
      readonly unrouted: PortModel["unroutedUntil"];
      readonly pressure: PortModel["pressureUntil"];
    },
  ): PortStart {
    const { revision } = this.#parts.effects;
    if (revision !== this.#startsRevision || started !== this.#startsAt) {
      this.#startsRevision = revision;
      this.#startsAt = started;
      this.#starts = this.#places.map(({ index, pool, i }) => ({
        seconds: started,
        departed: pool.departedUntil(i, started),
        received: received(index, started),
        unrouted: unrouted(index, started),
        pressure: pressure(index, started),
      }));
    }
    return this.#starts[port] as PortStart;
  }
}
