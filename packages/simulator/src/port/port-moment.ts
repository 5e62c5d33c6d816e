import type { SlotState } from "../buffer/losses.ts";
import type { Effect } from "../incident/effect.ts";
import { largeFramesWithin } from "./large-frames.ts";
import {
  type Departed,
  DROPPED_BYTES,
  DROPPED_PACKETS,
  type Pool,
  SENT_BYTES,
  SENT_PACKETS,
} from "./pool.ts";
import type { PauseReading, PortReading, QueueReading, TrafficReading } from "./port-reading.ts";
import { type QueuedPort, type QueueSource, readQueues } from "./queue-reader.ts";

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
export class PortMoment implements PortReading, QueueSource {
  readonly #model: PortModel;
  readonly #place: PortPlace;
  readonly seconds: number;
  /** The moment of its counters: an earlier one while they are stuck. */
  readonly #countedAt: number;
  readonly modulus: number;
  #started: PortStart | undefined;
  #state: SlotState | undefined;
  #received: TrafficReading | undefined;
  #transmitted: TrafficReading | undefined;
  #discarded: TrafficReading | undefined;
  #pressure: PortPressure | undefined;
  #queues: readonly QueueReading[] | undefined;

  constructor(model: PortModel, place: PortPlace, seconds: number) {
    this.#model = model;
    this.#place = place;
    this.seconds = seconds;
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
    return this.#model.isUp(this.#place.index, this.seconds);
  }

  get received(): TrafficReading {
    if (this.#received === undefined) {
      const now = this.#model.receivedUntil(this.#place.index, this.#countedAt);
      this.#received = difference(now, this.#start.received);
    }
    return this.#received;
  }

  get transmitted(): TrafficReading {
    this.#transmitted ??= {
      bytes: this.#sumSince(SENT_BYTES),
      packets: this.#sumSince(SENT_PACKETS),
    };
    return this.#transmitted;
  }

  largeFrames(way: "received" | "transmitted"): number {
    const { index, pool, i } = this.#place;
    if (way === "received")
      return this.#largeAmong(this.received, (t) => this.#model.receivedUntil(index, t));
    const outlet = pool.outlet(i);
    return this.#largeAmong(this.transmitted, (seconds) => ({
      bytes: outlet.bytesUntil(seconds),
      packets: outlet.packetsUntil(seconds),
    }));
  }

  get discarded(): TrafficReading {
    this.#discarded ??= {
      bytes: this.#sumSince(DROPPED_BYTES),
      packets: this.#sumSince(DROPPED_PACKETS),
    };
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
    return this.state.loads[this.#place.i] as number;
  }

  get queues(): readonly QueueReading[] {
    this.#queues ??= readQueues(this.#place, this);
    return this.#queues;
  }

  /** The queues of its pool during the slot. */
  get state(): SlotState {
    this.#state ??= this.#place.pool.state(Math.floor(this.seconds / this.#model.slotSeconds));
    return this.#state;
  }

  get seed(): number {
    return this.#model.state;
  }

  since(column: number): number {
    const { pool, i } = this.#place;
    const now = pool.columnUntil(i, column, this.#countedAt);
    return now - (this.#start.departed[column] as number);
  }

  /** What is large among the frames of the moment, by what has gone through by the turns of its slot. */
  #largeAmong(now: TrafficReading, until: (seconds: number) => TrafficReading): number {
    const { slotSeconds } = this.#model;
    const slot = Math.floor(this.#countedAt / slotSeconds) * slotSeconds;
    // Before the switch was started.
    const before = difference(until(this.#countedAt), now);
    const from = difference(until(slot), before);
    return largeFramesWithin(from, difference(until(slot + slotSeconds), before), now.packets);
  }

  get #start(): PortStart {
    this.#started ??= this.#model.startOf(this.#place.index);
    return this.#started;
  }

  get #pressureNow(): PortPressure {
    this.#pressure ??= this.#model.pressureUntil(this.#place.index, this.#countedAt);
    return this.#pressure;
  }

  /** The sum over classes of the columns that begin at one. */
  #sumSince(column: number): number {
    const { pool, i } = this.#place;
    return pool.sumSince(i, column, this.#countedAt, this.#start.departed);
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
