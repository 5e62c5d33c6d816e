import type { Labels } from "@linklight/model";
import type { MemorySeries } from "./memory-series.ts";

const FIRST_CAPACITY = 64;

/**
 * The series of the head by label set: a table of as many places as keeps half of them free at least, a series at the
 * first free one from where its hash says. The hashes are the caller's, equal for equal label sets.
 */
export class SeriesByLabels {
  #places: (MemorySeries | undefined)[] = emptyPlaces(FIRST_CAPACITY);
  /** Those of the series in the places: so that only one that may be it need be looked at. */
  #hashes = new Int32Array(FIRST_CAPACITY);
  #count = 0;

  /** How many places there are. */
  get capacity(): number {
    return this.#places.length;
  }

  find(hash: number, labels: Labels): MemorySeries | undefined {
    const mask = this.#places.length - 1;
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const series = this.#places[at];
      if (series === undefined) return undefined;
      if (this.#hashes[at] === hash && series.labels.equals(labels)) return series;
    }
  }

  /** Adds a series whose labels no other one has. */
  add(series: MemorySeries): void {
    if (2 * (this.#count + 1) > this.#places.length) this.#resize(2 * this.#places.length);
    this.#put(series, series.hash);
    this.#count++;
  }

  delete(series: MemorySeries): void {
    const places = this.#places;
    const hashes = this.#hashes;
    const mask = places.length - 1;
    let free = series.hash & mask;
    while (places[free] !== series) {
      if (places[free] === undefined) return;
      free = (free + 1) & mask;
    }
    // Those behind it, up to a free place, move up where they may: or looking for them would end here.
    for (let at = (free + 1) & mask; ; at = (at + 1) & mask) {
      const next = places[at];
      if (next === undefined) break;
      const hash = hashes[at] as number;
      if (((at - hash) & mask) < ((at - free) & mask)) continue;
      places[free] = next;
      hashes[free] = hash;
      free = at;
    }
    places[free] = undefined;
    this.#count--;
    if (places.length > FIRST_CAPACITY && 8 * this.#count < places.length)
      this.#resize(places.length / 2);
  }

  #put(series: MemorySeries, hash: number): void {
    const mask = this.#places.length - 1;
    let at = hash & mask;
    while (this.#places[at] !== undefined) at = (at + 1) & mask;
    this.#places[at] = series;
    this.#hashes[at] = hash;
  }

  #resize(capacity: number): void {
    const [places, hashes] = [this.#places, this.#hashes];
    this.#places = emptyPlaces(capacity);
    this.#hashes = new Int32Array(capacity);
    for (let at = 0; at < places.length; at++) {
      const series = places[at];
      if (series !== undefined) this.#put(series, hashes[at] as number);
    }
  }
}

function emptyPlaces(count: number): (MemorySeries | undefined)[] {
  return new Array<MemorySeries | undefined>(count).fill(undefined);
}
