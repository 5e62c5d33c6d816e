import type { Fabric, Link } from "../fabric/fabric.ts";
import type { Effect, EffectOf, EffectSource } from "../incident/effect.ts";
import { mergeSources } from "../life/merge-sources.ts";
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
  const byPort = new Map<string, Effect[]>();
  for (const effect of effects) {
    if (effect.kind !== "receive-loss" && effect.kind !== "laser-ageing") continue;
    const key = `${effect.switch} ${effect.port}`;
    byPort.set(key, [...(byPort.get(key) ?? []), effect]);
  }
  if (byPort.size === 0) return [];
  return fabric.links
    .flatMap((link) => {
      const concerned = portsOf(link).flatMap(
        (port) => byPort.get(`${port.switch.name} ${port.index}`) ?? [],
      );
      return concerned.length === 0 ? [] : outagesOf(fabric, link, concerned);
    })
    .sort((a, b) => a.from - b.from);
}

/** A source together with the outages that its effects lead to: what traffic is to be simulated with. */
export function withOpticalOutages(fabric: Fabric, source: EffectSource): EffectSource {
  let known = { version: source.version, count: 0, dimming: 0 };
  let outages: readonly Effect[] = [];
  return mergeSources(source, {
    get version() {
      return source.version;
    },
    until(seconds) {
      const effects = source.until(seconds);
      if (known.version !== source.version)
        known = { version: source.version, count: 0, dimming: -1 };
      // Asked about an earlier moment, what is known already is only too much.
      if (effects.length > known.count || known.dimming < 0) {
        const dimming = effects.filter(isDimming);
        if (dimming.length !== known.dimming) outages = opticalOutages(fabric, dimming);
        known = { version: source.version, count: effects.length, dimming: dimming.length };
      }
      return outages.filter(({ from }) => from <= seconds);
    },
  });
}

function isDimming({ kind }: Effect): boolean {
  return kind === "receive-loss" || kind === "laser-ageing";
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
