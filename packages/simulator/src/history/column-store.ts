import { assert } from "@linklight/model";

/** How many moments are kept as one. */
export const WINDOW_SIZE = 512;

/** Says of a window that all its numbers are the same. */
const CONSTANT = -1;

/** The numbers of a column, kept in a {@link ColumnStore}. */
export interface Column {
  /** By window: the slot that holds it, or {@link CONSTANT}. */
  readonly slots: Int32Array;
  /** By window: the number, where it is constant. */
  readonly constants: Float64Array;
  /** How many windows are kept. */
  size: number;
}

/**
 * Room for a fixed amount of numbers, in columns that grow by windows:
 *
 * ```
 * arena    │ slot 0: 512 numbers │ slot 1 │ slot 2 │ …
 * column   window 0 → slot 7   window 1 → constant 1   window 2 → slot 0 …
 * ```
 *
 * The arena is allocated whole and never grows, so what a history takes does not depend on how long it is.
 * Windows of one number, such as those of a link that stays up, take no slot.
 */
export class ColumnStore {
  readonly #arena: Float64Array;
  readonly #free: number[];
  readonly #slotCount: number;

  /** Takes `bytes` of memory at once. */
  constructor(bytes: number) {
    this.#slotCount = Math.max(1, Math.floor(bytes / 8 / WINDOW_SIZE));
    // Filled, so that the memory is taken now and not while a long history is written.
    this.#arena = new Float64Array(this.#slotCount * WINDOW_SIZE).fill(1);
    this.#free = Array.from({ length: this.#slotCount }, (_, i) => this.#slotCount - 1 - i);
  }

  /** How many windows there is room for. */
  get slotCount(): number {
    return this.#slotCount;
  }

  /** How many of them are free. */
  get freeCount(): number {
    return this.#free.length;
  }

  /** A column without windows yet, for at most this many. */
  open(windows: number): Column {
    return { slots: new Int32Array(windows), constants: new Float64Array(windows), size: 0 };
  }

  /** Adds a window to a column: `count` numbers from a position of `values` on. False when there is no room. */
  append(column: Column, values: Float64Array, at: number, count: number): boolean {
    if (isConstant(values, at, count)) {
      column.slots[column.size] = CONSTANT;
      column.constants[column.size] = values[at] as number;
    } else {
      const slot = this.#free.pop();
      if (slot === undefined) return false;
      const start = slot * WINDOW_SIZE;
      for (let i = 0; i < count; i++) this.#arena[start + i] = values[at + i] as number;
      column.slots[column.size] = slot;
    }
    column.size++;
    return true;
  }

  /** Copies the numbers of moments `first` … into every `stride`-th place of `into`, from `offset` on. */
  read(
    column: Column,
    { first, count }: { readonly first: number; readonly count: number },
    into: Float64Array,
    { offset, stride }: { readonly offset: number; readonly stride: number },
  ): void {
    for (let i = 0; i < count; ) {
      const window = Math.floor((first + i) / WINDOW_SIZE);
      assert(window < column.size, `history: window ${window} of a column is not kept`);
      const within = first + i - window * WINDOW_SIZE;
      const end = Math.min(count, i + WINDOW_SIZE - within);
      const slot = column.slots[window] as number;
      if (slot === CONSTANT) {
        const value = column.constants[window] as number;
        for (; i < end; i++) into[offset + i * stride] = value;
      } else {
        let at = slot * WINDOW_SIZE + within;
        for (; i < end; i++) into[offset + i * stride] = this.#arena[at++] as number;
      }
    }
  }

  /** Makes room: the column is empty afterwards. */
  clear(column: Column): void {
    for (let window = 0; window < column.size; window++) {
      const slot = column.slots[window] as number;
      if (slot !== CONSTANT) this.#free.push(slot);
    }
    column.size = 0;
  }
}

function isConstant(values: Float64Array, at: number, count: number): boolean {
  const value = values[at] as number;
  // Not `===`: a gap, which is NaN, is a constant too, and of the two zeros each its own.
  for (let i = 1; i < count; i++) if (!Object.is(values[at + i], value)) return false;
  return true;
}
