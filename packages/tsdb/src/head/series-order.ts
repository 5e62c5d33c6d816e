import type { MemorySeries } from "./memory-series.ts";

/**
 * The series of the head in the order of their label sets. New ones are sorted among themselves and merged in
 * when somebody asks, so that a question costs no comparison of labels while nothing is new.
 */
export class SeriesOrder {
  #sorted: MemorySeries[] = [];
  #fresh: MemorySeries[] = [];
  /** The place of each series in the order, by slot. */
  #ranks = new Uint32Array(16);

  add(series: MemorySeries): void {
    this.#fresh.push(series);
  }

  /** Takes away the series that do not pass. */
  retain(keep: (series: MemorySeries) => boolean): void {
    this.#merge();
    this.#sorted = this.#sorted.filter(keep);
    this.#rank();
  }

  /** All series, ascending. */
  all(): readonly MemorySeries[] {
    this.#merge();
    return this.#sorted;
  }

  /** The series of some slots, ascending. */
  sorted(slots: Uint32Array): MemorySeries[] {
    this.#merge();
    if (slots.length === this.#sorted.length) return [...this.#sorted];
    const ranks = new Uint32Array(slots.length);
    for (let i = 0; i < slots.length; i++) ranks[i] = this.#ranks[slots[i] as number] as number;
    return Array.from(ranks.sort(), (rank) => this.#sorted[rank] as MemorySeries);
  }

  #merge(): void {
    if (this.#fresh.length === 0) return;
    const fresh = this.#fresh.sort((a, b) => a.labels.compare(b.labels));
    const old = this.#sorted;
    const merged: MemorySeries[] = [];
    let i = 0;
    for (const series of fresh) {
      while (i < old.length && (old[i] as MemorySeries).labels.compare(series.labels) < 0)
        merged.push(old[i++] as MemorySeries);
      merged.push(series);
    }
    while (i < old.length) merged.push(old[i++] as MemorySeries);
    this.#sorted = merged;
    this.#fresh = [];
    this.#rank();
  }

  #rank(): void {
    let highest = 0;
    for (const { slot } of this.#sorted) if (slot > highest) highest = slot;
    if (highest >= this.#ranks.length) this.#ranks = new Uint32Array(2 * (highest + 1));
    for (let i = 0; i < this.#sorted.length; i++)
      this.#ranks[(this.#sorted[i] as MemorySeries).slot] = i;
  }
}
