import { BLOCK_SECONDS } from "../traffic/cascade.ts";

/** What a slot brings to a place: a value for each column. */
export type Terms = readonly [place: number, values: readonly number[]];

/** What is added up over slots, by place and column. */
export interface SlotTerms {
  readonly places: number;
  readonly columns: number;
  /** Whether anything may come to the sums in a span that is a block of the cascade, or a halving of it. */
  mayAdd(from: number, length: number): boolean;
  /** What one slot brings: only to the places that it brings something to. */
  termsOf(slot: number): Iterable<Terms>;
}

/** The slots of a block that have brought something to a place, and the sums since the block's start after each. */
interface Track {
  readonly slots: number[];
  readonly sums: number[];
}

/** A block as far as it has been looked at. */
interface Block {
  readonly tracks: Map<number, Track>;
  /** How many of its slots are in the tracks. */
  done: number;
  /** Of its spans, numbered like the nodes of a heap: 0 not known, 1 nothing may come, 2 something may. */
  readonly spans: Uint8Array;
}

/** Blocks of which the slots are kept. */
const MOST_BLOCKS = 4;

/**
 * Sums over slots, by random access: sums before whole blocks of 65,536 s are kept, and of the last few blocks what
 * their slots have brought. A block, or a halving of it, to which nothing may come is never looked at, and
 * nothing beyond what is asked for.
 *
 * ```
 * block     0     1     2  …          before[block]: sums before it, the same array while nothing comes
 * slots     └─ 4096 of 16 s           tracks: by place, only the slots that have brought something
 * ```
 */
export class SlotSums {
  readonly #terms: SlotTerms;
  readonly #slot: number;
  readonly #perBlock: number;
  readonly #before: Float64Array[];
  readonly #blocks = new Map<number, Block>();
  /** Blocks to which nothing may come. */
  readonly #calm = new Set<number>();

  constructor(terms: SlotTerms, slotSeconds: number) {
    this.#terms = terms;
    this.#slot = slotSeconds;
    this.#perBlock = BLOCK_SECONDS / slotSeconds;
    this.#before = [new Float64Array(terms.places * terms.columns)];
  }

