import type { SlotState } from "../buffer/losses.ts";
import { placesTaken } from "../buffer/queue.ts";
import { CONTROL, TRAFFIC_CLASSES, type TrafficClass } from "../buffer/traffic-class.ts";
import { unit } from "../seed/mix.ts";
import {
  type Departed,
  DROPPED_BYTES,
  DROPPED_PACKETS,
  MARKED,
  PAUSED,
  SENT_BYTES,
  SENT_PACKETS,
} from "./pool.ts";
import type { QueueReading } from "./port-reading.ts";

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

/** What waits at a port, in all its queues together. */
interface Backlog {
  readonly depthBytes: number;
  readonly watermarkBytes: number;
  readonly limitBytes: number;
}

/**
 * The queues of a port at a moment, by class. What waits at the port, and what may, is divided among them as its
 * traffic is; but nothing of control waits, since it goes first.
 *
 * `state` is that of the port's pool, `since` what it has done since its switch was started, `seed` the switch's.
 */
export function readQueues(
  port: QueuedPort,
  seconds: number,
  state: SlotState & { readonly load: number },
  since: Departed,
  seed: number,
): readonly QueueReading[] {
  const backlog = backlogOf(port, seconds, state, seed);
  return TRAFFIC_CLASSES.map((kind, c) =>
    queueOf(kind, c, port.ratios[c] as number, backlog, since),
  );
}

function queueOf(
  { queue, isLossless, isMarked }: TrafficClass,
  c: number,
  ratio: number,
  { depthBytes, watermarkBytes, limitBytes }: Backlog,
  since: Departed,
): QueueReading {
  const at = (column: number): number => since[column] as number;
  const waiting = c === CONTROL ? 0 : ratio;
  return {
    queue,
    transmitted: { bytes: at(SENT_BYTES + c), packets: at(SENT_PACKETS + c) },
    dropped: { bytes: at(DROPPED_BYTES + c), packets: at(DROPPED_PACKETS + c) },
    depthBytes: Math.floor(depthBytes * waiting),
    watermarkBytes: Math.floor(watermarkBytes * waiting),
    limitBytes: Math.floor(limitBytes * ratio),
    ecnMarkedPackets: isMarked ? at(MARKED) : 0,
    pausedSeconds: isLossless ? at(PAUSED) / 1000 : 0,
  };
}

function backlogOf(
  { index, burstBytes }: QueuedPort,
  seconds: number,
  { limitBytes, places, load }: SlotState & { readonly load: number },
  seed: number,
): Backlog {
  const chance = unit(seed + index, Math.floor(seconds / DEPTH_SECONDS));
  const deepest = unit(seed + index + 1000, Math.floor(seconds / WATERMARK_SECONDS));
  // The deepest of a thousand moments: the thousandth root of a chance, by its logarithm.
  const rare = Math.exp(Math.log(Math.max(deepest, 1e-9)) / (WATERMARK_SECONDS / DEPTH_SECONDS));
  const depth = Math.floor(placesTaken(load, places, chance)) * burstBytes;
  const most = Math.floor(placesTaken(load, places, rare)) * burstBytes;
  const depthBytes = Math.min(limitBytes, depth);
  return {
    depthBytes,
    watermarkBytes: Math.max(depthBytes, Math.min(limitBytes, most)),
    limitBytes,
  };
}
