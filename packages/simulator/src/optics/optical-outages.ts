import type { Fabric, Link } from "../fabric/fabric.ts";
import type { Effect, EffectOf, EffectSource } from "../incident/effect.ts";
import { countUntil, mergeSources } from "../life/merge-sources.ts";
import { type Fading, fadings, growthAt, lossAt, portsOf, turningPoints } from "./fading.ts";
import { type Direction, lightPath } from "./light-path.ts";

const DIRECTIONS: readonly Direction[] = ["to-port", "to-peer"];

/** Fadings of one direction, and how much of them the receiver stands. */
interface Beam {
  readonly fadings: readonly Fading[];
  readonly budgetDb: number;
}

/**
 * When links lose their light because effects leave a receiver too little: the same effects that dim it, as
 * `link-down` effects, by their start. They begin with the next slot of the queue model and end with one. One
 * that begins at a moment depends on no effect that begins later.
 */
export function opticalOutages(
  fabric: Fabric,
  effects: readonly Effect[],
): readonly EffectOf<"link-down">[] {
  const dimming = new Map<string, DimmingEffect[]>();
  for (const effect of effects.filter(isDimming)) {
    const key = `${effect.switch} ${effect.port}`;
    dimming.set(key, [...(dimming.get(key) ?? []), effect]);
  }
  if (dimming.size === 0) return [];
  return fabric.links
    .flatMap((link) => {
      const concerned = portsOf(link).flatMap(
        (port) => dimming.get(`${port.switch.name} ${port.index}`) ?? [],
      );
      return concerned.length === 0 ? [] : outagesOf(fabric, link, concerned);
    })
    .sort(byStart);
}

/** A source together with the outages that its effects lead to: what traffic is to be simulated with. */
export function withOpticalOutages(fabric: Fabric, source: EffectSource): EffectSource {
  return mergeSources(source, new OutageSource(fabric, source));
}

/** The outages alone. Looks only at links whose light has changed since it was last asked. */
class OutageSource implements EffectSource {
  readonly #fabric: Fabric;
  readonly #source: EffectSource;
  readonly #linkAt: (effect: DimmingEffect) => Link | undefined;
  #seenVersion: number;
  /** How many effects of the source are known, and up to which moment. */
  #seen = 0;
  #horizon = -Infinity;
  readonly #dimming = new Map<Link, DimmingEffect[]>();
  /** By their start: those until the horizon, which are final, and those after it, as far as is known. */
  #past: EffectOf<"link-down">[] = [];
  #future: EffectOf<"link-down">[] = [];
  #last: readonly Effect[] = [];

  constructor(fabric: Fabric, source: EffectSource) {
    this.#fabric = fabric;
    this.#source = source;
    this.#seenVersion = source.version;
    const byName = new Map(fabric.switches.map((node) => [node.name, node]));
    this.#linkAt = (effect) => byName.get(effect.switch)?.ports[effect.port]?.link;
  }

  get version(): number {
    return this.#source.version;
  }

  until(seconds: number): readonly Effect[] {
    const effects = this.#source.until(seconds);
    if (this.#source.version !== this.#seenVersion) this.#forget();
    if (seconds > this.#horizon) this.#advance(effects, seconds);
    const count = countUntil(this.#past, seconds);
    if (count !== this.#last.length) this.#last = this.#past.slice(0, count);
    return this.#last;
  }

  #advance(effects: readonly Effect[], seconds: number): void {
    const changed = new Set<Link>();
    for (; this.#seen < effects.length; this.#seen++) {
      const effect = effects[this.#seen] as Effect;
      const link = isDimming(effect) ? this.#linkAt(effect) : undefined;
      if (link === undefined || !isDimming(effect)) continue;
      this.#dimming.set(link, [...(this.#dimming.get(link) ?? []), effect]);
      changed.add(link);
    }
    if (changed.size > 0) {
      const others = this.#future.filter(({ link }) => ![...changed].some(({ id }) => id === link));
      const fresh = [...changed].flatMap((link) =>
        outagesOf(this.#fabric, link, this.#dimming.get(link) ?? []).filter(
          ({ from }) => from > this.#horizon,
        ),
      );
      this.#future = [...others, ...fresh].sort(byStart);
    }
    const begun = countUntil(this.#future, seconds);
    this.#past.push(...this.#future.splice(0, begun));
    this.#horizon = seconds;
  }

  #forget(): void {
    this.#seenVersion = this.#source.version;
    this.#seen = 0;
    this.#horizon = -Infinity;
    this.#dimming.clear();
    this.#past = [];
    this.#future = [];
    this.#last = [];
  }
}

type DimmingEffect = EffectOf<"receive-loss"> | EffectOf<"laser-ageing">;

function isDimming(effect: Effect): effect is DimmingEffect {
  return effect.kind === "receive-loss" || effect.kind === "laser-ageing";
}

/** Those that begin together by their links, so that the order does not depend on what became known when. */
function byStart(a: EffectOf<"link-down">, b: EffectOf<"link-down">): number {
  return a.from - b.from || (a.link < b.link ? -1 : a.link > b.link ? 1 : 0);
}

function outagesOf(
  fabric: Fabric,
  link: Link,
  effects: readonly Effect[],
): readonly EffectOf<"link-down">[] {
  const beams = DIRECTIONS.flatMap((direction): Beam[] => {
    const path = lightPath(fabric, link, direction);
    const all = fadings(effects, link, direction);
    return path === undefined || all.length === 0
      ? []
      : [{ fadings: all, budgetDb: path.budgetDb }];
  });
  const slot = fabric.slotSeconds;
  const outages: EffectOf<"link-down">[] = [];
  for (let after = -Infinity; after < Infinity; ) {
    const from = firstLost(beams, after);
    if (from === Infinity) break;
    const to = endOfLoss(beams, from);
    const start = Math.ceil(from / slot) * slot;
    const end = Math.max(start + slot, Math.ceil(to / slot) * slot);
    outages.push({ kind: "link-down", link: link.id, isDim: true, from: start, to: end });
    after = to;
  }
  return outages;
}

/** The first moment, not before another, at which a beam is too weak. */
function firstLost(beams: readonly Beam[], after: number): number {
  let first = Infinity;
  for (const { fadings: all, budgetDb } of beams) {
    const points = [after, ...turningPoints(all).filter((point) => point > after)];
    for (const [i, point] of points.entries()) {
      const missing = budgetDb - lossAt(all, point);
      const growth = growthAt(all, point);
      const at = missing <= 0 ? point : growth > 0 ? point + missing / growth : Infinity;
      if (at >= (points[i + 1] ?? Infinity)) continue;
      first = Math.min(first, at);
      break;
    }
  }
  return first;
}

/** When all beams are strong enough again, as far as what has begun at the loss decides. */
function endOfLoss(beams: readonly Beam[], from: number): number {
  const ends = beams.flatMap(({ fadings: all }) =>
    all.filter((fading) => fading.from <= from && fading.to > from).map(({ to }) => to),
  );
  for (const end of ends.sort((a, b) => a - b)) {
    const isOver = beams.every(({ fadings: all, budgetDb }) => lossAt(all, end, from) < budgetDb);
    if (isOver) return end;
  }
  return Infinity;
}
