import type { Effect, EffectKind, EffectSource } from "../incident/effect.ts";
import { BLOCK_SECONDS } from "./cascade.ts";

/** What changes which bytes go where. */
const TRAFFIC_KINDS: ReadonlySet<EffectKind> = new Set([
  "link-down",
  "load",
  "forwarding",
  "reboot",
]);

/** Revisions count effects, and jump by this when all of them may be others. */
const GENERATION = 2 ** 32;

/**
 * The effects of a source by what they concern: a link or a switch. Listens to nothing: `refresh` looks for
 * effects that have begun since, and says from when on the model has changed.
 */
export class EffectIndex {
  readonly #source: EffectSource;
  readonly #byTarget = new Map<string, Effect[]>();
  readonly #versions = new Map<string, number>();
  /** When each effect that is known begins, in the order in which they became known. */
  #starts: number[] = [];
  /** Blocks of the cascade in which effects on traffic hold; from the last on all. */
  readonly #touched = new Set<number>();
  #touchedFrom = Infinity;
  /** When effects on traffic begin and end. */
  readonly #turns = new Set<number>();
  #sourceVersion: number;
  #generation = 0;

  constructor(source: EffectSource) {
    this.#source = source;
    this.#sourceVersion = source.version;
  }

  /** Grows with any effect: what was computed for the same revision still holds. */
  get revision(): number {
    return this.#generation * GENERATION + this.#starts.length;
  }

  /**
   * From when on anything may be other than it was for an earlier revision: nothing that is known only now
   * begins before. `Infinity` for the present revision, 0 when effects that had begun are others.
   */
  changedSince(revision: number): number {
    const known = revision - this.#generation * GENERATION;
    if (known < 0) return 0;
    let first = Infinity;
    for (let i = known; i < this.#starts.length; i++)
      first = Math.min(first, this.#starts[i] as number);
    return first;
  }

  /** Whether an effect on traffic holds anywhere in the fabric during some of a block of the cascade. */
  touches(block: number): boolean {
    return block >= this.#touchedFrom || this.#touched.has(block);
  }

  /** Changes when effects that were known have changed, and so anything of the past may have. */
  get generation(): number {
    return this.#generation;
  }

  /** Whether an effect on traffic begins or ends at a moment, anywhere in the fabric. */
  isTurn(seconds: number): boolean {
    return this.#turns.has(seconds);
  }

  /** Takes in what has begun until a moment. */
  refresh(seconds: number): void {
    if (this.#source.version !== this.#sourceVersion) {
      this.#sourceVersion = this.#source.version;
      this.#byTarget.clear();
      this.#versions.clear();
      this.#starts = [];
      this.#touched.clear();
      this.#touchedFrom = Infinity;
      this.#turns.clear();
      this.#generation += 1;
    }
    const effects = this.#source.until(seconds);
    while (this.#starts.length < effects.length) this.#add(effects[this.#starts.length] as Effect);
  }

  /** A number that changes when effects on a link or a switch do. */
  version(target: string): number {
    return this.#generation * GENERATION + (this.#versions.get(target) ?? 0);
  }

  /** The effects on a link (by its id) or a switch (by its name), by their start. */
  on(target: string): readonly Effect[] {
    return this.#byTarget.get(target) ?? [];
  }

  #add(effect: Effect): void {
    this.#starts.push(effect.from);
    if (TRAFFIC_KINDS.has(effect.kind)) this.#touch(effect);
    const target = "link" in effect ? effect.link : effect.switch;
    const list = this.#byTarget.get(target) ?? [];
    list.push(effect);
    this.#byTarget.set(target, list);
    this.#versions.set(target, (this.#versions.get(target) ?? 0) + 1);
  }

  #touch({ from, to }: Effect): void {
    this.#turns.add(from).add(to);
    const first = Math.floor(from / BLOCK_SECONDS);
    if (to === Infinity) {
      this.#touchedFrom = Math.min(this.#touchedFrom, first);
      return;
    }
    for (let block = first; block * BLOCK_SECONDS < to; block++) this.#touched.add(block);
  }
}
