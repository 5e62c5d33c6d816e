import { compareUtf8, type Labels } from "@linklight/model";
import type { IndexSource } from "../index/index-source.ts";
import { EMPTY_POSTINGS, type Postings, unite } from "../index/postings.ts";
import type { Pause } from "../turns/pause.ts";

/** A postings list that grows at its end. */
class GrowingPostings {
  #refs = new Uint32Array(4);
  #length = 0;

  /** Adds a ref above all others. */
  push(ref: number): void {
    if (this.#length === this.#refs.length) {
      const larger = new Uint32Array(2 * this.#length);
      larger.set(this.#refs);
      this.#refs = larger;
    }
    this.#refs[this.#length++] = ref;
  }

  /** The refs so far; a view that stays as it is. */
  view(): Postings {
    return this.#refs.subarray(0, this.#length);
  }

  /** Takes refs away; views stay as they are. Returns how many are left. */
  remove(refs: ReadonlyMap<number, unknown>): number {
    const kept = new Uint32Array(Math.max(1, this.#length));
    let count = 0;
    for (let i = 0; i < this.#length; i++) {
      const ref = this.#refs[i] as number;
      if (!refs.has(ref)) kept[count++] = ref;
    }
    this.#refs = count < kept.length / 2 ? kept.slice(0, Math.max(1, count)) : kept;
    this.#length = count;
    return count;
  }
}

interface LabelPostings {
  readonly byValue: Map<string, GrowingPostings>;
  /** Sorted; undefined after a value came or went. */
  values: readonly string[] | undefined;
}

/** The inverted index of the head: it grows with every new series. */
export class MemoryPostings implements IndexSource {
  readonly #byName = new Map<string, LabelPostings>();
  readonly #all = new GrowingPostings();
  #names: readonly string[] | undefined;

  /** Adds a series; its slot is above those of all others. */
  add(slot: number, labels: Labels): void {
    this.#all.push(slot);
    for (let i = 0; i < labels.size; i++) this.#addPair(slot, labels.nameAt(i), labels.valueAt(i));
  }

  /** Takes series away, by slot: from the lists of their own label pairs. Readers may come in between. */
  async remove(
    gone: ReadonlyMap<number, { readonly labels: Labels }>,
    pause: Pause,
  ): Promise<void> {
    this.#all.remove(gone);
    const pairs = new Map<string, Set<string>>();
    for (const { labels } of gone.values()) {
      if (pause.isDue()) await pause.take();
      for (const [name, value] of labels) {
        const values = pairs.get(name);
        if (values === undefined) pairs.set(name, new Set([value]));
        else values.add(value);
      }
    }
    for (const [name, values] of pairs)
      for (const value of values) {
        if (pause.isDueNow()) await pause.take();
        this.#removePair(name, value, gone);
      }
  }

  labelNames(): readonly string[] {
    this.#names ??= [...this.#byName.keys()].sort(compareUtf8);
    return this.#names;
  }

  labelValues(name: string): readonly string[] {
    const label = this.#byName.get(name);
    if (label === undefined) return [];
    label.values ??= [...label.byValue.keys()].sort(compareUtf8);
    return label.values;
  }

  postings(name: string, value: string): Postings {
    return this.#byName.get(name)?.byValue.get(value)?.view() ?? EMPTY_POSTINGS;
  }

  postingsOfValues(name: string, values: readonly string[]): Postings {
    return unite(values.map((value) => this.postings(name, value)));
  }

  allPostings(): Postings {
    return this.#all.view();
  }

  #removePair(name: string, value: string, gone: ReadonlyMap<number, unknown>): void {
    const label = this.#byName.get(name);
    const postings = label?.byValue.get(value);
    if (label === undefined || postings === undefined || postings.remove(gone) > 0) return;
    label.byValue.delete(value);
    label.values = undefined;
    if (label.byValue.size > 0) return;
    this.#byName.delete(name);
    this.#names = undefined;
  }

  #addPair(slot: number, name: string, value: string): void {
    let label = this.#byName.get(name);
    if (label === undefined) {
      label = { byValue: new Map(), values: undefined };
      this.#byName.set(name, label);
      this.#names = undefined;
    }
    let postings = label.byValue.get(value);
    if (postings === undefined) {
      postings = new GrowingPostings();
      label.byValue.set(value, postings);
      label.values = undefined;
    }
    postings.push(slot);
  }
}
