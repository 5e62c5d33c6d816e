import type { SlotState } from "../buffer/losses.ts";
import { placesTaken } from "../buffer/queue.ts";
import type { Fabric, Switch } from "../fabric/fabric.ts";
import { unit } from "../seed/mix.ts";
import type { EffectIndex } from "../traffic/effect-index.ts";
import type { Forwarding } from "../traffic/forwarding.ts";
import type { LinkTimeline } from "../traffic/link-timeline.ts";
import type { Inlet } from "../traffic/stream.ts";
import { type Departed, Pool } from "./pool.ts";
import type { PortReading, QueueReading, SwitchTraffic, TrafficReading } from "./port-reading.ts";

/** A queue relaxes within milliseconds: its depth is another one each 10 ms. */
const DEPTH_SECONDS = 0.01;
/** A watermark is the deepest of a window, so that several scrapers see the same. */
const WATERMARK_SECONDS = 10;

/** What a port had seen by the start of its switch. */
interface PortStart {
  readonly departed: Departed;
  readonly bytes: number;
  readonly packets: number;
}

/** The traffic of one switch: what arrives, what is offered, what is lost and what leaves. */
export class SwitchModel implements SwitchTraffic {
  readonly node: Switch;
  readonly #effects: EffectIndex;
  readonly #timelines: readonly (LinkTimeline | undefined)[];
  readonly #inlets: readonly (Inlet | undefined)[];
  readonly #pools: readonly Pool[];
  /** By port: its pool, and its place in it. */
  readonly #places: readonly { readonly pool: Pool; readonly i: number }[];
  readonly #slot: number;
  readonly #state: number;
  #starts: readonly PortStart[] = [];
  #startsAt = -1;
  #startsRevision = -1;

