import { assert } from "@linklight/model";
import { shapeOf, type WindowShape } from "./number-window.ts";

/** How many moments are kept as one. */
export const WINDOW_SIZE = 512;

/** Says of a window that all its numbers are the same. */
const CONSTANT = -1;

/** The numbers of a column, kept in a {@link ColumnStore}. */
export interface Column {
  /** By window: the slot of its first plane, or {@link CONSTANT}. */
  readonly slots: Int32Array;
  /** By window: the number, where it is constant. */
  readonly constants: Float64Array;
  /** How many windows are kept. */
  size: number;
}

/** The end of a chain of slots. */
const NONE = -1;

/**
 * Room for a fixed amount of numbers, in columns that grow by windows. The numbers of a window are written as small
 * whole ones where they can be, and bytes of the same weight stand together:
 *
 * ```
 * column   window 0  constant 1       window 1  delta, 2 planes ─┐        window 2 …
 * arena    │ slot 0 │ slot 1: 512 low bytes │ slot 2 │ slot 3: 512 high bytes │ …
 * next                  └──────────────────────────────▶
 * ```
 *
 * The arena is allocated whole and never grows, so what a history takes hardly depends on how long it is.
 * Windows of one number, such as those of a link that stays up, take no slot.
 */
export class ColumnStore {
  readonly #arena: Uint8Array;
  /** By slot: where the next plane of its window is, or the next free one. */
  readonly #next: Int32Array;
  #firstFree = 0;
  #freeCount: number;
  /** By slot of a first plane: the shape of the window. */
  readonly #shapes: ShapeTable;
  /** The numbers of the window that was looked at last, and its slot: it is read in parts. */
  readonly #numbers = new Float64Array(WINDOW_SIZE);
  readonly #bytes: Uint8Array = new Uint8Array(this.#numbers.buffer);
  #unpacked = NONE;

  /** Takes `bytes` of memory at once. */
  constructor(bytes: number) {
    const slots = Math.max(1, Math.floor(bytes / WINDOW_SIZE));
    // Filled, so that the memory is taken now and not while a long history is written.
    this.#arena = new Uint8Array(slots * WINDOW_SIZE).fill(1);
    this.#next = Int32Array.from({ length: slots }, (_, i) => (i + 1 < slots ? i + 1 : NONE));
    this.#freeCount = slots;
    this.#shapes = new ShapeTable(slots);
  }

  /** How many planes there is room for. */
  get slotCount(): number {
    return this.#next.length;
  }

  /** How many of their slots are free. */
  get freeCount(): number {
    return this.#freeCount;
  }

  /** A column without windows yet, for at most this many. */
  open(windows: number): Column {
    return { slots: new Int32Array(windows), constants: new Float64Array(windows), size: 0 };
  }

