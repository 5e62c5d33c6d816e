import type { Fabric, Switch } from "../fabric/fabric.ts";
import type { Effect, EffectOf, EffectSource } from "../incident/effect.ts";
import { countUntil, mergeSources } from "../life/merge-sources.ts";
import { holds } from "./effect-following.ts";

/** From the return of power until a switch forwards again: as long as a reboot takes when nobody says. */
const START_SECONDS = 180;

type SupplyLoss = EffectOf<"psu-loss">;

/**
 * A source together with what follows when a switch has lost all of its power supplies: it is off until one is back
 * and it has started again. The model sees that as a `reboot`, in whole slots as all that concerns traffic.
 */
export function withPowerOutages(fabric: Fabric, source: EffectSource): EffectSource {
  return mergeSources(source, new OutageSource(fabric, source));
}

/** The outages alone. Looks only at what has begun since it was last asked. */
class OutageSource implements EffectSource {
  readonly #slot: number;
  readonly #source: EffectSource;
  readonly #switches: ReadonlyMap<string, Switch>;
  #seenVersion: number;
  /** How many effects of the source are known. */
  #seen = 0;
  readonly #losses = new Map<string, SupplyLoss[]>();
  /** By their start; one that begins at a moment is made of losses that have begun by then. */
  #outages: EffectOf<"reboot">[] = [];
  #last: readonly Effect[] = [];

  constructor({ slotSeconds, switches }: Fabric, source: EffectSource) {
    this.#slot = slotSeconds;
    this.#source = source;
    this.#switches = new Map(switches.map((node) => [node.name, node]));
    this.#seenVersion = source.version;
  }

  get version(): number {
    return this.#source.version;
  }

  until(seconds: number): readonly Effect[] {
    const effects = this.#source.until(seconds);
    if (this.#source.version !== this.#seenVersion) this.#forget();
    const known = this.#outages.length;
    for (; this.#seen < effects.length; this.#seen++) {
      const effect = effects[this.#seen] as Effect;
      if (effect.kind === "psu-loss") this.#take(effect);
    }
    if (this.#outages.length !== known) this.#outages.sort((a, b) => a.from - b.from);
    const count = countUntil(this.#outages, seconds);
    if (count !== this.#last.length) this.#last = this.#outages.slice(0, count);
    return this.#last;
  }

  /**
   * Each loss that leaves a switch without power begins an outage of its own, to the end that is known by then: one
   * that makes the darkness longer overlaps the one before it, which stays what it was.
   */
  #take(loss: SupplyLoss): void {
    const all = [...(this.#losses.get(loss.switch) ?? []), loss];
    this.#losses.set(loss.switch, all);
    const supplies = this.#switches.get(loss.switch)?.profile.psus ?? 0;
    let back = Infinity;
    for (let psu = 0; psu < supplies; psu++) back = Math.min(back, backAt(all, psu, loss.from));
    if (back <= loss.from) return;
    const from = Math.ceil(loss.from / this.#slot) * this.#slot;
    const to = Math.ceil((back + START_SECONDS) / this.#slot) * this.#slot;
    this.#outages.push({ kind: "reboot", switch: loss.switch, from, to });
  }

  #forget(): void {
    this.#seenVersion = this.#source.version;
    this.#seen = 0;
    this.#losses.clear();
    this.#outages = [];
    this.#last = [];
  }
}

/** From when on a supply has power again, after a moment: that moment, if it has it then. */
function backAt(losses: readonly SupplyLoss[], psu: number, moment: number): number {
  let back = moment;
  // By their start: one that begins before the last has ended carries on.
  for (;;) {
    const next = losses.find((loss) => loss.psu === psu && holds(loss, back));
    if (next === undefined) return back;
    back = next.to;
    if (back === Infinity) return back;
  }
}