  constructor(
    fabric: Fabric,
    node: Switch,
    parts: {
      effects: EffectIndex;
      timelines: readonly (LinkTimeline | undefined)[];
      inlets: readonly (Inlet | undefined)[];
      forwarding: Forwarding;
      state: number;
    },
  ) {
    this.node = node;
    this.#effects = parts.effects;
    this.#timelines = parts.timelines;
    this.#inlets = parts.inlets;
    this.#slot = fabric.slotSeconds;
    this.#state = parts.state;
    const uplinks = node.ports.filter(({ profile }) => profile.isUplink);
    const others = node.ports.filter(({ profile }) => !profile.isUplink);
    const groups = [uplinks, others].filter((ports) => ports.length > 0);
    this.#pools = groups.map(
      (ports) =>
        new Pool(
          ports,
          node.profile,
          node.profile.bufferBytes / groups.length,
          parts.forwarding,
          fabric.slotSeconds,
        ),
    );
    this.#places = node.ports.map((port) => {
      const pool = this.#pools.find(({ ports }) => ports.includes(port)) as Pool;
      return { pool, i: pool.ports.indexOf(port) };
    });
  }

  /** What another switch receives from a port of this one. */
  outlet(port: number): Inlet {
    const { pool, i } = this.#places[port] as { pool: Pool; i: number };
    return pool.outlet(i);
  }

  startedAt(seconds: number): number {
    this.#effects.refresh(seconds);
    let started = 0;
    for (const effect of this.#effects.on(this.node.name)) {
      if (effect.kind === "reboot" && effect.to <= seconds) started = Math.max(started, effect.to);
    }
    return started;
  }

  /** Whether the switch is on: cheaper than a reading. */
  isOn(seconds: number): boolean {
    this.#effects.refresh(seconds);
    return !this.#effects
      .on(this.node.name)
      .some(({ kind, from, to }) => kind === "reboot" && from <= seconds && seconds < to);
  }

  read(seconds: number): readonly PortReading[] | undefined {
    if (!this.isOn(seconds)) return undefined;
    const started = this.startedAt(seconds);
    const slot = Math.floor(seconds / this.#slot);
    const states = new Map(this.#pools.map((pool) => [pool, pool.state(slot)]));
    return this.node.ports.map(({ index }) => this.#readPort(index, seconds, started, states));
  }

  bytesBetween(from: number, to: number): number {
    let total = 0;
    for (const { index } of this.node.ports) {
      const inlet = this.#inlets[index];
      if (inlet) total += inlet.bytesUntil(to) - inlet.bytesUntil(from);
      const { pool, i } = this.#places[index] as { pool: Pool; i: number };
      total += pool.bytesUntil(i, to) - pool.bytesUntil(i, from);
    }
    return total;
  }

  /** What a port had seen when the switch started: looked up once, since it is as far away as anything. */
  #startOf(port: number, started: number): PortStart {
    const { revision } = this.#effects;
    if (revision !== this.#startsRevision || started !== this.#startsAt) {
      this.#startsRevision = revision;
      this.#startsAt = started;
      this.#starts = this.node.ports.map(({ index }) => {
        const { pool, i } = this.#places[index] as { pool: Pool; i: number };
        const inlet = this.#inlets[index];
        return {
          departed: pool.departedUntil(i, started),
          bytes: inlet?.bytesUntil(started) ?? 0,
          packets: inlet?.packetsUntil(started) ?? 0,
        };
      });
    }
    return this.#starts[port] as PortStart;
  }

  #readPort(
    port: number,
    seconds: number,
    started: number,
    states: ReadonlyMap<Pool, SlotState>,
  ): PortReading {
    const { pool, i } = this.#places[port] as { pool: Pool; i: number };
    const stuck = this.#effects
      .on(this.node.name)
      .find(
        (effect) =>
          effect.kind === "stuck-counter" &&
          effect.port === port &&
          effect.from <= seconds &&
          seconds < effect.to,
      );
    const at = stuck === undefined ? seconds : Math.max(stuck.from, started);
    const wraps = this.#effects
      .on(this.node.name)
      .some(
        (effect) =>
          effect.kind === "counter-wrap" &&
          effect.port === port &&
          effect.from <= seconds &&
          seconds < effect.to,
      );
    const shown = (bytes: number, packets: number): TrafficReading =>
      wraps ? { bytes: bytes % 2 ** 32, packets: packets % 2 ** 32 } : { bytes, packets };
    const inlet = this.#inlets[port];
    const now = pool.departedUntil(i, at);
    const { departed: before, bytes, packets } = this.#startOf(port, started);
    const lost = now.losses.map((sum, column) => sum - (before.losses[column] as number)) as [
      number,
      number,
      number,
      number,
    ];
    const state = states.get(pool) as SlotState;
    return {
      isUp: this.#timelines[port]?.isUp(seconds) ?? false,
      received: inlet
        ? shown(inlet.bytesUntil(at) - bytes, inlet.packetsUntil(at) - packets)
        : { bytes: 0, packets: 0 },
      transmitted: shown(now.bytes - before.bytes, now.packets - before.packets),
      discarded: { bytes: lost[0], packets: lost[1] },
      load: state.loads[i] as number,
      queue: this.#readQueue(port, seconds, state, state.loads[i] as number, lost),
    };
  }

  #readQueue(
    port: number,
    seconds: number,
    { limitBytes, places }: SlotState,
    load: number,
    lost: readonly [number, number, number, number],
  ): QueueReading {
    const burst = this.node.profile.burstBytes;
    const chance = unit(this.#state + port, Math.floor(seconds / DEPTH_SECONDS));
    const deepest = unit(this.#state + port + 1000, Math.floor(seconds / WATERMARK_SECONDS));
    // The deepest of a thousand moments: the thousandth root of a chance, by its logarithm.
    const rare = Math.exp(Math.log(Math.max(deepest, 1e-9)) / (WATERMARK_SECONDS / DEPTH_SECONDS));
    const depth = Math.min(limitBytes, Math.floor(placesTaken(load, places, chance)) * burst);
    const watermark = Math.min(limitBytes, Math.floor(placesTaken(load, places, rare)) * burst);
    return {
      depthBytes: depth,
      watermarkBytes: Math.max(depth, watermark),
      limitBytes: Math.floor(limitBytes),
      ecnMarkedPackets: lost[2],
      pfcPausedSeconds: lost[3] / 1000,
    };
  }
}
