import type { Pause } from "../turns/pause.ts";
import { EMPTY_POSTINGS, type Postings, subtract } from "./postings.ts";

/** A second ref makes room for so many. */
const FIRST_CAPACITY = 4;
/** So many are looked at in one go: a fraction of a millisecond. */
const PIECE = 1 << 16;

/** A postings list that grows at its end. The first ref needs no array: most values of some labels have one series. */
export class GrowingPostings {
  #only = 0;
  /** Undefined while there is at most one. */
  #refs: Uint32Array | undefined;
  #length = 0;

  /** Adds a ref above all others. */
  push(ref: number): void {
    if (this.#length === 0) this.#only = ref;
    else this.#append(ref);
    this.#length++;
  }

  /** The refs so far; a view that stays as it is. */
  view(): Postings {
    if (this.#length === 0) return EMPTY_POSTINGS;
    return this.#refs?.subarray(0, this.#length) ?? Uint32Array.of(this.#only);
  }

  get length(): number {
    return this.#length;
  }

  /** Takes refs away, which ascend as those do: a long list piece by piece. Views stay as they are; refs may come meanwhile. */
  async remove(refs: Postings, pause: Pause): Promise<void> {
    const pieces: Postings[] = [];
    for (let start = 0; start < this.#length; start += PIECE) {
      if (start > 0 && pause.isDueNow()) await pause.take();
      const piece = this.view().subarray(start, start + PIECE);
      pieces.push(subtract(piece, refs));
    }
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    if (length === this.#length) return;
    const kept = new Uint32Array(length);
    let end = 0;
    for (const piece of pieces) {
      kept.set(piece, end);
      end += piece.length;
    }
    this.#length = length;
    this.#only = kept[0] ?? 0;
    this.#refs = length > 1 ? kept : undefined;
  }

  #append(ref: number): void {
    let refs = this.#refs;
    if (refs === undefined || this.#length === refs.length) {
      refs = new Uint32Array(Math.max(FIRST_CAPACITY, 2 * this.#length));
      if (this.#refs === undefined) refs[0] = this.#only;
      else refs.set(this.#refs);
      this.#refs = refs;
    }
    refs[this.#length] = ref;
  }
}
