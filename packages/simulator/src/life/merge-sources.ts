import type { Effect, EffectSource } from "../incident/effect.ts";

/** Effects of several sources as those of one, by their start; those that begin together, by their source. */
export function mergeSources(...sources: readonly EffectSource[]): EffectSource {
  const [only] = sources;
  return sources.length === 1 && only !== undefined ? only : new MergedSource(sources);
}

/** Takes in only what is new since it was last asked. */
class MergedSource implements EffectSource {
  readonly #sources: readonly EffectSource[];
  /** By source: how many of its effects are taken in. */
  #taken: number[] = [];
  #merged: Effect[] = [];
  #last: readonly Effect[] = [];
  #takenUntil = Number.NEGATIVE_INFINITY;
  #mergedVersion: number;

  constructor(sources: readonly EffectSource[]) {
    this.#sources = sources;
    this.#taken = sources.map(() => 0);
    this.#mergedVersion = this.version;
  }

  /** Versions only count up, so their sum changes when one of them does. */
  get version(): number {
    return this.#sources.reduce((sum, { version }) => sum + version, 0);
  }

  until(seconds: number): readonly Effect[] {
    if (this.version !== this.#mergedVersion) this.#forget();
    // Every part of a reading asks for the same moment, and what begins later changes nothing before it.
    if (seconds > this.#takenUntil) this.#take(seconds);
    const count = countUntil(this.#merged, seconds);
    if (count !== this.#last.length) this.#last = this.#merged.slice(0, count);
    return this.#last;
  }

  #take(seconds: number): void {
    const fresh: Effect[] = [];
    const lists = this.#sources.map((source) => source.until(seconds));
    // Asking may have told a source of more than it knew.
    if (this.version !== this.#mergedVersion) this.#forget();
    for (const [i, list] of lists.entries()) {
      // What is past the moment, if a source gives that too, waits until it is asked for.
      let taken = this.#taken[i] as number;
      for (; taken < list.length && (list[taken] as Effect).from <= seconds; taken++)
        fresh.push(list[taken] as Effect);
      this.#taken[i] = taken;
    }
    // What was taken in before began no later than this.
    for (const effect of fresh.sort((a, b) => a.from - b.from)) this.#merged.push(effect);
    this.#takenUntil = seconds;
  }

  #forget(): void {
    this.#mergedVersion = this.version;
    this.#taken = this.#sources.map(() => 0);
    this.#merged = [];
    this.#last = [];
    this.#takenUntil = Number.NEGATIVE_INFINITY;
  }
}

/** How many of a list that is in the order of its starts have begun at a moment. */
export function countUntil(list: readonly { readonly from: number }[], seconds: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] as { readonly from: number }).from <= seconds) low = middle + 1;
    else high = middle;
  }
  return low;
}
