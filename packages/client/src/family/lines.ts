import type { Line } from "@linklight/exposition";

/** The single line of a counter, gauge, info or unknown. */
export const ONE_LINE: readonly Line[] = [{ suffix: "" }];

/** The lines of a histogram: a bucket for each bound and for +Inf, then sum and count. */
export function histogramLines(bounds: readonly number[], gauge = false): Line[] {
  const g = gauge ? "g" : "";
  return [
    ...[...bounds, Number.POSITIVE_INFINITY].map((bound) => ({
      suffix: "_bucket",
      label: "le",
      value: bound,
    })),
    { suffix: `_${g}sum` },
    { suffix: `_${g}count` },
  ];
}

/** The lines of a summary: one for each quantile, then sum and count. */
export function summaryLines(quantiles: readonly number[]): Line[] {
  return [
    ...quantiles.map((quantile) => ({ suffix: "", label: "quantile", value: quantile })),
    { suffix: "_sum" },
    { suffix: "_count" },
  ];
}

/** The lines of a state set: one for each state, in a label with the family's name. */
export function stateSetLines(family: string, states: readonly string[]): Line[] {
  return states.map((state) => ({ suffix: "", label: family, value: state }));
}

/** Upper bounds of buckets: ascending and distinct; a final +Inf is implied and taken away. Throws RangeError. */
export function checkBounds(metric: string, bounds: readonly number[]): readonly number[] {
  const finite = bounds.at(-1) === Number.POSITIVE_INFINITY ? bounds.slice(0, -1) : [...bounds];
  finite.forEach((bound, i) => {
    if (!(bound > (finite[i - 1] ?? Number.NEGATIVE_INFINITY)) || !Number.isFinite(bound)) {
      throw new RangeError(
        `metric ${metric}: bucket bounds must be numbers in ascending order: ${bound} at position ${i}`,
      );
    }
  });
  return finite;
}

/** Quantiles between 0 and 1, ascending and distinct. Throws RangeError. */
export function checkQuantiles(metric: string, quantiles: readonly number[]): readonly number[] {
  quantiles.forEach((quantile, i) => {
    if (!(quantile >= 0 && quantile <= 1 && quantile > (quantiles[i - 1] ?? -1))) {
      throw new RangeError(
        `metric ${metric}: quantiles must ascend from 0 to 1: ${quantile} at position ${i}`,
      );
    }
  });
  return [...quantiles];
}

/** States of a state set: at least one, distinct, not empty. Throws TypeError. */
export function checkStates(metric: string, states: readonly string[]): readonly string[] {
  if (states.length === 0)
    throw new TypeError(`metric ${metric}: a state set needs at least one state`);
  states.forEach((state, i) => {
    if (typeof state !== "string" || state === "")
      throw new TypeError(
        `metric ${metric}: a state must be a text that is not empty, got ${JSON.stringify(state)}`,
      );
    if (states.indexOf(state) !== i)
      throw new TypeError(`metric ${metric}: state "${state}" is declared twice`);
  });
  return [...states];
}
