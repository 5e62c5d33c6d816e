import type { Switch } from "../fabric/fabric.ts";
import type { SwitchTraffic } from "../port/port-reading.ts";
import { mixText, unit } from "../seed/mix.ts";
import { sineOfTurns } from "../seed/sine.ts";
import type { EffectIndex } from "../traffic/effect-index.ts";
import { approach } from "./effect-following.ts";

const DAY = 86_400;

/** Load warms over minutes: what counts is the mean of this long. */
const MEAN_SECONDS = 300;

/** With which constant the chassis follows a change of its fans, and the air of a room one of its cooling. */
const FAN_SECONDS = 240;
const ROOM_SECONDS = 300;

/** Means that are kept: blocks of 21 h, and 35 days of them, since histories go over a month again and again. */
const BLOCK = 256;
const MOST_BLOCKS = 40;

/** The warmth of a switch at one moment: what all of its sensors follow. */
export interface WarmthReading {
  /** Of the air that it takes in. */
  readonly inletCelsius: number;
  /** What its ports carry, as a share of what they could: the mean of five minutes. */
  readonly load: number;
  /** How much warmer it is because fans have failed. */
  readonly missingAirCelsius: number;
}

/**
 * How warm a switch is, by its surroundings, its load and its fans.
 *
 *   inlet(t)   = 23 + own ± 2 · sin(day) + Σ heat · approach(t)
 *   load(t)    = bytes of all ports / (5 min · line rate of all ports), the two last whole five minutes joined
 *                by a straight line: never from what is still to come
 *   missing(t) = Σ failed fans (4 … 8 K) · approach(t)
 *   approach   = 1 − e^(−(t−from)/τ) while the effect lasts; from its value at the end, · e^(−(t−to)/τ) after it
 *
 * Inlet temperatures within 18 … 27 °C are what ASHRAE TC 9.9 recommends; the rest are own estimates. Means of five
 * minutes are kept. Before the epoch there was no load: the first ten minutes are a little cooler.
 */
export class Warmth {
  readonly #node: Switch;
  readonly #effects: EffectIndex;
  readonly #traffic: Pick<SwitchTraffic, "bytesBetween">;
  readonly #state: number;
  readonly #bytesPerMean: number;
  /** Means by blocks of {@link BLOCK}; NaN while not known. */
  #loads = new Map<number, Float64Array>();
  #revision = -1;
  #lastSeconds = Number.NaN;
  #last: WarmthReading | undefined;

  constructor(
    seed: number,
    node: Switch,
    effects: EffectIndex,
    traffic: Pick<SwitchTraffic, "bytesBetween">,
  ) {
    this.#node = node;
    this.#effects = effects;
    this.#traffic = traffic;
    this.#state = mixText(seed, `warmth ${node.name}`);
    const bits = node.ports.reduce((sum, { profile }) => sum + profile.speed, 0);
    // In and out.
    this.#bytesPerMean = ((2 * bits) / 8) * MEAN_SECONDS;
  }

  /** At a moment. The last answer is kept. */
  at(seconds: number): WarmthReading {
    this.#effects.refresh(seconds);
    const { revision } = this.#effects;
    if (revision !== this.#revision) {
      this.#revision = revision;
      this.#loads = new Map();
      this.#last = undefined;
    }
    if (seconds !== this.#lastSeconds || this.#last === undefined) {
      this.#last = this.#compute(seconds);
      this.#lastSeconds = seconds;
    }
    return this.#last;
  }

  #compute(seconds: number): WarmthReading {
    const effects = this.#effects.on(this.#node.name);
    const own = 2 * (unit(this.#state, 1) - 0.5);
    const day = 2 * sineOfTurns(seconds / DAY - 0.375 + 0.05 * unit(this.#state, 2));
    let inletCelsius = 23 + own + day;
    let missingAirCelsius = 0;
    for (const effect of effects) {
      if (effect.kind === "inlet-heat")
        inletCelsius += effect.celsius * approach(effect, seconds, ROOM_SECONDS);
      if (effect.kind === "fan-failure") {
        const kelvins = 4 + 4 * unit(this.#state, 100 + effect.fan);
        missingAirCelsius += kelvins * approach(effect, seconds, FAN_SECONDS);
      }
    }
    return { inletCelsius, load: this.#load(seconds), missingAirCelsius };
  }

  #load(seconds: number): number {
    const whole = Math.floor(seconds / MEAN_SECONDS);
    const part = seconds / MEAN_SECONDS - whole;
    const [before, last] = [this.#meanOf(whole - 2), this.#meanOf(whole - 1)];
    return before + (last - before) * part;
  }

  /** The load of the n-th five minutes. Before the epoch there was none. */
  #meanOf(n: number): number {
    if (n < 0) return 0;
    const place = n % BLOCK;
    const block = this.#block((n - place) / BLOCK);
    const known = block[place] as number;
    if (!Number.isNaN(known)) return known;
    const bytes = this.#traffic.bytesBetween(n * MEAN_SECONDS, (n + 1) * MEAN_SECONDS);
    const load = bytes / this.#bytesPerMean;
    block[place] = load;
    return load;
  }

  #block(index: number): Float64Array {
    const known = this.#loads.get(index);
    if (known !== undefined) return known;
    const made = new Float64Array(BLOCK).fill(Number.NaN);
    this.#loads.set(index, made);
    if (this.#loads.size > MOST_BLOCKS)
      this.#loads.delete(this.#loads.keys().next().value as number);
    return made;
  }
}
