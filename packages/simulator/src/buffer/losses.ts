import type { Profile } from "../fabric/fabric.ts";
import { BLOCK_SECONDS } from "../traffic/cascade.ts";
import { lossRatio, tailRatio, thresholdBytes } from "./queue.ts";

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

/** Numbers kept for each port: dropped bytes, dropped packets, marked packets, paused milliseconds. */
export const LOSS_COLUMNS = 4;

/** What is offered to the ports of a pool: what {@link Losses} are computed from. */
export interface Offers {
  /** Bits per second of each port of the pool. */
  readonly speeds: readonly number[];
  /** Bytes and packets offered to the i-th port of the pool since the epoch. */
  offeredUntil(i: number, seconds: number): { readonly bytes: number; readonly packets: number };
  mostOfferedInSlot(i: number, from: number, to: number, slot: number): number;
  /** Changes when the past may have changed. */
  readonly version: string;
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
 * What the queues of one pool of a switch's buffer have dropped, marked and paused since the epoch.
 *
 * The load of a slot decides the state of all queues in it. Losses are sums over slots, and sums are random
 * access: whole blocks of 65,536 s are kept, and a block, or a halving of it, in which no port can be busy
 * is never looked at.
 *
 * ```
 * block     0     1     2  …          before[block]: sums before it, LOSS_COLUMNS for each port
 * slots     └─ 4096 of 16 s           kept for the last few blocks that lost something
 * ```
 */
export class Losses {
  readonly #offers: Offers;
  readonly #profile: Profile;
  readonly #bufferBytes: number;
  readonly #slot: number;
  #version = "";
  #before: Float64Array[] = [];
  readonly #busyBlocks = new Map<number, boolean>();
  #blocks = new Map<number, readonly Float64Array[]>();

  /** `bufferBytes` is the pool's part of the buffer. */
  constructor(offers: Offers, profile: Profile, bufferBytes: number, slotSeconds: number) {
    this.#offers = offers;
    this.#profile = profile;
    this.#bufferBytes = bufferBytes;
    this.#slot = slotSeconds;
  }

  /** The sums of all slots before one, by port and column. Not to be changed. */
  before(slot: number): Float64Array {
    if (this.#offers.version !== this.#version) {
      this.#version = this.#offers.version;
      this.#before = [];
      this.#blocks.clear();
      this.#busyBlocks.clear();
    }
    const perBlock = BLOCK_SECONDS / this.#slot;
    const block = Math.floor(slot / perBlock);
    const base = this.#beforeBlock(block);
    const within = slot - block * perBlock;
    if (within === 0 || !this.#isBlockBusy(block)) return base;
    const part = this.#slotsOf(block)[within] as Float64Array;
    return part.length === 0 ? base : base.map((sum, i) => sum + (part[i] as number));
  }

  /** The queues during a slot. */
  state(slot: number): SlotState {
    const loads = this.#offers.speeds.map((speed, i) => {
      const bytes =
        this.#offers.offeredUntil(i, (slot + 1) * this.#slot).bytes -
        this.#offers.offeredUntil(i, slot * this.#slot).bytes;
      return (bytes * 8) / (speed * this.#slot);
    });
    const full = Math.max(1, loads.filter((load) => load > FULL_LOAD).length);
    const { alpha, burstBytes } = this.#profile;
    const limitBytes = thresholdBytes(this.#bufferBytes, alpha, full);
    return { loads, limitBytes, places: Math.max(1, Math.floor(limitBytes / burstBytes)) };
  }

  #beforeBlock(block: number): Float64Array {
    while (this.#before.length <= block) {
      const done = this.#before.length - 1;
      const last =
        this.#before[done] ?? new Float64Array(LOSS_COLUMNS * this.#offers.speeds.length);
      this.#before.push(done < 0 ? last : this.#afterBlock(done, last));
    }
    return this.#before[block] as Float64Array;
  }

  #afterBlock(block: number, before: Float64Array): Float64Array {
    if (!this.#isBlockBusy(block)) return before;
    const total = this.#slotsOf(block).at(-1) as Float64Array;
    return total.length === 0 ? before : before.map((sum, i) => sum + (total[i] as number));
  }

  #isBlockBusy(block: number): boolean {
    let busy = this.#busyBlocks.get(block);
    if (busy === undefined) {
      busy = this.#mayBeBusy(block * BLOCK_SECONDS, BLOCK_SECONDS);
      this.#busyBlocks.set(block, busy);
    }
    return busy;
  }

  /** For each slot of a block, and its end, the sums since the block's start; empty while they are 0. */
  #slotsOf(block: number): readonly Float64Array[] {
    const found = this.#blocks.get(block);
    if (found !== undefined) return found;
    const sums: Float64Array[] = [NOTHING];
    this.#addSpan(block * BLOCK_SECONDS, BLOCK_SECONDS, sums);
    if (this.#blocks.size >= 4) this.#blocks.delete(this.#blocks.keys().next().value as number);
    this.#blocks.set(block, sums);
    return sums;
  }

  #addSpan(from: number, length: number, sums: Float64Array[]): void {
    if (!this.#mayBeBusy(from, length)) {
      const last = sums.at(-1) as Float64Array;
      for (let i = 0; i < length / this.#slot; i++) sums.push(last);
    } else if (length > this.#slot) {
      this.#addSpan(from, length / 2, sums);
      this.#addSpan(from + length / 2, length / 2, sums);
    } else {
      sums.push(this.#addSlot(Math.round(from / this.#slot), sums.at(-1) as Float64Array));
    }
  }

  #mayBeBusy(from: number, length: number): boolean {
    return this.#offers.speeds.some(
      (speed, i) =>
        this.#offers.mostOfferedInSlot(i, from, from + length, this.#slot) >
        (BUSY_LOAD * speed * this.#slot) / 8,
    );
  }

  #addSlot(slot: number, before: Float64Array): Float64Array {
    const state = this.state(slot);
    if (state.loads.every((load) => load <= BUSY_LOAD)) return before;
    const after =
      before.length === 0 ? new Float64Array(LOSS_COLUMNS * state.loads.length) : before.slice();
    state.loads.forEach((load, i) => {
      if (load > BUSY_LOAD) this.#lose(after, i, load, state.places, slot);
    });
    return after;
  }

  #lose(sums: Float64Array, i: number, load: number, places: number, slot: number): void {
    const [start, end] = [
      this.#offers.offeredUntil(i, slot * this.#slot),
      this.#offers.offeredUntil(i, (slot + 1) * this.#slot),
    ];
    const [bytes, packets] = [end.bytes - start.bytes, end.packets - start.packets];
    const loss = lossRatio(load, places);
    // Never more than the line carries, whatever the rounding.
    const most = Math.floor(((this.#offers.speeds[i] as number) * this.#slot) / 8);
    const dropped = Math.max(Math.floor(bytes * loss), bytes - most);
    const droppedPackets = Math.floor(packets * (bytes === 0 ? 0 : dropped / bytes));
    const marks =
      (packets - droppedPackets) * tailRatio(load, Math.floor(places * ECN_PART), places);
    const paused = this.#slot * 1000 * tailRatio(load, Math.floor(places * PAUSE_PART), places);
    const at = LOSS_COLUMNS * i;
    for (const [column, value] of [
      dropped,
      droppedPackets,
      Math.floor(marks),
      Math.floor(paused),
    ].entries()) {
      (sums[at + column] as number) += value;
    }
  }
}

const NOTHING = new Float64Array(0);
