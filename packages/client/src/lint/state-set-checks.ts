import type { Labels, MetricFamily } from "@linklight/model";
import type { Remark } from "./finding.ts";

/** The states of one state set, by name, with their values. */
interface ShownStates {
  readonly labels: Labels;
  readonly states: Map<string, number>;
}

/**
 * State sets show every state they know at every scrape. One that shows the present state only leaves the
 * one before visible for five minutes, so that a port is up and down at once.
 *
 * The text formats have no state sets: there, a gauge with a label of its own name is taken for one.
 */
export function* checkStateSets(family: MetricFamily): Generator<Remark> {
  const sets = stateSetsOf(family);
  const known = new Set(sets.flatMap(({ states }) => [...states.keys()]));
  for (const { labels, states } of sets) {
    const who = labels.size === 0 ? "it" : labels.toString();
    const missing = [...known].filter((state) => !states.has(state));
    const shown = [...states.keys()].join(", ");
    if (known.size === 1 || missing.length > 0) {
      const others = missing.length > 0 ? `not ${missing.join(", ")}` : "no other state";
      yield {
        rule: "partial-state-set",
        problem: `partial state set: ${who} shows ${shown} and ${others}`,
        remedy:
          "show every state at every scrape, as 1 or 0: a state that vanishes stays visible for 5m beside the new one",
        labels,
      };
    }
    yield* checkValues(labels, who, [...states.values()]);
  }
}

/** Several states may be on, or none: a state set may be a set of flags. */
function* checkValues(labels: Labels, who: string, values: readonly number[]): Generator<Remark> {
  const odd = values.find((value) => value !== 0 && value !== 1);
  if (odd === undefined) return;
  yield {
    rule: "state-set-value",
    problem: `state set with the value ${odd}`,
    remedy: `${who} should show 1 for a state that is on and 0 for one that is off`,
    labels,
  };
}

function stateSetsOf(family: MetricFamily): readonly ShownStates[] {
  if (family.type === "stateset") {
    return family.metrics.map(({ labels, states }) => ({
      labels,
      states: new Map(states.map(({ state, enabled }) => [state, enabled ? 1 : 0])),
    }));
  }
  if (family.type !== "gauge" && family.type !== "unknown") return [];
  const sets = new Map<string, ShownStates>();
  for (const { labels, value } of family.metrics) {
    const state = labels.get(family.name);
    if (state === "") continue;
    const others = labels.without(family.name);
    const set = sets.get(others.key) ?? { labels: others, states: new Map<string, number>() };
    set.states.set(state, value);
    sets.set(others.key, set);
  }
  return [...sets.values()];
}
