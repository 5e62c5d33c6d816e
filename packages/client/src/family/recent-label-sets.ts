import type { Labels } from "@linklight/model";

/** A label set, and the key that its values make in every family with the same label names. */
export interface LabelSet {
  readonly key: string;
  readonly labels: Labels;
}

/** How many label sets a generation holds; two are kept, about 15 MB when full. */
const GENERATION_SIZE = 32_768;

/**
 * The label sets made lately, so that equal ones are one object: twenty families of a switch's ports
 * hold one label set for each port, and a collector that makes its families afresh meets those of its
 * last collection again, which is how a registry knows that their series are the same.
 *
 * Nothing depends on finding one. What was not asked for while as many others were is forgotten.
 */
export class RecentLabelSets {
  readonly #generationSize: number;
  /** By the label names in order, in one text; then by key. */
  #young = new Map<string, Map<string, LabelSet>>();
  #old = new Map<string, Map<string, LabelSet>>();
  #youngCount = 0;

  constructor(generationSize: number = GENERATION_SIZE) {
    this.#generationSize = generationSize;
  }

  /** The label set with these names and this key. */
  find(names: string, key: string): LabelSet | undefined {
    const young = this.#young.get(names)?.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(names)?.get(key);
    if (old !== undefined) this.add(names, old);
    return old;
  }

  /** Remembers a label set that was not found. */
  add(names: string, set: LabelSet): void {
    if (this.#youngCount === this.#generationSize) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#youngCount = 0;
    }
    let sets = this.#young.get(names);
    if (sets === undefined) {
      sets = new Map();
      this.#young.set(names, sets);
    }
    sets.set(set.key, set);
    this.#youngCount += 1;
  }
}
