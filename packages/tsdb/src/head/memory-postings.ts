import { compareUtf8, Labels } from "@linklight/model";
import { GrowingPostings } from "../index/growing-postings.ts";
import type { IndexSource } from "../index/index-source.ts";
import { type Postings, unite } from "../index/postings.ts";
import { inMemory, NO_POSTINGS, type PostingsList } from "../index/postings-list.ts";
import type { Pause } from "../turns/pause.ts";

/** What begins a hash, and what spreads each step of it: 2^32 divided by the golden ratio. */
const HASH_SEED = 0x9e3779b9 | 0;
/** Texts of this length and more may be parts of others. */
const SHORTEST_PART = 13;

/** The label pair of a value: its series, its text as all of them share it, and a number that no other pair ever had. */
class ValuePostings extends GrowingPostings {
  readonly label: LabelPostings;
  readonly value: string;
  readonly id: number;

  constructor(label: LabelPostings, value: string, id: number) {
    super();
    this.label = label;
    this.value = value;
    this.id = id;
  }
}

interface LabelPostings {
  readonly name: string;
  readonly byValue: Map<string, ValuePostings>;
  /** Sorted; undefined after a value came or went. */
  values: readonly string[] | undefined;
}

/** The inverted index of the head: it grows with every new series. */
export class MemoryPostings implements IndexSource {
  readonly #byName = new Map<string, LabelPostings>();
  readonly #all = new GrowingPostings();
  #names: readonly string[] | undefined;
  #pairs = 0;
  /** For one label set after the other: an array that grows has room for seventeen, and keeps it. */
  readonly #texts: string[] = [];
  /** The pair that was found last at each place of a label set: series that come together have most of them in common. */
  readonly #recent: ValuePostings[] = [];

  /** Adds a series; its slot is above those of all others. Returns its labels in texts that equal ones share, and their hash. */
  add(slot: number, labels: Labels): { readonly labels: Labels; readonly hash: number } {
    this.#all.push(slot);
    const texts = this.#texts;
    let hash = HASH_SEED;
    for (let i = 0; i < labels.size; i++) {
      const known = this.#find(labels, i);
      const label = known?.label ?? this.#label(labels.nameAt(i));
      const pair = known ?? this.#newPair(label, labels.valueAt(i));
      pair.push(slot);
      texts[2 * i] = label.name;
      texts[2 * i + 1] = pair.value;
      hash = mix(hash, pair.id);
    }
    return { labels: Labels.fromSortedPairs(texts.slice(0, 2 * labels.size)), hash };
  }

  /** The hash of a label set as `add` gives it; undefined when no series can have it. */
  hashOf(labels: Labels): number | undefined {
    let hash = HASH_SEED;
    for (let i = 0; i < labels.size; i++) {
      const pair = this.#find(labels, i);
      if (pair === undefined) return undefined;
      hash = mix(hash, pair.id);
    }
    return hash;
  }

  /** Takes series away, by slot: from the lists of their own label pairs. `slots` ascend. Readers may come in between. */
  async remove(
    slots: Postings,
    gone: ReadonlyMap<number, { readonly labels: Labels }>,
    pause: Pause,
  ): Promise<void> {
    await this.#all.remove(slots, pause);
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
        await this.#removePair(name, value, slots, pause);
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

  postings(name: string, value: string): PostingsList {
    const postings = this.#byName.get(name)?.byValue.get(value);
    return postings === undefined ? NO_POSTINGS : inMemory(postings.view());
  }

  postingsOfValues(name: string, values: readonly string[]): Postings {
    const { byValue } = this.#byName.get(name) ?? {};
    return unite(values.flatMap((value) => byValue?.get(value)?.view() ?? []));
  }

  allPostings(): Postings {
    return this.#all.view();
  }

  async #removePair(name: string, value: string, slots: Postings, pause: Pause): Promise<void> {
    const label = this.#byName.get(name);
    const postings = label?.byValue.get(value);
    if (label === undefined || postings === undefined) return;
    await postings.remove(slots, pause);
    if (postings.length > 0) return;
    this.#recent.length = 0;
    label.byValue.delete(value);
    label.values = undefined;
    if (label.byValue.size > 0) return;
    this.#byName.delete(name);
    this.#names = undefined;
  }

  #label(name: string): LabelPostings {
    let label = this.#byName.get(name);
    if (label === undefined) {
      label = { name: ownText(name), byValue: new Map(), values: undefined };
      this.#byName.set(label.name, label);
      this.#names = undefined;
    }
    return label;
  }

  #newPair(label: LabelPostings, value: string): ValuePostings {
    const pair = new ValuePostings(label, ownText(value), this.#pairs++);
    label.byValue.set(pair.value, pair);
    label.values = undefined;
    return pair;
  }

  /** The pair of the i-th label, where there is one. */
  #find(labels: Labels, i: number): ValuePostings | undefined {
    const name = labels.nameAt(i);
    const value = labels.valueAt(i);
    const recent = this.#recent[i];
    if (recent !== undefined && recent.value === value && recent.label.name === name) return recent;
    const pair = this.#byName.get(name)?.byValue.get(value);
    if (pair !== undefined) this.#recent[i] = pair;
    return pair;
  }
}

function mix(hash: number, id: number): number {
  const mixed = Math.imul(hash ^ id, HASH_SEED);
  return mixed ^ (mixed >>> 15);
}

/** A text of its own: one that was cut out of a scrape would keep all of that in memory. */
function ownText(text: string): string {
  if (text.length < SHORTEST_PART) return text;
  const own = Buffer.from(text).toString();
  // It would not be where a surrogate stands alone.
  return own === text ? own : text;
}
