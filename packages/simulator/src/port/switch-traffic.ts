import { CLASSES, TRAFFIC_CLASSES } from "../buffer/traffic-class.ts";
import type { Fabric, Switch } from "../fabric/fabric.ts";
import type { Effect } from "../incident/effect.ts";
import type { EffectIndex } from "../traffic/effect-index.ts";
import type { Forwarding } from "../traffic/forwarding.ts";
import type { LinkTimeline } from "../traffic/link-timeline.ts";
import type { Inlet } from "../traffic/stream.ts";
import { BackPressure, type Pressure } from "./back-pressure.ts";
import {
  type Departed,
  DROPPED_BYTES,
  DROPPED_PACKETS,
  Pool,
  SENT_BYTES,
  SENT_PACKETS,
} from "./pool.ts";
import type { PauseReading, PortReading, SwitchTraffic } from "./port-reading.ts";
import { type QueuedPort, readQueues } from "./queue-reader.ts";

/** What a port has seen since the epoch. */
interface PortHistory {
  readonly departed: Departed;
  readonly bytes: number;
  readonly packets: number;
  readonly own: Pressure;
  /** Of the port at the other end: how long it has asked this one to pause. */
  readonly farPausedMs: number;
}

/** A port, and where its packets leave from. */
interface PortPlace extends QueuedPort {
  readonly pool: Pool;
  readonly i: number;
  readonly speed: number;
}

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
  #starts: readonly PortHistory[] = [];
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
    const started = this.startedAt(seconds);
    return this.#places.map((place) => this.#readPort(place, seconds, started));
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

  /** What a port had seen when the switch started: looked up once, since it is as far away as anything. */
  #startOf(port: number, started: number): PortHistory {
    const { revision } = this.#parts.effects;
    if (revision !== this.#startsRevision || started !== this.#startsAt) {
      this.#startsRevision = revision;
      this.#startsAt = started;
      this.#starts = this.#places.map((place) => this.#historyOf(place, started));
    }
    return this.#starts[port] as PortHistory;
  }

  #historyOf({ index, pool, i }: PortPlace, seconds: number): PortHistory {
    const inlet = this.#parts.inlets[index];
    return {
      departed: pool.departedUntil(i, seconds),
      bytes: inlet?.bytesUntil(seconds) ?? 0,
      packets: inlet?.packetsUntil(seconds) ?? 0,
      own: this.#pressure.until(index, seconds),
      farPausedMs: this.#parts.farPauses[index]?.(seconds) ?? 0,
    };
  }

  #readPort(place: PortPlace, seconds: number, started: number): PortReading {
    const { index, pool, i, speed } = place;
    const all = this.#parts.effects.on(this.node.name);
    const effects =
      all.length === 0 ? all : all.filter((effect) => isOnPort(effect, index, seconds));
    const stuck = effects.find(({ kind }) => kind === "stuck-counter");
    const at = stuck === undefined ? seconds : Math.max(stuck.from, started);
    const start = this.#startOf(index, started);
    const now = this.#historyOf(place, at);
    const since = now.departed.map((sum, column) => sum - (start.departed[column] as number));
    const state = pool.state(Math.floor(seconds / this.#slot));
    const load = state.loads[i] as number;
    const pauses = (before: number, after: number) => pausesBetween(before, after, speed);
    return {
      isUp: this.#parts.timelines[index]?.isUp(seconds) ?? false,
      received: { bytes: now.bytes - start.bytes, packets: now.packets - start.packets },
      transmitted: { bytes: total(since, SENT_BYTES), packets: total(since, SENT_PACKETS) },
      discarded: { bytes: total(since, DROPPED_BYTES), packets: total(since, DROPPED_PACKETS) },
      headroomPackets: now.own.droppedPackets - start.own.droppedPackets,
      pauses: {
        sent: pauses(start.own.pausedMs, now.own.pausedMs),
        received: pauses(start.farPausedMs, now.farPausedMs),
      },
      modulus: effects.some(({ kind }) => kind === "counter-wrap") ? 2 ** 32 : Infinity,
      load,
      queues: readQueues(place, seconds, { ...state, load }, since, this.#parts.state),
    };
  }
}

/** Whether an effect on counters holds for a port. */
function isOnPort(effect: Effect, port: number, seconds: number): boolean {
  return (
    (effect.kind === "stuck-counter" || effect.kind === "counter-wrap") &&
    effect.port === port &&
    effect.from <= seconds &&
    seconds < effect.to
  );
}

/** The sum over classes of columns that begin at one. */
function total(departed: Departed, column: number): number {
  let sum = 0;
  for (let c = 0; c < CLASSES; c++) sum += departed[column + c] as number;
  return sum;
}

/**
 * What of pauses falls between two moments, of which the milliseconds paused since the epoch are known. A pause frame
 * stops its priority for 65,535 quanta of 512 bit times, and is repeated at half of that; the same count at both ends.
 */
function pausesBetween(before: number, after: number, speed: number): PauseReading {
  const eachMs = (65_535 * 512 * 1000) / speed / 2;
  return {
    frames: Math.ceil(after / eachMs) - Math.ceil(before / eachMs),
    seconds: (after - before) / 1000,
  };
}
