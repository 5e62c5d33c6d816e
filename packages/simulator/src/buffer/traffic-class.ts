import { isPort, type Port } from "../fabric/fabric.ts";
import { unit } from "../seed/mix.ts";
import { Shares } from "../traffic/shares.ts";

/** What a class of packets is promised: each has an output queue of its own at every port. */
export interface TrafficClass {
  readonly name: "best-effort" | "storage" | "control";
  /** Its output queue, and its priority on the line: 0 … 7. */
  readonly queue: number;
  /** Whether the far end is asked to pause rather than drop it (PFC, IEEE 802.1Qbb). */
  readonly isLossless: boolean;
  /** Whether its senders understand marks (ECN, RFC 3168). */
  readonly isMarked: boolean;
  /** Its mean packet size, as a multiple of that of the port; before shares are taken into account. */
  readonly relativeSize: number;
}

/**
 * The classes that a switch carries, in the order in which they are dropped:
 *
 *   best effort   queue 0   all that is not said to be something else; dropped when the queue is full
 *   storage       queue 3   storage and remote memory (RoCE): paused and marked; dropped only when the lossy class
 *                           has nothing left to drop, and what is on its way fills the headroom
 *   control       queue 7   routing and discovery: goes first, so it never waits; dropped only when it alone is
 *                           more than the line carries
 */
export const TRAFFIC_CLASSES: readonly TrafficClass[] = [
  { name: "best-effort", queue: 0, isLossless: false, isMarked: false, relativeSize: 0.9 },
  { name: "storage", queue: 3, isLossless: true, isMarked: true, relativeSize: 1.4 },
  { name: "control", queue: 7, isLossless: false, isMarked: false, relativeSize: 0.3 },
];

/** Positions in {@link TRAFFIC_CLASSES}. */
export const BEST_EFFORT = 0;
export const STORAGE = 1;
export const CONTROL = 2;

/** How many there are. */
export const CLASSES: number = TRAFFIC_CLASSES.length;

/**
 * Which part of what is offered to a port is of each class: a fixed one, drawn around 65 % best effort, 34 % storage
 * and 1 % control; storage servers get more storage, desks hardly any. Bytes and packets are divided each for
 * themselves, since packets of storage are large and those of control are small. Own estimates.
 */
export class ClassShares {
  readonly bytes: Shares;
  readonly packets: Shares;

  /** `state` is that of the switch. */
  constructor(port: Port, state: number) {
    const draw = (n: number): number => unit(state, 5000 + 4 * port.index + n);
    const storage = storageRatio(port) * (0.85 + 0.3 * draw(0));
    const control = 0.008 + 0.003 * draw(1);
    const ratios = [1 - storage - control, storage, control];
    this.bytes = new Shares(ratios);
    this.packets = new Shares(
      ratios.map((ratio, c) => ratio / (TRAFFIC_CLASSES[c] as TrafficClass).relativeSize),
    );
  }
}

function storageRatio({ link, profile }: Port): number {
  if (profile.formFactor === "RJ45") return 0.05;
  const peer = link?.peer;
  return peer !== undefined && !isPort(peer) && peer.kind === "storage" ? 0.6 : 0.34;
}
