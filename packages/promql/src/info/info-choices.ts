import { type Labels, METRIC_NAME } from "@linklight/model";
import { SERIES_WORK } from "../eval/budget.ts";
import { ABSENT, Column } from "../eval/column.ts";
import type { EvalContext } from "../eval/context.ts";
import type { VectorOperator } from "../eval/operator.ts";
import { IDENTIFYING_LABELS } from "./info-request.ts";

/**
 * The info metrics of one identity (instance and job), step by step: of each metric the series with the latest
 * sample. Steps with the same series have the same choice.
 */
export interface InfoChoices {
  /** The label sets of the info series of each choice. */
  readonly choices: readonly (readonly Labels[])[];
  /** Which choice holds at each step. */
  readonly choiceAt: Int32Array;
}

/** Two series of one info metric whose samples are of the same time, so that none can be chosen. */
export interface InfoConflict {
  readonly step: number;
  readonly existing: Labels;
  readonly added: Labels;
  readonly timestampMs: number;
}

/** All choices by identity, and the first conflict of each step and identity. */
export interface InfoTable {
  readonly byIdentity: ReadonlyMap<string, InfoChoices>;
  readonly conflicts: readonly InfoConflict[];
}

/** The instance and job of a series, as a key. */
export function identityOf(labels: Labels): string {
  return labels.keep(...IDENTIFYING_LABELS).key;
}

/** Reads the times of all info series and chooses. */
export async function chooseInfos(
  times: VectorOperator,
  { steps, budget }: EvalContext,
): Promise<InfoTable> {
  const metrics = new Map<string, Map<string, LatestSeries>>();
  const conflicts: InfoConflict[] = [];
  const column = new Column(steps.count);
  for (const [i, { labels }] of times.series.entries()) {
    const pending = times.column(i, column);
    if (pending !== undefined) await pending;
    const ofIdentity = entry(metrics, identityOf(labels), () => new Map<string, LatestSeries>());
    const latest = entry(ofIdentity, labels.get(METRIC_NAME), () => {
      budget.hold(2 * steps.count);
      return new LatestSeries(steps.count);
    });
    latest.add(labels, column, conflicts);
    if (budget.spend(SERIES_WORK + 2 * steps.count)) await budget.pause();
  }
  const byIdentity = new Map<string, InfoChoices>();
  for (const [identity, ofIdentity] of metrics) {
    byIdentity.set(identity, combine([...ofIdentity.values()], steps.count));
    if (budget.spend(SERIES_WORK + 4 * steps.count)) await budget.pause();
  }
  return { byIdentity, conflicts };
}

/** Of the series of one info metric and identity, the one with the latest sample at each step. */
class LatestSeries {
  readonly labels: Labels[] = [];
  /** The series at each step, counted from 1; 0 for none. */
  readonly at: Int32Array;
  readonly #times: Float64Array;

  constructor(steps: number) {
    this.at = new Int32Array(steps);
    this.#times = new Float64Array(steps);
  }

  add(labels: Labels, { present, values }: Column, conflicts: InfoConflict[]): void {
    const number = this.labels.push(labels);
    for (let k = 0; k < present.length; k++) {
      if (present[k] === ABSENT) continue;
      const time = values[k] as number;
      const known = this.at[k] as number;
      if (known !== 0 && (this.#times[k] as number) === time) {
        const existing = this.labels[known - 1] as Labels;
        conflicts.push({ step: k, existing, added: labels, timestampMs: Math.round(time * 1000) });
      } else if (known === 0 || (this.#times[k] as number) < time) {
        this.at[k] = number;
        this.#times[k] = time;
      }
    }
  }
}

/** One choice for each combination of series that there is at any step. */
function combine(metrics: readonly LatestSeries[], steps: number): InfoChoices {
  const choices: Labels[][] = [];
  const known = new Map<string, number>();
  const choiceAt = new Int32Array(steps);
  for (let k = 0; k < steps; k++) {
    const key = metrics.map(({ at }) => at[k]).join();
    choiceAt[k] = entry(known, key, () => {
      const chosen = metrics.flatMap(({ labels, at }) => labels[(at[k] as number) - 1] ?? []);
      return choices.push(chosen) - 1;
    });
  }
  return { choices, choiceAt };
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
