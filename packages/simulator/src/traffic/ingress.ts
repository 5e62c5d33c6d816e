import { ArrivalBounds } from "./arrival-bounds.ts";
import type { EffectIndex } from "./effect-index.ts";
import { overlapping, segmentAt } from "./link-timeline.ts";
import { Shares } from "./shares.ts";
import type { Inlet, SlotSpan } from "./stream.ts";

/** Bytes and packets since the epoch: whole numbers that never decrease. */
export interface Volume {
  readonly bytes: number;
  readonly packets: number;
}

/** Bytes and packets since the epoch of several ports, in their order. */
export interface Volumes {
  readonly bytes: Float64Array;
  readonly packets: Float64Array;
}

/** From when on arrivals are divided in a way. */
interface Epoch {
  readonly from: number;
  readonly shares: Shares;
  /** What each egress port had been given before, less its share of what had arrived by then. */
  readonly ahead: Volumes;
  /** What had arrived by then at each inlet while no egress port was there to take it. */
  readonly unrouted: readonly Volume[];
}

/** When shares change, and the factor of each egress port from then on. */
export interface ShareChanges {
  readonly times: readonly number[];
  factors(at: number): readonly number[];
}

const NOTHING: Volume = { bytes: 0, packets: 0 };

/** Moments whose arrivals are remembered: scrapes within a slot share its start and its end. */
const MOST_RECENT = 8;

/** From so many inlets on, arrivals at turns are remembered for good: all switches around ask for them. */
const MANY_INLETS = 8;

/** Ports whose arrivals are divided alike among the egress ports. */
export class Ingress {
  readonly #inlets: readonly Inlet[];
  readonly #weights: readonly number[];
  readonly #changes: ShareChanges;
  readonly #effects: EffectIndex;
  readonly #bounds: ArrivalBounds;
  #revision = -1;
  #epochs: Epoch[] = [];
  /** Groups of egress ports ask one after the other for the same moments: the last ones are kept. */
  readonly #recent = new Map<number, Volume>();
  /** Those at which an effect begins or ends somewhere. */
  readonly #turns = new Map<number, Volume>();

  /** `weights` by egress port, 0 for ports that get nothing from here. */
  constructor(
    inlets: readonly Inlet[],
    weights: readonly number[],
    changes: ShareChanges,
    effects: EffectIndex,
  ) {
    this.#inlets = inlets;
    this.#weights = weights;
    this.#changes = changes;
    this.#effects = effects;
    this.#bounds = new ArrivalBounds(inlets, effects);
  }

  /** Whether any of some egress ports gets something from here. */
  feedsAny(ports: readonly number[]): boolean {
    return ports.some((port) => (this.#weights[port] as number) > 0);
  }

  /** Adds what some egress ports have been given of the arrivals since the epoch. */
  addGiven(ports: readonly number[], seconds: number, to: Volumes): void {
    const { shares, ahead } = segmentAt(this.#current(), seconds);
    const { bytes, packets } = this.#arrivedUntil(seconds);
    shares.addTo(to.bytes, ports, bytes, ahead.bytes);
    shares.addTo(to.packets, ports, packets, ahead.packets);
  }

  /** What of the arrivals at an inlet since the epoch had no egress port to go to. */
  unroutedUntil(inlet: Inlet, seconds: number): Volume {
    const epoch = segmentAt(this.#current(), seconds);
    return unroutedIn(epoch, inlet, this.#inlets.indexOf(inlet), seconds);
  }

  /** Adds a bound on the bytes given to each of some ports in any slot of a span. */
  addMostGiven(ports: readonly number[], span: SlotSpan, slot: number, to: Float64Array): void {
    const arriving = this.#bounds.most(span, slot);
    const epochs = overlapping(this.#current(), span.since, span.until);
    for (let k = 0; k < ports.length; k++) {
      const port = ports[k] as number;
      if ((this.#weights[port] as number) === 0) continue;
      let ratio = 0;
      for (const { shares } of epochs) ratio = Math.max(ratio, shares.ratio(port));
      // A share may be ahead of its ratio by the parts of one round.
      to[k] = (to[k] as number) + (arriving * ratio + 4096);
    }
  }

  #arrivedUntil(seconds: number): Volume {
    const found = this.#recent.get(seconds) ?? this.#turns.get(seconds);
    if (found !== undefined) return found;
    let bytes = 0;
    let packets = 0;
    for (const inlet of this.#inlets) {
      bytes += inlet.bytesUntil(seconds);
      packets += inlet.packetsUntil(seconds);
    }
    const arrived = { bytes, packets };
    if (this.#inlets.length >= MANY_INLETS && this.#effects.isTurn(seconds)) {
      this.#turns.set(seconds, arrived);
      return arrived;
    }
    if (this.#recent.size >= MOST_RECENT)
      this.#recent.delete(this.#recent.keys().next().value as number);
    this.#recent.set(seconds, arrived);
    return arrived;
  }

  /** What began before anything has changed is kept. */
  #current(): readonly Epoch[] {
    const { revision } = this.#effects;
    if (revision === this.#revision) return this.#epochs;
    const changed = this.#effects.changedSince(this.#revision);
    this.#revision = revision;
    for (const known of [this.#recent, this.#turns])
      for (const moment of known.keys()) if (moment > changed) known.delete(moment);
    const kept = this.#epochs.findIndex(({ from }) => from >= changed);
    if (kept >= 0) this.#epochs.length = kept;
    const last = this.#epochs.at(-1)?.from ?? -1;
    for (const from of this.#changes.times)
      if (from > last) this.#epochs.push(this.#begin(from, this.#epochs.at(-1)));
    return this.#epochs;
  }

  #begin(from: number, last: Epoch | undefined): Epoch {
    const factors = this.#changes.factors(from);
    const shares = new Shares(this.#weights.map((weight, i) => weight * (factors[i] as number)));
    const arrived = this.#arrivedUntil(from);
    const aheadOf = (total: (volume: Volume) => number, before: Float64Array | undefined) =>
      Float64Array.from(this.#weights, (_, port) => {
        const given = last === undefined ? 0 : last.shares.of(total(arrived), port);
        return (before?.[port] ?? 0) + given - shares.of(total(arrived), port);
      });
    const ahead = {
      bytes: aheadOf(({ bytes }) => bytes, last?.ahead.bytes),
      packets: aheadOf(({ packets }) => packets, last?.ahead.packets),
    };
    const unrouted = this.#inlets.map((inlet, i) =>
      last === undefined ? NOTHING : unroutedIn(last, inlet, i, from),
    );
    return { from, shares, ahead, unrouted };
  }
}

/** What had no way to go by a moment of an epoch, of the i-th inlet: all that arrives while nobody has a share. */
function unroutedIn(
  { from, shares, unrouted }: Epoch,
  inlet: Inlet,
  i: number,
  until: number,
): Volume {
  const before = unrouted[i] ?? NOTHING;
  if (!shares.isEmpty) return before;
  return {
    bytes: before.bytes + inlet.bytesUntil(until) - inlet.bytesUntil(from),
    packets: before.packets + inlet.packetsUntil(until) - inlet.packetsUntil(from),
  };
}
