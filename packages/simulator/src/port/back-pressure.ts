import { LOST_PACKETS, PAUSED_MS } from "../buffer/losses.ts";
import { SlotSums, type SlotTerms, type Terms } from "../buffer/slot-sums.ts";
import { STORAGE } from "../buffer/traffic-class.ts";
import type { Switch } from "../fabric/fabric.ts";
import type { EffectIndex } from "../traffic/effect-index.ts";
import { type Division, divisionsOf } from "../traffic/forwarding.ts";
import type { Inlet } from "../traffic/stream.ts";
import type { Pool } from "./pool.ts";

/** What a port has asked of its far end, and lost nevertheless, since the epoch. */
export interface Pressure {
  /** Time in which the far end was asked to pause storage, in milliseconds. */
  readonly pausedMs: number;
  /** Packets of storage that arrived and found no room. */
  readonly droppedPackets: number;
}

const COLUMNS = 2;

/** What arrived at a port in a slot, and goes to some egress port. */
interface Feeder {
  readonly port: number;
  readonly packets: number;
}

/**
 * What full queues of a switch do to the ports at which their packets arrive.
 *
 * While the storage queue of an egress port is longer than its mark (XOFF), every port at which packets for it
 * arrive in that slot sends pause frames; for several queues it pauses as long as for the longest. What is
 * dropped of storage is counted where it arrived, in proportion to what each of those ports brings, by largest
 * remainder: so that over a switch headroom drops are the drops of its storage queues.
 *
 * Pauses are counted at both ends, and change nothing: the far end sends on (docs/explanation/queues-and-buffers.md).
 */
export class BackPressure implements SlotTerms {
  readonly places: number;
  readonly columns: number = COLUMNS;
  readonly #pools: readonly Pool[];
  readonly #divisions: readonly Division[];
  readonly #effects: EffectIndex;
  readonly #inlets: readonly (Inlet | undefined)[];
  readonly #slot: number;
  readonly #sums: SlotSums;
  #revision = -1;

  /** `inlets` by port; `state` is that of the switch. */
  constructor(
    node: Switch,
    pools: readonly Pool[],
    parts: {
      readonly effects: EffectIndex;
      readonly inlets: readonly (Inlet | undefined)[];
      readonly state: number;
    },
    slotSeconds: number,
  ) {
    this.places = node.ports.length;
    this.#pools = pools;
    this.#divisions = divisionsOf(node, parts.state);
    this.#effects = parts.effects;
    this.#inlets = parts.inlets;
    this.#slot = slotSeconds;
    this.#sums = new SlotSums(this, slotSeconds);
  }

  /** Of a port, at any moment; within a slot it grows evenly. */
  until(port: number, seconds: number): Pressure {
    this.#refresh();
    const slot = Math.floor(seconds / this.#slot);
    const part = seconds / this.#slot - slot;
    const start = this.#sums.before(slot);
    const end = part === 0 ? start : this.#sums.before(slot + 1);
    const at = (column: number): number => {
      const before = start[COLUMNS * port + column] as number;
      return before + Math.floor(((end[COLUMNS * port + column] as number) - before) * part);
    };
    return { pausedMs: at(0), droppedPackets: at(1) };
  }

  mayAdd(from: number, length: number): boolean {
    return this.#pools.some((pool) => pool.mayLose(from, length));
  }

  *termsOf(slot: number): Iterable<Terms> {
    const brought = new Map<number, [pausedMs: number, droppedPackets: number]>();
    for (const pool of this.#pools) {
      for (const [i, losses] of pool.lossesIn(slot)) {
        const feeders = this.#feedersOf(pool.ports[i]?.index as number, slot);
        const dropped = dealt(feeders, losses[LOST_PACKETS + STORAGE] as number);
        for (const [k, { port }] of feeders.entries()) {
          const [paused, before] = brought.get(port) ?? [0, 0];
          const longest = Math.max(paused, losses[PAUSED_MS] as number);
          brought.set(port, [longest, before + (dropped[k] as number)]);
        }
      }
    }
    yield* brought;
  }

  /** The ports at which packets for an egress port arrive in a slot, and how many arrive there in all. */
  #feedersOf(egress: number, slot: number): readonly Feeder[] {
    const from = slot * this.#slot;
    return this.#divisions
      .filter(({ weights }) => (weights[egress] as number) > 0)
      .flatMap(({ ports, weights }) =>
        ports.flatMap((port): readonly Feeder[] => {
          const inlet = this.#inlets[port];
          if (inlet === undefined) return [];
          const arrived = inlet.packetsUntil(from + this.#slot) - inlet.packetsUntil(from);
          return arrived > 0 ? [{ port, packets: arrived * (weights[egress] as number) }] : [];
        }),
      );
  }

  #refresh(): void {
    const { revision } = this.#effects;
    if (revision === this.#revision) return;
    this.#sums.forget(this.#effects.changedSince(this.#revision));
    this.#revision = revision;
  }
}

/** Divides whole packets in proportion to what feeders bring. */
function dealt(feeders: readonly Feeder[], total: number): readonly number[] {
  const all = feeders.reduce((sum, { packets }) => sum + packets, 0);
  let [brought, given] = [0, 0];
  return feeders.map(({ packets }, i) => {
    brought += packets;
    const due = i === feeders.length - 1 ? total : Math.floor((total * brought) / all);
    const own = due - given;
    given = due;
    return own;
  });
}
