import type { SlotState } from "../buffer/losses.ts";
import { burstsWaiting } from "../buffer/queue.ts";
import { CONTROL, TRAFFIC_CLASSES, type TrafficClass } from "../buffer/traffic-class.ts";
import { unit } from "../seed/mix.ts";
import {
  DROPPED_BYTES,
  DROPPED_PACKETS,
  MARKED,
  PAUSED,
  SENT_BYTES,
  SENT_PACKETS,
} from "./pool.ts";
import type { QueueReading, TrafficReading } from "./port-reading.ts";

/** A queue relaxes within milliseconds: its depth is another one each 10 ms. */
const DEPTH_SECONDS = 0.01;
/** A watermark is the deepest of a window, so that several scrapers see the same. */
const WATERMARK_SECONDS = 10;

/** A port whose queues are read. */
export interface QueuedPort {
  readonly index: number;
  readonly burstBytes: number;
  /** Which part of the port's buffer each class may take. */
  readonly ratios: readonly number[];
}

/** What the queues of a port are read from: the port at a moment. */
export interface QueueSource {
  readonly seconds: number;
  /** That of its switch. */
  readonly seed: number;
  /** The queues of its pool during the slot. */
  readonly state: SlotState;
  readonly load: number;
  /** A column of what its pool has done since its switch was started; see `Departed`. */
  since(column: number): number;
}

/**
 * The queues of a port at a moment, by class. What waits at the port, and what may, is divided among them as its
 * traffic is; but nothing of control waits, since it goes first. Each number is computed when it is asked for.
 */
export function readQueues(port: QueuedPort, source: QueueSource): readonly QueueReading[] {
  const backlog = new Backlog(port, source);
  return TRAFFIC_CLASSES.map((kind, c) => new QueueMoment(kind, c, backlog));
}

class QueueMoment implements QueueReading {
  readonly #kind: TrafficClass;
  readonly #class: number;
  readonly #backlog: Backlog;

  constructor(kind: TrafficClass, c: number, backlog: Backlog) {
    this.#kind = kind;
    this.#class = c;
    this.#backlog = backlog;
  }

  get queue(): number {
    return this.#kind.queue;
  }

  get transmitted(): TrafficReading {
    return this.#traffic(SENT_BYTES, SENT_PACKETS);
  }

  get dropped(): TrafficReading {
    return this.#traffic(DROPPED_BYTES, DROPPED_PACKETS);
  }

  get depthBytes(): number {
    return this.#class === CONTROL ? 0 : Math.floor(this.#backlog.depthBytes * this.#ratio);
  }

  get watermarkBytes(): number {
    return this.#class === CONTROL ? 0 : Math.floor(this.#backlog.watermarkBytes * this.#ratio);
  }

  get limitBytes(): number {
    return Math.floor(this.#backlog.source.state.limitBytes * this.#ratio);
  }

  get ecnMarkedPackets(): number {
    return this.#kind.isMarked ? this.#backlog.source.since(MARKED) : 0;
  }

  get pausedSeconds(): number {
    return this.#kind.isLossless ? this.#backlog.source.since(PAUSED) / 1000 : 0;
  }

  get #ratio(): number {
    return this.#backlog.port.ratios[this.#class] as number;
  }

  #traffic(bytesAt: number, packetsAt: number): TrafficReading {
    const { source } = this.#backlog;
    const c = this.#class;
    return { bytes: source.since(bytesAt + c), packets: source.since(packetsAt + c) };
  }
}

/** What waits at a port, in all its queues together. */
class Backlog {
  readonly port: QueuedPort;
  readonly source: QueueSource;
  #depthBytes: number | undefined;
  #watermarkBytes: number | undefined;

  constructor(port: QueuedPort, source: QueueSource) {
    this.port = port;
    this.source = source;
  }

  get depthBytes(): number {
    if (this.#depthBytes === undefined) {
      const { seconds, seed } = this.source;
      const chance = unit(seed + this.port.index, Math.floor(seconds / DEPTH_SECONDS));
      this.#depthBytes = this.#bytesAt(chance);
    }
    return this.#depthBytes;
  }

  get watermarkBytes(): number {
    if (this.#watermarkBytes === undefined) {
      const { seconds, seed } = this.source;
      const window = Math.floor(seconds / WATERMARK_SECONDS);
      const deepest = Math.max(unit(seed + this.port.index + 1000, window), 1e-9);
      // The deepest of a thousand moments: the thousandth root of a chance, by its logarithm.
      const rare = Math.exp(Math.log(deepest) / (WATERMARK_SECONDS / DEPTH_SECONDS));
      this.#watermarkBytes = Math.max(this.depthBytes, this.#bytesAt(rare));
    }
    return this.#watermarkBytes;
  }

  #bytesAt(chance: number): number {
    const { state, load } = this.source;
    const waiting = burstsWaiting(load, state.places, chance) * this.port.burstBytes;
    return Math.min(state.limitBytes, waiting);
  }
}
