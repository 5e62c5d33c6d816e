import { LOSS_COLUMNS, LOST_PACKETS, Losses, type SlotState } from "../buffer/losses.ts";
import { RecentSlots } from "../buffer/recent-slots.ts";
import type { Terms } from "../buffer/slot-sums.ts";
import { CLASSES, ClassShares } from "../buffer/traffic-class.ts";
import type { Port, Profile } from "../fabric/fabric.ts";
import type { EffectIndex } from "../traffic/effect-index.ts";
import type { EgressOffers, Forwarding } from "../traffic/forwarding.ts";
import type { Volumes } from "../traffic/ingress.ts";
import type { Inlet, SlotSpan } from "../traffic/stream.ts";

/**
 * What has become of what was offered to a port since the epoch, by class and then in all:
 *
 * ```
 * sent bytes ×3 │ sent packets ×3 │ dropped bytes ×3 │ dropped packets ×3 │ marked packets │ paused ms
 * ```
 */
export type Departed = readonly number[];

/** Where in it numbers by class begin, and the others stand. */
export const SENT_BYTES = 0;
export const SENT_PACKETS: number = CLASSES;
export const DROPPED_BYTES: number = 2 * CLASSES;
export const DROPPED_PACKETS: number = 3 * CLASSES;
export const MARKED: number = 4 * CLASSES;
export const PAUSED: number = 4 * CLASSES + 1;
const COLUMNS = 4 * CLASSES + 2;

/** Spans whose bounds are remembered: those from a block down to a slot. */
const MOST_SPANS = 16;

/** What had departed before the slot of a moment and after it, and which part of the slot has passed. */
interface SlotMoment {
  seconds: number;
  part: number;
  start: Float64Array;
  end: Float64Array;
}

/**
 * The ports of a switch that share a pool of its buffer: the uplinks, or all others. Pools are apart so that
 * what goes up never depends on what comes down.
 */