  /** Adds a window to a column: `count` numbers from a position of `values` on. False when there is no room. */
  append(column: Column, values: Float64Array, at: number, count: number): boolean {
    const shape = shapeOf(values, at, count);
    if (shape.planes > this.#freeCount) return false;
    if (shape.kind === "constant") {
      column.slots[column.size] = CONSTANT;
      column.constants[column.size] = shape.base;
    } else {
      column.slots[column.size] = this.#firstFree;
      this.#pack(shape, values.subarray(at, at + count));
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
      let within = first + i - window * WINDOW_SIZE;
      const end = Math.min(count, i + WINDOW_SIZE - within);
      const slot = column.slots[window] as number;
      if (slot === CONSTANT) {
        const value = column.constants[window] as number;
        for (; i < end; i++) into[offset + i * stride] = value;
      } else {
        const numbers = this.#unpack(slot);
        for (; i < end; i++) into[offset + i * stride] = numbers[within++] as number;
      }
    }
  }

  /** Makes room: the column is empty afterwards. */
  clear(column: Column): void {
    for (let window = 0; window < column.size; window++) {
      const slot = column.slots[window] as number;
      if (slot === CONSTANT) continue;
      let last = slot;
      this.#freeCount++;
      for (
        let next = this.#next[last] as number;
        next !== NONE;
        next = this.#next[last] as number
      ) {
        last = next;
        this.#freeCount++;
      }
      this.#next[last] = this.#firstFree;
      this.#firstFree = slot;
    }
    column.size = 0;
    this.#unpacked = NONE;
  }

  /** Writes the numbers of a window into its planes, which are taken from the free ones. */
  #pack(shape: WindowShape, values: Float64Array): void {
    this.#unpacked = NONE;
    this.#shapes.set(this.#firstFree, shape);
    if (shape.kind === "raw") this.#numbers.set(values);
    else toSmall(shape, values, this.#numbers);
    let last = NONE;
    for (let plane = 0; plane < shape.planes; plane++) {
      const start = this.#firstFree * WINDOW_SIZE;
      if (shape.kind === "raw") {
        for (let i = 0; i < values.length; i++)
          this.#arena[start + i] = this.#bytes[8 * i + plane] as number;
      } else takeLowBytes(this.#numbers, this.#arena, start, values.length);
      last = this.#firstFree;
      this.#firstFree = this.#next[last] as number;
    }
    this.#next[last] = NONE;
    this.#freeCount -= shape.planes;
  }

  /** The numbers of the window that begins in a slot; they hold until another one is asked for. */
  #unpack(first: number): Float64Array {
    const numbers = this.#numbers;
    if (this.#unpacked === first) return numbers;
    this.#unpacked = first;
    const shape = this.#shapes.get(first);
    numbers.fill(0);
    let weight = 1;
    let slot = first;
    for (let plane = 0; plane < shape.planes; plane++) {
      const start = slot * WINDOW_SIZE;
      for (let i = 0; i < WINDOW_SIZE; i++) {
        const byte = this.#arena[start + i] as number;
        if (shape.kind === "raw") this.#bytes[8 * i + plane] = byte;
        else numbers[i] = (numbers[i] as number) + byte * weight;
      }
      weight *= 256;
      slot = this.#next[slot] as number;
    }
    if (shape.kind !== "raw") fromSmall(shape, numbers);
    return numbers;
  }
}

const KINDS: readonly WindowShape["kind"][] = ["constant", "offset", "delta", "raw"];

/** Shapes of windows by slot, in memory that is taken at once: there are hundreds of thousands. */
class ShapeTable {
  readonly #kinds: Uint8Array;
  readonly #planes: Uint8Array;
  readonly #scales: Uint32Array;
  readonly #bases: Float64Array;
  readonly #steps: Float64Array;

  constructor(slots: number) {
    this.#kinds = new Uint8Array(slots).fill(1);
    this.#planes = new Uint8Array(slots).fill(1);
    this.#scales = new Uint32Array(slots).fill(1);
    this.#bases = new Float64Array(slots).fill(1);
    this.#steps = new Float64Array(slots).fill(1);
  }

  get(slot: number): WindowShape {
    return {
      kind: KINDS[this.#kinds[slot] as number] as WindowShape["kind"],
      planes: this.#planes[slot] as number,
      base: this.#bases[slot] as number,
      step: this.#steps[slot] as number,
      scale: this.#scales[slot] as number,
    };
  }

  set(slot: number, { kind, planes, base, step, scale }: WindowShape): void {
    this.#kinds[slot] = KINDS.indexOf(kind);
    this.#planes[slot] = planes;
    this.#bases[slot] = base;
    this.#steps[slot] = step;
    this.#scales[slot] = scale;
  }
}

/** The small whole numbers that a window is written as. */
function toSmall(
  { kind, base, step, scale }: WindowShape,
  values: Float64Array,
  to: Float64Array,
): void {
  if (kind === "offset") {
    for (let i = 0; i < values.length; i++)
      to[i] = Math.round((values[i] as number) * scale) - base;
    return;
  }
  // The first is the base.
  to[0] = 0;
  for (let i = 1; i < values.length; i++)
    to[i] = (values[i] as number) - (values[i - 1] as number) - step;
}

/** The numbers of a window again, in the place of the small ones. */
function fromSmall({ kind, base, step, scale }: WindowShape, numbers: Float64Array): void {
  if (kind === "offset") {
    for (let i = 0; i < numbers.length; i++) numbers[i] = (base + (numbers[i] as number)) / scale;
    return;
  }
  let last = base;
  numbers[0] = base;
  for (let i = 1; i < numbers.length; i++) {
    last += step + (numbers[i] as number);
    numbers[i] = last;
  }
}

/** Moves the lowest byte of each number to a place of its own, and divides them by 256. */
function takeLowBytes(numbers: Float64Array, to: Uint8Array, at: number, count: number): void {
  for (let i = 0; i < count; i++) {
    const number = numbers[i] as number;
    const rest = Math.floor(number / 256);
    to[at + i] = number - rest * 256;
    numbers[i] = rest;
  }
}
