import { compareUtf8, type Labels } from "@linklight/model";
import type { IndexSource } from "../index/index-source.ts";
import { EMPTY_POSTINGS, type Postings, unite } from "../index/postings.ts";

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

  /** Keeps those that pass. Returns how many are left. */
  filter(keep: (ref: number) => boolean): number {
    this.#refs = this.view().filter(keep);
    this.#length = this.#refs.length;
    if (this.#length === 0) this.#refs = new Uint32Array(1);
    return this.#length;
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

  /** Takes away the series whose slots do not pass. */
  retain(keep: (slot: number) => boolean): void {
    this.#all.filter(keep);
    for (const [name, label] of this.#byName) {
      for (const [value, postings] of label.byValue) {
        if (postings.filter(keep) > 0) continue;
        label.byValue.delete(value);
        label.values = undefined;
      }
      if (label.byValue.size === 0) {
        this.#byName.delete(name);
        this.#names = undefined;
      }
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
