import type { Labels } from "@linklight/model";
import type { Pause } from "../turns/pause.ts";
import { mergeInTurns, sortInTurns } from "../turns/sort-in-turns.ts";

/** As many new ones are merged in one go. */
const FEW = 1000;
/** A page of ranks: 1024 of them. */
const PAGE_BITS = 10;
const PAGE_MASK = (1 << PAGE_BITS) - 1;

/** What the order must know of a series. */
export interface OrderedSeries {
  readonly slot: number;
  readonly labels: Labels;
}

/**
 * The series of the head in the order of their label sets. New ones are sorted among themselves and merged in
 * when somebody asks, so that a question costs no comparison of labels while nothing is new.
 */
export class SeriesOrder<T extends OrderedSeries> {
  #sorted: T[] = [];
  #fresh: T[] = [];
  /** The place of each series in the order, by slot: in pages, of which only those with living series are there. */
  #ranks: Uint32Array[] = [];

  add(series: T): void {
    this.#fresh.push(series);
  }

  /** Puts new series in their places, many of them with pauses. */
  async settle(pause: Pause): Promise<void> {
    const [old, fresh] = [this.#sorted, this.#fresh];
    const count = fresh.length;
    if (count < FEW) return;
    const merged = await mergeInTurns(
      old,
      await sortInTurns(fresh.slice(), byLabels, pause),
      byLabels,
      pause,
    );
    const ranks = await ranksInTurns(merged, pause);
    // Somebody could not wait.
    if (this.#sorted !== old || this.#fresh !== fresh) return;
    this.#sorted = merged;
    this.#ranks = ranks;
    this.#fresh = fresh.slice(count);
  }

  /** Takes away the series that do not pass, with pauses. Nobody asks for those meanwhile. */
  async retain(keep: (series: T) => boolean, pause: Pause): Promise<void> {
    for (;;) {
      const old = this.#sorted;
      const kept: T[] = [];
      for (const series of old) {
        if (pause.isDue()) await pause.take();
        if (keep(series)) kept.push(series);
      }
      const ranks = await ranksInTurns(kept, pause);
      // Somebody has asked, and new ones were put in order for him: they may come once a turn, and not for ever.
      if (this.#sorted !== old) continue;
      this.#sorted = kept;
      this.#ranks = ranks;
      this.#fresh = this.#fresh.filter(keep);
      return;
    }
  }

  /** All series, ascending. */
  all(): readonly T[] {
    this.#merge();
    return this.#sorted;
  }

  /** The series of some slots, ascending. */
  sorted(slots: Uint32Array): T[] {
    this.#merge();
    if (slots.length === this.#sorted.length) return [...this.#sorted];
    const ranks = new Uint32Array(slots.length);
    for (let i = 0; i < slots.length; i++) ranks[i] = this.#rankOf(slots[i] as number);
    return Array.from(ranks.sort(), (rank) => this.#sorted[rank] as T);
  }

  #merge(): void {
    if (this.#fresh.length === 0) return;
    const fresh = this.#fresh.sort(byLabels);
    const old = this.#sorted;
    const merged: T[] = [];
    let i = 0;
    for (const series of fresh) {
      // Few among many: most of the old ones need not be compared.
      const end = placeOf(series, old, i);
      while (i < end) merged.push(old[i++] as T);
      merged.push(series);
    }
    while (i < old.length) merged.push(old[i++] as T);
    this.#sorted = merged;
    this.#fresh = [];
    this.#rank();
  }

  #rankOf(slot: number): number {
    return this.#ranks[slot >>> PAGE_BITS]?.[slot & PAGE_MASK] as number;
  }

  #rank(): void {
    const before = this.#ranks;
    this.#ranks = [];
    for (let i = 0; i < this.#sorted.length; i++)
      setRank(this.#ranks, (this.#sorted[i] as T).slot, i, before);
  }
}

async function ranksInTurns(
  sorted: readonly OrderedSeries[],
  pause: Pause,
): Promise<Uint32Array[]> {
  const ranks: Uint32Array[] = [];
  for (let i = 0; i < sorted.length; i++) {
    if (pause.isDue()) await pause.take();
    setRank(ranks, (sorted[i] as OrderedSeries).slot, i, []);
  }
  return ranks;
}

/** `before`: pages that may be written over. */
function setRank(
  ranks: Uint32Array[],
  slot: number,
  rank: number,
  before: readonly Uint32Array[],
): void {
  const number = slot >>> PAGE_BITS;
  const page = ranks[number] ?? before[number] ?? new Uint32Array(1 << PAGE_BITS);
  ranks[number] = page;
  page[slot & PAGE_MASK] = rank;
}

function byLabels(a: OrderedSeries, b: OrderedSeries): number {
  return a.labels.compare(b.labels);
}

/** The first place at or after `start` whose series does not come before `series`. */
function placeOf(series: OrderedSeries, sorted: readonly OrderedSeries[], start: number): number {
  let low = start;
  let high = sorted.length;
  for (let leap = 1; low + leap < high; leap *= 2) {
    if (byLabels(sorted[low + leap] as OrderedSeries, series) < 0) low += leap;
    else high = low + leap;
  }
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (byLabels(sorted[middle] as OrderedSeries, series) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
