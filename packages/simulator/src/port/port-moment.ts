import { CLASSES } from "../buffer/traffic-class.ts";
import type { Effect } from "../incident/effect.ts";
import {
  type Departed,
  DROPPED_BYTES,
  DROPPED_PACKETS,
  type Pool,
  SENT_BYTES,
  SENT_PACKETS,
} from "./pool.ts";
import type { PauseReading, PortReading, QueueReading, TrafficReading } from "./port-reading.ts";
import { type QueuedPort, readQueues } from "./queue-reader.ts";

/** A port, and where its packets leave from. */
export interface PortPlace extends QueuedPort {
  readonly pool: Pool;
  readonly i: number;
  readonly speed: number;
}

/** What ports are read from: the model of their switch. */
export interface PortModel {
  /** The slot of the queue model, in seconds. */
  readonly slotSeconds: number;
  readonly state: number;
  isUp(port: number, seconds: number): boolean;
  /** What has arrived at a port since the epoch. */
  receivedUntil(port: number, seconds: number): TrafficReading;
  /** What of that had no port to go to. */
  unroutedUntil(port: number, seconds: number): TrafficReading;
  /** What its queues, and those at the other end, have paused since the epoch, and what was dropped nevertheless. */
  pressureUntil(port: number, seconds: number): PortPressure;
  /** What the port had seen when the switch was last started. */
  startOf(port: number): PortStart;
  /** Effects on the switch. */
  readonly effects: readonly Effect[];
}

/** Pauses and drops at a port since the epoch. */
export interface PortPressure {
  readonly pausedMs: number;
  readonly droppedPackets: number;
  /** Of the port at the other end: how long it has asked this one to pause. */
  readonly farPausedMs: number;
}

/** What a port had seen by the start of its switch. */
export interface PortStart {
  readonly seconds: number;
  readonly departed: Departed;
  readonly received: TrafficReading;
  readonly unrouted: TrafficReading;
  readonly pressure: PortPressure;
}

/**
 * A port at one moment. Each part is computed when it is first asked for: a page asks for all of them, a history
 * for a few at a time.
 */
export class PortMoment implements PortReading {
  readonly #model: PortModel;
  readonly #place: PortPlace;
  readonly #seconds: number;
  /** The moment of its counters: an earlier one while they are stuck. */
  readonly #countedAt: number;
  readonly modulus: number;
  #since: Departed | undefined;
  #received: TrafficReading | undefined;
  #transmitted: TrafficReading | undefined;
  #discarded: TrafficReading | undefined;
  #pressure: PortPressure | undefined;
  #queues: readonly QueueReading[] | undefined;

  constructor(model: PortModel, place: PortPlace, seconds: number) {
    this.#model = model;
    this.#place = place;
    this.#seconds = seconds;
    let stuckFrom: number | undefined;
    let modulus = Infinity;
    for (const effect of model.effects) {
      if (!isOnPort(effect, place.index, seconds)) continue;
      if (effect.kind === "counter-wrap") modulus = 2 ** 32;
      else stuckFrom ??= Math.max(effect.from, model.startOf(place.index).seconds);
    }
    this.#countedAt = stuckFrom ?? seconds;
    this.modulus = modulus;
  }

  get isUp(): boolean {
    return this.#model.isUp(this.#place.index, this.#seconds);
  }

  get received(): TrafficReading {
    if (this.#received === undefined) {
      const now = this.#model.receivedUntil(this.#place.index, this.#countedAt);
      this.#received = difference(now, this.#start.received);
    }
    return this.#received;
  }

  get transmitted(): TrafficReading {
    this.#transmitted ??= totals(this.#departed, SENT_BYTES, SENT_PACKETS);
    return this.#transmitted;
  }

  get discarded(): TrafficReading {
    this.#discarded ??= totals(this.#departed, DROPPED_BYTES, DROPPED_PACKETS);
    return this.#discarded;
  }

  get headroomPackets(): number {
    return this.#pressureNow.droppedPackets - this.#start.pressure.droppedPackets;
  }

  get unrouted(): TrafficReading {
    const now = this.#model.unroutedUntil(this.#place.index, this.#countedAt);
    return difference(now, this.#start.unrouted);
  }

  get pauses(): PortReading["pauses"] {
    const { pausedMs, farPausedMs } = this.#pressureNow;
    const before = this.#start.pressure;
    const { speed } = this.#place;
    return {
      sent: pausesBetween(before.pausedMs, pausedMs, speed),
      received: pausesBetween(before.farPausedMs, farPausedMs, speed),
    };
  }

  get load(): number {
    return this.#state.loads[this.#place.i] as number;
  }

  get queues(): readonly QueueReading[] {
    if (this.#queues === undefined) {
      const { limitBytes, places } = this.#state;
      const state = { limitBytes, places, load: this.load };
      const { state: seed } = this.#model;
      this.#queues = readQueues(this.#place, this.#seconds, state, this.#departed, seed);
    }
    return this.#queues;
  }

  get #start(): PortStart {
    return this.#model.startOf(this.#place.index);
  }

  get #state(): ReturnType<Pool["state"]> {
    return this.#place.pool.state(Math.floor(this.#seconds / this.#model.slotSeconds));
  }

  get #pressureNow(): PortPressure {
    this.#pressure ??= this.#model.pressureUntil(this.#place.index, this.#countedAt);
    return this.#pressure;
  }

  /** What has become of packets since the start of the switch. */
  get #departed(): Departed {
    if (this.#since === undefined) {
      const { pool, i } = this.#place;
      const now = pool.departedUntil(i, this.#countedAt);
      const { departed } = this.#start;
      const since: number[] = [];
      for (let column = 0; column < now.length; column++)
        since.push((now[column] as number) - (departed[column] as number));
      this.#since = since;
    }
    return this.#since;
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

function difference(now: TrafficReading, before: TrafficReading): TrafficReading {
  return { bytes: now.bytes - before.bytes, packets: now.packets - before.packets };
}

/** The sums over classes of the columns that begin at these. */
function totals(departed: Departed, bytesAt: number, packetsAt: number): TrafficReading {
  let [bytes, packets] = [0, 0];
  for (let c = 0; c < CLASSES; c++) {
    bytes += departed[bytesAt + c] as number;
    packets += departed[packetsAt + c] as number;
  }
  return { bytes, packets };
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
