import { LOSS_COLUMNS, Losses, type SlotState } from "../buffer/losses.ts";
import type { Port, Profile } from "../fabric/fabric.ts";
import type { EffectIndex } from "../traffic/effect-index.ts";
import type { EgressOffers, Forwarding } from "../traffic/forwarding.ts";
import type { Volumes } from "../traffic/ingress.ts";
import type { Inlet, SlotSpan } from "../traffic/stream.ts";

/** What has left a port, and what its queue has dropped, marked and paused, since the epoch. */
export interface Departed {
  readonly bytes: number;
  readonly packets: number;
  readonly losses: readonly number[];
}

/** What has left all ports of a pool before a slot. */
interface Boundary extends Volumes {
  readonly losses: Float64Array;
}

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
  readonly #slot: number;
  #revision = -1;
  readonly #offered = new Map<number, Volumes>();
  readonly #boundaries = new Map<number, Boundary>();
  readonly #bounds = new Map<string, Float64Array>();

  constructor(
    ports: readonly Port[],
    profile: Profile,
    bufferBytes: number,
    forwarding: Forwarding,
    slotSeconds: number,
  ) {
    this.ports = ports;
    this.#effects = forwarding.effects;
    this.#offers = forwarding.offersTo(ports.map(({ index }) => index));
    this.#slot = slotSeconds;
    const offers = {
      speeds: ports.map((port) => port.profile.speed),
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
      packetsUntil: (seconds) => this.#volumeUntil("packets", i, seconds),
      mostBytesInSlot: (span) => Math.min(line, this.#mostInSlot(span)[i] as number),
    };
  }

  /** The queues during a slot. */
  state(slot: number): SlotState {
    this.#refresh();
    return this.#losses.state(slot);
  }

  /** Bytes that have left the i-th port. Within a slot they leave evenly, so never faster than the line. */
  bytesUntil(i: number, seconds: number): number {
    return this.#volumeUntil("bytes", i, seconds);
  }

  /** All that has left the i-th port, or not. */
  departedUntil(i: number, seconds: number): Departed {
    return {
      bytes: this.#volumeUntil("bytes", i, seconds),
      packets: this.#volumeUntil("packets", i, seconds),
      losses: Array.from({ length: LOSS_COLUMNS }, (_, column) =>
        this.#volumeUntil("losses", LOSS_COLUMNS * i + column, seconds),
      ),
    };
  }

  #volumeUntil(what: keyof Boundary, i: number, seconds: number): number {
    const slot = Math.floor(seconds / this.#slot);
    const start = this.#before(slot)[what][i] as number;
    const part = seconds / this.#slot - slot;
    if (part === 0) return start;
    const end = this.#before(slot + 1)[what][i] as number;
    return start + Math.floor((end - start) * part);
  }

  #before(slot: number): Boundary {
    this.#refresh();
    return kept(this.#boundaries, slot, MOST_KEPT, () => {
      const offered = this.#offeredBefore(slot);
      const losses = this.#losses.before(slot);
      return {
        bytes: offered.bytes.map((sum, i) => sum - (losses[LOSS_COLUMNS * i] as number)),
        packets: offered.packets.map((sum, i) => sum - (losses[LOSS_COLUMNS * i + 1] as number)),
        losses,
      };
    });
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
    for (const slots of [this.#offered, this.#boundaries])
      for (const slot of slots.keys()) if (slot * this.#slot > changed) slots.delete(slot);
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
