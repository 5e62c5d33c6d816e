import type { Profile } from "../fabric/fabric.ts";
import { SHORT_SPAN_SECONDS } from "../traffic/burst-bound.ts";
import { BLOCK_SECONDS } from "../traffic/cascade.ts";
import type { EffectIndex } from "../traffic/effect-index.ts";
import type { Volumes } from "../traffic/ingress.ts";
import type { SlotSpan } from "../traffic/stream.ts";
import { lossRatio, tailRatio, thresholdBytes } from "./queue.ts";
import { SlotSums, type SlotTerms, type Terms } from "./slot-sums.ts";
import { BEST_EFFORT, CLASSES, type ClassShares, STORAGE } from "./traffic-class.ts";

/** Below this share of the line rate losses and marks are taken for nothing, and the queue is not looked at. */
export const BUSY_LOAD = 0.75;

/** A queue is counted as full, for the dynamic threshold, above this share of the line rate. */
const FULL_LOAD = 0.9;

/**
 * Marking begins at this part of the queue's limit; a priority is paused at that. Own estimates. Every packet
 * beyond the mark is marked, as DCTCP asks, instead of a growing part of them, as RED does (RFC 3168, RFC 8257).
 */
const ECN_PART = 0.25;
const PAUSE_PART = 0.75;

/** Numbers kept for each port: dropped bytes and dropped packets by class, marked packets, paused milliseconds. */
export const LOSS_COLUMNS: number = 2 * CLASSES + 2;
/** Where among them packets begin, and the others stand. */
export const LOST_PACKETS: number = CLASSES;
export const MARKED_PACKETS: number = 2 * CLASSES;
export const PAUSED_MS: number = 2 * CLASSES + 1;

/** What is offered to the ports of a pool: what {@link Losses} are computed from. */
export interface Offers {
  /** Bits per second of each port of the pool. */
  readonly speeds: readonly number[];
  /** How what is offered to each is divided among classes. */
  readonly classes: readonly ClassShares[];
  readonly effects: EffectIndex;
  /** Bytes and packets offered to each port of the pool before a slot. Kept for the last slots. */
  before(slot: number): Volumes;
  /** A bound on the bytes offered to each port in any slot of a span. */
  mostInSlot(span: SlotSpan): Float64Array;
}

/** The state of the queues of a pool during one slot. */
export interface SlotState {
  /** Offered load of each port, as a share of its line rate. */
  readonly loads: readonly number[];
  /** What the dynamic threshold allows each queue. */
  readonly limitBytes: number;
  /** The same in bursts: K. */
  readonly places: number;
}

/**
 * What the queues of one pool of a switch's buffer have dropped, marked and paused since the epoch. The load of a
 * slot decides the state of all queues in it; losses are sums over slots.
 *
 * The queues of a port share its line, and so its threshold: what the closed form says of the port's load is what all
 * of them drop together. It is taken from best effort first, then from storage; of control only what exceeds the
 * line alone. Of what storage sends, packets beyond the mark are marked.
 */
export class Losses implements SlotTerms {
  readonly places: number;
  readonly columns: number = LOSS_COLUMNS;
  readonly #offers: Offers;
  readonly #profile: Profile;
  readonly #bufferBytes: number;
  readonly #slot: number;
  readonly #sums: SlotSums;
  /** By port: the bytes in a slot above which it is busy. */
  readonly #busyBytes: readonly number[];
  /** Whether a port may be busy in a block that no effect touches: the same for all. */
  #isBusyUntouched: boolean | undefined;

  /** `bufferBytes` is the pool's part of the buffer. */
  constructor(offers: Offers, profile: Profile, bufferBytes: number, slotSeconds: number) {
    this.places = offers.speeds.length;
    this.#offers = offers;
    this.#profile = profile;
    this.#bufferBytes = bufferBytes;
    this.#slot = slotSeconds;
    this.#sums = new SlotSums(this, slotSeconds);
    this.#busyBytes = offers.speeds.map((speed) => (BUSY_LOAD * speed * slotSeconds) / 8);
  }

  /** The sums of all slots before one, by port and column. Not to be changed. */
  before(slot: number): Float64Array {
    return this.#sums.before(slot);
  }

  /** Forgets what comes after a moment. */
  forget(after: number): void {
    this.#sums.forget(after);
  }

  /** What one slot has brought to each port. */
  in(slot: number): Iterable<Terms> {
    return this.#sums.in(slot);
  }