export class Pool {
  readonly ports: readonly Port[];
  readonly #effects: EffectIndex;
  readonly #offers: EgressOffers;
  readonly #losses: Losses;
  readonly #classes: readonly ClassShares[];
  readonly #slot: number;
  #revision = -1;
  /** Before slots, like what has departed of it: scrapes within a slot share its start and its end. */
  readonly #offered: RecentSlots<Volumes>;
  /** Of all ports, one after the other. */
  readonly #departed: RecentSlots<Float64Array>;
  readonly #states: RecentSlots<SlotState>;
  readonly #bounds = new Map<string, Float64Array>();
  readonly #moment: SlotMoment = {
    seconds: Number.NaN,
    part: 0,
    start: new Float64Array(),
    end: new Float64Array(),
  };

  constructor(
    ports: readonly Port[],
    profile: Profile,
    bufferBytes: number,
    forwarding: Forwarding,
    { slotSeconds, state }: { readonly slotSeconds: number; readonly state: number },
  ) {
    this.ports = ports;
    this.#classes = ports.map((port) => new ClassShares(port, state));
    this.#effects = forwarding.effects;
    this.#offers = forwarding.offersTo(ports.map(({ index }) => index));
    this.#slot = slotSeconds;
    const offers = {
      speeds: ports.map((port) => port.profile.speed),
      classes: this.#classes,
      effects: this.#effects,
      before: (slot: number) => this.#offered.of(slot),
      mostInSlot: (span: SlotSpan) => this.#mostInSlot(span),
    };
    this.#losses = new Losses(offers, profile, bufferBytes, slotSeconds);
    this.#offered = new RecentSlots((slot) => this.#offers.until(slot * slotSeconds));
    this.#departed = new RecentSlots((slot, spent) => this.#departBefore(slot, spent));
    this.#states = new RecentSlots((slot) => this.#losses.state(slot));
  }

  /** What another switch receives from the i-th port of the pool. */
  outlet(i: number): Inlet {
    const line = ((this.ports[i] as Port).profile.speed / 8) * this.#slot;
    return {
      bytesUntil: (seconds) => this.bytesUntil(i, seconds),
      packetsUntil: (seconds) => this.#sumUntil(i, SENT_PACKETS, seconds),
      mostBytesInSlot: (span) => Math.min(line, this.#mostInSlot(span)[i] as number),
    };
  }

  /** How much of the line's share of the buffer each class of the i-th port may take. */
  classRatio(i: number, c: number): number {
    return (this.#classes[i] as ClassShares).bytes.ratio(c);
  }

  /** The queues during a slot. */
  state(slot: number): SlotState {
    this.#refresh();
    return this.#states.of(slot);
  }

  /** What each port has lost in a slot, by its place in the pool. */
  lossesIn(slot: number): Iterable<Terms> {
    this.#refresh();
    return this.#losses.in(slot);
  }

  /** Whether anything may be lost in a block of the cascade, or a halving of it. */
  mayLose(from: number, length: number): boolean {
    this.#refresh();
    return this.#losses.mayLose(from, length);
  }

  /** Bytes that have left the i-th port. Within a slot they leave evenly, so never faster than the line. */
  bytesUntil(i: number, seconds: number): number {
    return this.#sumUntil(i, SENT_BYTES, seconds);
  }

  /** All that has left the i-th port, or not. */
  departedUntil(i: number, seconds: number): Departed {
    return Array.from({ length: COLUMNS }, (_, column) => this.columnUntil(i, column, seconds));
  }

  /** One column of that: nothing is made for it. */
  columnUntil(i: number, column: number, seconds: number): number {
    const { start, end, part } = this.#atMoment(seconds);
    const before = start[COLUMNS * i + column] as number;
    return before + Math.floor(((end[COLUMNS * i + column] as number) - before) * part);
  }

  /** The sum over the classes of the i-th port of columns that begin at one, less what they were before. */
  sumSince(i: number, column: number, seconds: number, before: Departed): number {
    const { start, end, part } = this.#atMoment(seconds);
    const first = COLUMNS * i + column;
    let sum = 0;
    for (let c = 0; c < CLASSES; c++) {
      const from = start[first + c] as number;
      const now = from + Math.floor(((end[first + c] as number) - from) * part);
      sum += now - (before[column + c] as number);
    }
    return sum;
  }

  /** The sum over the classes of the i-th port, of columns that begin at one. */
  #sumUntil(i: number, column: number, seconds: number): number {
    let sum = 0;
    for (let c = 0; c < CLASSES; c++) sum += this.columnUntil(i, column + c, seconds);
    return sum;
  }

  /** Ports are read at the same moment one after the other. */
  #atMoment(seconds: number): SlotMoment {
    this.#refresh();
    const moment = this.#moment;
    if (seconds === moment.seconds) return moment;
    const slot = Math.floor(seconds / this.#slot);
    const part = seconds / this.#slot - slot;
    const start = this.#departed.of(slot);
    const end = part === 0 ? start : this.#departed.of(slot + 1);
    moment.seconds = seconds;
    moment.part = part;
    moment.start = start;
    moment.end = end;
    return moment;
  }

  #departBefore(slot: number, spent: Float64Array | undefined): Float64Array {
    const departed = spent ?? new Float64Array(COLUMNS * this.ports.length);
    // The memory may be that of the last moment.
    this.#moment.seconds = Number.NaN;
    const losses = this.#losses.before(slot);
    const offered = this.#offered.of(slot);
    for (let i = 0; i < this.ports.length; i++) this.#depart(i, offered, losses, departed);
    return departed;
  }

  #depart(i: number, offered: Volumes, losses: Float64Array, to: Float64Array): void {
    const { bytes, packets } = this.#classes[i] as ClassShares;
    const [at, lossesAt] = [COLUMNS * i, LOSS_COLUMNS * i];
    for (let c = 0; c < CLASSES; c++) {
      to[at + SENT_BYTES + c] =
        bytes.of(offered.bytes[i] as number, c) - (losses[lossesAt + c] as number);
      to[at + SENT_PACKETS + c] =
        packets.of(offered.packets[i] as number, c) -
        (losses[lossesAt + LOST_PACKETS + c] as number);
    }
    for (let k = 0; k < LOSS_COLUMNS; k++)
      to[at + DROPPED_BYTES + k] = losses[lossesAt + k] as number;
  }

  #mostInSlot(span: SlotSpan): Float64Array {
    this.#refresh();
    const { from, to, since, until } = span;
    return kept(this.#bounds, `${from} ${to} ${since} ${until}`, MOST_SPANS, () =>
      this.#offers.mostInSlot(span, this.#slot),
    );
  }

  /** What is known of the time before anything has changed is kept. */
  #refresh(): void {
    const { revision } = this.#effects;
    if (revision === this.#revision) return;
    const changed = this.#effects.changedSince(this.#revision);
    this.#revision = revision;
    this.#losses.forget(changed);
    this.#bounds.clear();
    const last = Math.floor(changed / this.#slot);
    for (const slots of [this.#offered, this.#departed]) slots.forgetAfter(last);
    // During the slot something has changed already.
    this.#states.forgetAfter(last - 1);
    this.#moment.seconds = Number.NaN;
  }
}

/** The value of a key, made when it is not among the last ones. */
function kept<K, V>(values: Map<K, V>, key: K, most: number, make: () => V): V {
  const found = values.get(key);
  if (found !== undefined) return found;
  const made = make();
  if (values.size >= most) values.delete(values.keys().next().value as K);
  values.set(key, made);
  return made;
}
