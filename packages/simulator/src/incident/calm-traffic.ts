import type { Fabric, Switch } from "../fabric/fabric.ts";
import { type Simulation, simulate } from "../simulate.ts";
import type { Span } from "./effect.ts";

/** A calm hour is known by its first five minutes, */
const MEAN_SECONDS = 300;
/** and a long time by this many of them; loads repeat every week. */
const MOST_SAMPLES = 56;
const WEEK = 7 * 86_400;

/** Simulations in which nothing happens, made when traffic is first sized in a fabric. */
const calm = new WeakMap<Fabric, Simulation>();

/**
 * What arrives at each port of a switch while nothing happens, in bits per second: the mean of each of some
 * short times that lie evenly over a span, at least one. Incidents of traffic are sized by it, so that they
 * show at night as they do at noon. A pure function: nothing that happens is looked at.
 */
export function calmArrivals(
  fabric: Fabric,
  { index }: Switch,
  { from, to }: Span,
): readonly (readonly number[])[] {
  let simulation = calm.get(fabric);
  if (simulation === undefined) {
    simulation = simulate(fabric, { version: 0, until: () => [] });
    calm.set(fabric, simulation);
  }
  const model = simulation.switches[index];
  const length = Math.min(to - from, WEEK);
  const mean = Math.min(MEAN_SECONDS, Math.max(length, fabric.slotSeconds));
  const count = Math.max(1, Math.min(MOST_SAMPLES, Math.floor(length / (4 * MEAN_SECONDS))));
  return Array.from({ length: count }, (_, i) => {
    const at = from + (i * length) / count;
    const [before, after] = [model?.read(at), model?.read(at + mean)];
    return (after ?? []).map(
      ({ received }, port) => (8 * (received.bytes - (before?.[port]?.received.bytes ?? 0))) / mean,
    );
  });
}
