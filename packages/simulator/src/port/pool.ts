import { LOSS_COLUMNS, LOST_PACKETS, Losses, type SlotState } from "../buffer/losses.ts";
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

/** Slots that are remembered: scrapes within one share its start and its end. */
const MOST_KEPT = 8;

/** Spans whose bounds are remembered: those from a block down to a slot. */
const MOST_SPANS = 16;

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
  readonly #offered = new Map<number, Volumes>();
  /** Before slots: of all ports, one after the other. */
  readonly #departed = new Map<number, Float64Array>();
  readonly #states = new Map<number, SlotState>();
  readonly #bounds = new Map<string, Float64Array>();

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
      before: (slot: number) => this.#offeredBefore(slot),
      mostInSlot: (span: SlotSpan) => this.#mostInSlot(span),
    };
    this.#losses = new Losses(offers, profile, bufferBytes, slotSeconds);
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
    return kept(this.#states, slot, MOST_KEPT, () => this.#losses.state(slot));
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
    const slot = Math.floor(seconds / this.#slot);
    const part = seconds / this.#slot - slot;
    const start = this.#before(slot);
    const end = part === 0 ? start : this.#before(slot + 1);
    const departed: number[] = [];
    for (let at = COLUMNS * i; at < COLUMNS * (i + 1); at++) {
      const before = start[at] as number;
      departed.push(before + Math.floor(((end[at] as number) - before) * part));
    }
    return departed;
  }

  /** The sum over the classes of the i-th port, of columns that begin at one. */
  #sumUntil(i: number, column: number, seconds: number): number {
    const slot = Math.floor(seconds / this.#slot);
    const part = seconds / this.#slot - slot;
    const start = this.#before(slot);
    const end = part === 0 ? start : this.#before(slot + 1);
    const first = COLUMNS * i + column;
    let sum = 0;
    for (let at = first; at < first + CLASSES; at++) {
      const before = start[at] as number;
      sum += before + Math.floor(((end[at] as number) - before) * part);
    }
    return sum;
  }

  #before(slot: number): Float64Array {
    this.#refresh();
    return kept(this.#departed, slot, MOST_KEPT, () => {
      const offered = this.#offeredBefore(slot);
      const losses = this.#losses.before(slot);
      const departed = new Float64Array(COLUMNS * this.ports.length);
      for (let i = 0; i < this.ports.length; i++)
        this.#depart(
          i,
          offered,
          losses.subarray(LOSS_COLUMNS * i, LOSS_COLUMNS * (i + 1)),
          departed,
        );
      return departed;
    });
  }

  #depart(i: number, offered: Volumes, losses: Float64Array, to: Float64Array): void {
    const { bytes, packets } = this.#classes[i] as ClassShares;
    const at = COLUMNS * i;
    for (let c = 0; c < CLASSES; c++) {
      to[at + SENT_BYTES + c] = bytes.of(offered.bytes[i] as number, c) - (losses[c] as number);
      to[at + SENT_PACKETS + c] =
        packets.of(offered.packets[i] as number, c) - (losses[LOST_PACKETS + c] as number);
    }
    to.set(losses, at + DROPPED_BYTES);
  }

  #offeredBefore(slot: number): Volumes {
    return kept(this.#offered, slot, MOST_KEPT, () => this.#offers.until(slot * this.#slot));
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
    for (const slots of [this.#offered, this.#departed])
      for (const slot of slots.keys()) if (slot * this.#slot > changed) slots.delete(slot);
    for (const slot of this.#states.keys())
      if ((slot + 1) * this.#slot > changed) this.#states.delete(slot);
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
