import type { Effect, EffectSource } from "../incident/effect.ts";

/**
 * The effects of a source by what they concern: a link or a switch. Listens to nothing: `refresh` looks for
 * effects that have begun since, and says from when on the model has changed.
 */
export class EffectIndex {
  readonly #source: EffectSource;
  readonly #byTarget = new Map<string, Effect[]>();
  readonly #versions = new Map<string, number>();
  #seen = 0;
  #sourceVersion: number;
  #generation = 0;

  constructor(source: EffectSource) {
    this.#source = source;
    this.#sourceVersion = source.version;
  }

  /** Changes with any effect: what was computed for the same revision still holds. */
  get revision(): number {
    return this.#generation * 1_000_000 + this.#seen;
  }

  /** Takes in what has begun until a moment. */
  refresh(seconds: number): void {
    if (this.#source.version !== this.#sourceVersion) {
      this.#sourceVersion = this.#source.version;
      this.#byTarget.clear();
      this.#versions.clear();
      this.#seen = 0;
      this.#generation += 1;
    }
    const effects = this.#source.until(seconds);
    for (; this.#seen < effects.length; this.#seen++) this.#add(effects[this.#seen] as Effect);
  }

  /** A number that changes when effects on a link or a switch do. */
  version(target: string): number {
    return this.#generation * 1_000_000 + (this.#versions.get(target) ?? 0);
  }

  /** The effects on a link (by its id) or a switch (by its name), by their start. */
  on(target: string): readonly Effect[] {
    return this.#byTarget.get(target) ?? [];
  }

  #add(effect: Effect): void {
    const target = "link" in effect ? effect.link : effect.switch;
    const list = this.#byTarget.get(target) ?? [];
    list.push(effect);
    this.#byTarget.set(target, list);
    this.#versions.set(target, (this.#versions.get(target) ?? 0) + 1);
  }
}