  /** Whether anything may be lost in a block of the cascade, or a halving of it. */
  mayLose(from: number, length: number): boolean {
    return this.#sums.mayCome(from, length);
  }

  /** The queues during a slot. */
  state(slot: number): SlotState {
    const start = this.#offers.before(slot).bytes;
    const end = this.#offers.before(slot + 1).bytes;
    const loads = this.#offers.speeds.map(
      (speed, i) => (((end[i] as number) - (start[i] as number)) * 8) / (speed * this.#slot),
    );
    let full = 0;
    for (const load of loads) if (load > FULL_LOAD) full += 1;
    const { alpha, burstBytes } = this.#profile;
    const limitBytes = thresholdBytes(this.#bufferBytes, alpha, Math.max(1, full));
    return { loads, limitBytes, places: Math.max(1, Math.floor(limitBytes / burstBytes)) };
  }

  mayAdd(from: number, length: number): boolean {
    if (length < SHORT_SPAN_SECONDS) return true;
    const span = { from, to: from + length, since: from, until: from + length };
    if (length < BLOCK_SECONDS || this.#isTouched(from)) return this.#mayBeBusy(span);
    this.#isBusyUntouched ??= this.#mayBeBusy(span);
    return this.#isBusyUntouched;
  }

  *termsOf(slot: number): Iterable<Terms> {
    if (this.#isCalmNow(slot * this.#slot)) return;
    const state = this.state(slot);
    for (const [i, load] of state.loads.entries())
      if (load > BUSY_LOAD) yield [i, this.#lossOf(i, load, state.places, slot)];
  }

  /** Whether a slot is calm by what holds in it: what holds later in the same short span must not change that. */
  #isCalmNow(since: number): boolean {
    if (!this.#isTouched(since)) return false;
    const length = Math.max(SHORT_SPAN_SECONDS, this.#slot);
    const from = Math.floor(since / length) * length;
    return !this.#mayBeBusy({ from, to: from + length, since, until: since + this.#slot });
  }

  #isTouched(seconds: number): boolean {
    return this.#offers.effects.touches(Math.floor(seconds / BLOCK_SECONDS));
  }

  #mayBeBusy(span: SlotSpan): boolean {
    const most = this.#offers.mostInSlot(span);
    return most.some((bytes, i) => bytes > (this.#busyBytes[i] as number));
  }

  #lossOf(i: number, load: number, places: number, slot: number): readonly number[] {
    const [bytes, packets] = this.#offeredIn(i, slot);
    const all = bytes.reduce((sum, n) => sum + n, 0);
    const droppable = (bytes[BEST_EFFORT] as number) + (bytes[STORAGE] as number);
    // Never more than the line carries, whatever the rounding.
    const most = Math.floor(((this.#offers.speeds[i] as number) * this.#slot) / 8);
    const byForm = Math.min(Math.floor(all * lossRatio(load, places)), droppable);
    const lost = takeInTurn(bytes, Math.max(byForm, all - most));
    const lostPackets = lost.map((n, c) =>
      n === 0 ? 0 : Math.floor((packets[c] as number) * (n / (bytes[c] as number))),
    );
    const sent = (packets[STORAGE] as number) - (lostPackets[STORAGE] as number);
    const marked = sent * tailRatio(load, Math.floor(places * ECN_PART), places);
    const paused = this.#slot * 1000 * tailRatio(load, Math.floor(places * PAUSE_PART), places);
    return [...lost, ...lostPackets, Math.floor(marked), Math.floor(paused)];
  }

  /** Bytes and packets of each class that are offered to a port in a slot. */
  #offeredIn(i: number, slot: number): readonly [bytes: number[], packets: number[]] {
    const start = this.#offers.before(slot);
    const end = this.#offers.before(slot + 1);
    const shares = this.#offers.classes[i] as ClassShares;
    const byClass = (what: "bytes" | "packets"): number[] =>
      Array.from(
        { length: CLASSES },
        (_, c) =>
          shares[what].of(end[what][i] as number, c) - shares[what].of(start[what][i] as number, c),
      );
    return [byClass("bytes"), byClass("packets")];
  }
}

/** Takes an amount from classes, in their order: of each as much as it has. */
function takeInTurn(from: readonly number[], amount: number): number[] {
  let left = amount;
  return from.map((n) => {
    const taken = Math.min(n, left);
    left -= taken;
    return taken;
  });
}
