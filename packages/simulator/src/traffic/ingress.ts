import { BLOCK_SECONDS } from "./cascade.ts";
import { overlapping, segmentAt } from "./link-timeline.ts";
import { Shares } from "./shares.ts";
import type { Inlet } from "./stream.ts";

/** Bytes and packets since the epoch: whole numbers that never decrease. */
export interface Volume {
  readonly bytes: number;
  readonly packets: number;
}

/** From when on arrivals are divided in a way. */
interface Epoch {
  readonly from: number;
  readonly shares: Shares;
  /** What had arrived by its start. */
  readonly arrived: Volume;
  /** What each egress port had been given before: bytes and packets, in turn. */
  readonly before: Float64Array;
}

/** When shares change, and the factor of each egress port from then on. */
export interface ShareChanges {
  readonly version: string;
  /** Changes with any effect, also one on what sends to the switch. */
  readonly revision: number;
  readonly times: readonly number[];
  factors(at: number): readonly number[];
}

/**
 * Bounds on what arrives at some ports in any slot of a span. The ports of this switch and the switches behind
 * them all ask for the same blocks, one after the other: those of whole blocks are kept, and that of the last span.
 */
class ArrivalBounds {
  readonly #inlets: readonly Inlet[];
  readonly #changes: ShareChanges;
  #revision = -1;
  /** By block, as far as they are known. */
  #blocks: number[] = [];
  #from = Number.NaN;
  #to = Number.NaN;
  #last = 0;

  constructor(inlets: readonly Inlet[], changes: ShareChanges) {
    this.#inlets = inlets;
    this.#changes = changes;
  }

  most(from: number, to: number, slot: number): number {
    const { revision } = this.#changes;
    if (revision !== this.#revision) {
      this.#revision = revision;
      this.#blocks = [];
      this.#from = Number.NaN;
    }
    if (to - from === BLOCK_SECONDS) {
      const block = from / BLOCK_SECONDS;
      this.#blocks[block] ??= this.#compute(from, to, slot);
      return this.#blocks[block] as number;
    }
    if (from !== this.#from || to !== this.#to) {
      this.#last = this.#compute(from, to, slot);
      this.#from = from;
      this.#to = to;
    }
    return this.#last;
  }

  #compute(from: number, to: number, slot: number): number {
    let sum = 0;
    for (const inlet of this.#inlets) sum += inlet.mostBytesInSlot(from, to, slot);
    return sum;
  }
}

/** Ports whose arrivals are divided alike among the egress ports. */
export class Ingress {
  readonly #inlets: readonly Inlet[];
  readonly #weights: readonly number[];
  readonly #changes: ShareChanges;
  #version = "";
  #epochs: readonly Epoch[] = [];
  readonly #bounds: ArrivalBounds;
  /** Egress ports are asked for one after the other at the same moments: the last ones are kept. */
  readonly #recent = new Map<number, Volume>();

  /** `weights` by egress port, 0 for ports that get nothing from here. */
  constructor(inlets: readonly Inlet[], weights: readonly number[], changes: ShareChanges) {
    this.#inlets = inlets;
    this.#weights = weights;
    this.#changes = changes;
    this.#bounds = new ArrivalBounds(inlets, changes);
  }

  feeds(port: number): boolean {
    return (this.#weights[port] as number) > 0;
  }

  /** What an egress port has been given of the arrivals since the epoch. */
  givenUntil(port: number, seconds: number): Volume {
    const { shares, arrived, before } = segmentAt(this.#current(), seconds);
    const now = this.#arrivedUntil(seconds);
    return {
      bytes:
        (before[2 * port] as number) + shares.of(now.bytes, port) - shares.of(arrived.bytes, port),
      packets:
        (before[2 * port + 1] as number) +
        shares.of(now.packets, port) -
        shares.of(arrived.packets, port),
    };
  }

  /** A bound on the bytes given to a port in any slot of a span. */
  mostGivenInSlot(port: number, from: number, to: number, slot: number): number {
    let ratio = 0;
    for (const { shares } of overlapping(this.#current(), from, to)) {
      ratio = Math.max(ratio, shares.ratio(port));
    }
    const arriving = this.#bounds.most(from, to, slot);
    // A share may be ahead of its ratio by the parts of one round.
    return arriving * ratio + 4096;
  }

  #arrivedUntil(seconds: number): Volume {
    const found = this.#recent.get(seconds);
    if (found !== undefined) return found;
    let bytes = 0;
    let packets = 0;
    for (const inlet of this.#inlets) {
      bytes += inlet.bytesUntil(seconds);
      packets += inlet.packetsUntil(seconds);
    }
    if (this.#recent.size >= 8) this.#recent.delete(this.#recent.keys().next().value as number);
    this.#recent.set(seconds, { bytes, packets });
    return { bytes, packets };
  }

  #current(): readonly Epoch[] {
    const { version } = this.#changes;
    if (version === this.#version) return this.#epochs;
    this.#version = version;
    this.#recent.clear();
    const epochs: Epoch[] = [];
    for (const from of this.#changes.times) {
      const factors = this.#changes.factors(from);
      const shares = new Shares(this.#weights.map((weight, i) => weight * (factors[i] as number)));
      const arrived = this.#arrivedUntil(from);
      epochs.push({ from, shares, arrived, before: this.#givenBefore(epochs.at(-1), arrived) });
    }
    this.#epochs = epochs;
    return epochs;
  }

  #givenBefore(last: Epoch | undefined, now: Volume): Float64Array {
    const before = new Float64Array(2 * this.#weights.length);
    if (last === undefined) return before;
    for (let port = 0; port < this.#weights.length; port++) {
      before[2 * port] =
        (last.before[2 * port] as number) +
        last.shares.of(now.bytes, port) -
        last.shares.of(last.arrived.bytes, port);
      before[2 * port + 1] =
        (last.before[2 * port + 1] as number) +
        last.shares.of(now.packets, port) -
        last.shares.of(last.arrived.packets, port);
    }
    return before;
  }
}
