import { assert } from "@linklight/model";

/** What an open chunk may take, in bytes: it moves from size to size. The largest holds every chunk of the head. */
const SIZES: readonly number[] = [64, 128, 256, 512, 1088];
const SLAB_BYTES = 32 * 1024;
/** The block within its slab: 32 KiB / 64 are 512. */
const BLOCK_BITS = 10;
const BLOCK_MASK = (1 << BLOCK_BITS) - 1;

/** Memory that is shared by blocks of one size. */
export class ByteSlab {
  readonly bytes: Uint8Array = new Uint8Array(SLAB_BYTES);
  readonly view: DataView = new DataView(this.bytes.buffer);
  /** The place of its blocks' size among the sizes. */
  readonly size: number;
  readonly blockBytes: number;
  /** Blocks that nobody has: the first `freeCount`. */
  readonly free: Uint16Array;
  freeCount: number;

  constructor(size: number) {
    this.size = size;
    this.blockBytes = SIZES[size] as number;
    const blocks = Math.floor(SLAB_BYTES / this.blockBytes);
    // The last is taken first: so they go from low to high.
    this.free = Uint16Array.from({ length: blocks }, (_, i) => blocks - 1 - i);
    this.freeCount = blocks;
  }

  get isEmpty(): boolean {
    return this.freeCount === this.free.length;
  }

  /** Where a block of it begins in its bytes. */
  startOf(block: number): number {
    return (block & BLOCK_MASK) * this.blockBytes;
  }
}

/**
 * Small blocks of bytes, of a few sizes, out of large pieces of memory: an array of bytes for each would take three
 * times as much for itself. A block is a number. A piece without blocks is given back, but for one or two of a size.
 */
export class ByteBlocks {
  readonly #slabs: (ByteSlab | undefined)[] = [];
  /** Numbers of slabs that are gone. */
  readonly #unused: number[] = [];
  /** By size: slabs that may have free blocks; some have none any more, or are gone. */
  readonly #candidates: number[][] = SIZES.map(() => []);
  /** By size: how many blocks are free. */
  readonly #free: number[] = SIZES.map(() => 0);

  /** How much memory is held, in bytes. */
  get byteLength(): number {
    return (this.#slabs.length - this.#unused.length) * SLAB_BYTES;
  }

  /** A block of the smallest size. All of it is zero. */
  allocate(): number {
    return this.#take(0);
  }

  /** The memory that a block is a part of. */
  slab(block: number): ByteSlab {
    const slab = this.#slabs[block >>> BLOCK_BITS];
    assert(slab !== undefined, "byte blocks: used after it was given back");
    return slab;
  }

  /** A larger block with the same bytes, and zeros behind them, in place of one that is given back. */
  grow(block: number): number {
    const from = this.slab(block);
    const start = from.startOf(block);
    const larger = this.#take(from.size + 1);
    const to = this.slab(larger);
    to.bytes.set(from.bytes.subarray(start, start + from.blockBytes), to.startOf(larger));
    this.release(block);
    return larger;
  }

  /** Gives a block back. */
  release(block: number): void {
    const slab = this.slab(block);
    const number = block >>> BLOCK_BITS;
    if (slab.freeCount === 0) this.#candidates[slab.size]?.push(number);
    slab.free[slab.freeCount++] = block & BLOCK_MASK;
    const free = (this.#free[slab.size] as number) + 1;
    this.#free[slab.size] = free;
    // Another slab's worth is free: this one need not wait for the next block.
    if (!slab.isEmpty || free < 2 * slab.free.length) return;
    this.#free[slab.size] = free - slab.free.length;
    this.#slabs[number] = undefined;
    this.#unused.push(number);
  }

  #take(size: number): number {
    assert(size < SIZES.length, "byte blocks: larger than any block");
    const number = this.#slabWithRoom(size);
    const slab = this.#slabs[number] as ByteSlab;
    const index = slab.free[--slab.freeCount] as number;
    this.#free[size] = (this.#free[size] as number) - 1;
    slab.bytes.fill(0, index * slab.blockBytes, (index + 1) * slab.blockBytes);
    return (number << BLOCK_BITS) | index;
  }

  #slabWithRoom(size: number): number {
    const candidates = this.#candidates[size] as number[];
    for (;;) {
      const last = candidates.at(-1);
      if (last === undefined) break;
      const slab = this.#slabs[last];
      // A slab of the number may be another one by now.
      if (slab !== undefined && slab.size === size && slab.freeCount > 0) return last;
      candidates.pop();
    }
    const number = this.#unused.pop() ?? this.#slabs.length;
    const slab = new ByteSlab(size);
    this.#slabs[number] = slab;
    this.#free[size] = (this.#free[size] as number) + slab.free.length;
    candidates.push(number);
    return number;
  }
}