  /** The sums of all slots before one: the columns of each place, in turn. Not to be changed. */
  before(slot: number): Float64Array {
    const block = Math.floor(slot / this.#perBlock);
    const base = this.#beforeBlock(block);
    const within = slot - block * this.#perBlock;
    return within === 0 ? base : this.#add(base, block, within);
  }

  /** What one slot has brought. */
  *in(slot: number): Iterable<Terms> {
    const index = Math.floor(slot / this.#perBlock);
    const within = slot - index * this.#perBlock;
    const { columns } = this.#terms;
    for (const [place, { slots, sums }] of this.#lookAt(index, within + 1)?.tracks ?? []) {
      const i = countBelow(slots, within);
      if (slots[i] !== within) continue;
      const own = sums.slice(i * columns, (i + 1) * columns);
      yield [place, own.map((sum, column) => sum - (sums[(i - 1) * columns + column] ?? 0))];
    }
  }

  /** Whether anything may come to the sums in a span that is a block of the cascade, or a halving of it. */
  mayCome(from: number, length: number): boolean {
    const index = Math.floor(from / BLOCK_SECONDS);
    if (this.#calm.has(index)) return false;
    const block = this.#blocks.get(index);
    if (block === undefined) return this.#terms.mayAdd(from, length);
    const count = length / this.#slot;
    const first = from / this.#slot;
    return this.#mayAdd(block, first, (this.#perBlock + (first % this.#perBlock)) / count, count);
  }

  /** Forgets all that comes after a moment. */
  forget(after: number): void {
    const first = Math.floor(after / BLOCK_SECONDS);
    this.#before.length = Math.min(this.#before.length, first + 1);
    for (const index of this.#calm) if (index >= first) this.#calm.delete(index);
    for (const [index, block] of this.#blocks) {
      if (index > first) this.#blocks.delete(index);
      if (index === first) cut(block, Math.floor((after - first * BLOCK_SECONDS) / this.#slot));
    }
  }

  #beforeBlock(block: number): Float64Array {
    while (this.#before.length <= block) {
      const done = this.#before.length - 1;
      this.#before.push(this.#add(this.#before[done] as Float64Array, done, this.#perBlock));
    }
    return this.#before[block] as Float64Array;
  }

  /** Adds what the first slots of a block bring: the same array when that is nothing. */
  #add(base: Float64Array, index: number, slots: number): Float64Array {
    const block = this.#lookAt(index, slots);
    const { columns } = this.#terms;
    let sums = base;
    for (const [place, track] of block?.tracks ?? []) {
      const count = countBelow(track.slots, slots);
      if (count === 0) continue;
      if (sums === base) sums = base.slice();
      for (let column = 0; column < columns; column++) {
        const at = place * columns + column;
        sums[at] = (sums[at] as number) + (track.sums[(count - 1) * columns + column] as number);
      }
    }
    return sums;
  }

  /** A block of which that many slots have been looked at; undefined when nothing may come to it. */
  #lookAt(index: number, slots: number): Block | undefined {
    if (this.#calm.has(index)) return undefined;
    let block = this.#blocks.get(index);
    if (block === undefined) {
      if (!this.#terms.mayAdd(index * BLOCK_SECONDS, BLOCK_SECONDS)) {
        this.#calm.add(index);
        return undefined;
      }
      block = { tracks: new Map(), done: 0, spans: new Uint8Array(2 * this.#perBlock) };
      if (this.#blocks.size >= MOST_BLOCKS)
        this.#blocks.delete(this.#blocks.keys().next().value as number);
      this.#blocks.set(index, block);
    }
    if (block.done < slots) this.#lookInto(block, index * this.#perBlock, 1, this.#perBlock, slots);
    return block;
  }

  /** Looks at the slots of a span of `count` that begins at `first`, as far as `until` of the block. */
  #lookInto(block: Block, first: number, node: number, count: number, until: number): void {
    const start = first % this.#perBlock;
    if (start >= until || start + count <= block.done) return;
    if (!this.#mayAdd(block, first, node, count)) {
      block.done = start + count;
    } else if (count === 1) {
      for (const [place, values] of this.#terms.termsOf(first)) note(block, place, start, values);
      block.done = start + 1;
    } else {
      const half = count / 2;
      this.#lookInto(block, first, 2 * node, half, until);
      this.#lookInto(block, first + half, 2 * node + 1, half, until);
    }
  }

  #mayAdd({ spans }: Block, first: number, node: number, count: number): boolean {
    if (spans[node] === 0)
      spans[node] = this.#terms.mayAdd(first * this.#slot, count * this.#slot) ? 2 : 1;
    return spans[node] === 2;
  }
}

function note({ tracks }: Block, place: number, slot: number, values: readonly number[]): void {
  let track = tracks.get(place);
  if (track === undefined) {
    track = { slots: [], sums: [] };
    tracks.set(place, track);
  }
  const before = track.sums.length - values.length;
  for (const [column, value] of values.entries())
    track.sums.push((track.sums[before + column] ?? 0) + value);
  track.slots.push(slot);
}

/** Takes out what came from a slot on, and what was thought of spans that reach beyond it. */
function cut(block: Block, slot: number): void {
  block.done = Math.min(block.done, slot);
  const all = block.spans.length / 2;
  for (let first = 1, count = all; count >= 1; first *= 2, count /= 2)
    block.spans.fill(0, first + Math.floor(slot / count), 2 * first);
  for (const [place, { slots, sums }] of block.tracks) {
    const columns = sums.length / slots.length;
    slots.length = countBelow(slots, slot);
    sums.length = slots.length * columns;
    if (slots.length === 0) block.tracks.delete(place);
  }
}

/** How many of some numbers, which grow, are below a limit. */
function countBelow(numbers: readonly number[], limit: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] as number) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
