import { METRIC_NAME } from "@linklight/model";
import { Column, FLOAT, HISTOGRAM } from "../eval/column.ts";
import type { EvalContext } from "../eval/context.ts";
import type { OperatorSeries, Pending, VectorOperator } from "../eval/operator.ts";
import { goQuote } from "../lexer/go-quote.ts";
import type { Span } from "../syntax/ast.ts";
import { BucketCounts } from "./bucket-counts.ts";
import { BUCKET_LABEL, type BucketGroup, groupBuckets } from "./group-buckets.ts";

/**
 * A vector seen as classic histograms. Which series are buckets of which histogram, and in which order, is settled
 * once; the buckets of one histogram at a time are read when they are asked for, and kept until others are.
 *
 * ```
 * counts   [ bucket 0: step 0, step 1, … | bucket 1: step 0, … | … ]
 * ```
 */
export class BucketVector {
  readonly groups: readonly BucketGroup[];
  readonly #vector: VectorOperator;
  readonly #context: EvalContext;
  /** Steps at which a native histogram of the same labels stands beside the buckets of a group. */
  readonly #conflicts: ReadonlyMap<BucketGroup, Uint8Array>;
  readonly #onConflict: (group: BucketGroup) => void;
  readonly #scratch: Column;
  readonly #buckets: BucketCounts;
  #counts = new Float64Array(0);
  #present = new Uint8Array(0);
  #loaded: BucketGroup | undefined;

  constructor(
    vector: VectorOperator,
    groups: readonly BucketGroup[],
    conflicts: ReadonlyMap<BucketGroup, Uint8Array>,
    onConflict: (group: BucketGroup) => void,
    context: EvalContext,
  ) {
    this.groups = groups;
    this.#vector = vector;
    this.#conflicts = conflicts;
    this.#onConflict = onConflict;
    this.#context = context;
    this.#scratch = new Column(context.steps.count);
    this.#buckets = new BucketCounts(
      groups.reduce((most, { members }) => Math.max(most, members.length), 0),
    );
  }

  /** Reads the buckets of a group, for {@link at}. */
  load(group: BucketGroup): Pending {
    return this.#loaded === group ? undefined : this.#read(group);
  }

  /** The histogram of the loaded group at step k; undefined where it has no buckets. Used again for the next. */
  at(k: number): BucketCounts | undefined {
    const { members } = this.#loaded as BucketGroup;
    const buckets = this.#buckets;
    const steps = this.#context.steps.count;
    buckets.clear();
    for (let i = 0, at = k; i < members.length; i++, at += steps)
      if (this.#present[at] === FLOAT)
        buckets.push((members[i] as { bound: number }).bound, this.#counts[at] as number);
    if (buckets.length === 0) return undefined;
    const conflicts = this.#conflicts.get(this.#loaded as BucketGroup);
    if (conflicts === undefined || conflicts[k] === 0) return buckets;
    this.#onConflict(this.#loaded as BucketGroup);
    return undefined;
  }

  async #read(group: BucketGroup): Promise<void> {
    const { steps, budget } = this.#context;
    const size = group.members.length * steps.count;
    if (size > this.#counts.length) {
      budget.hold(size - this.#counts.length);
      this.#counts = new Float64Array(size);
      this.#present = new Uint8Array(size);
    }
    this.#loaded = undefined;
    for (const [i, { series }] of group.members.entries()) {
      const pending = this.#vector.column(series, this.#scratch);
      if (pending !== undefined) await pending;
      this.#counts.set(this.#scratch.values, i * steps.count);
      this.#present.set(this.#scratch.present, i * steps.count);
      if (budget.spend(2 * steps.count)) await budget.pause();
    }
    this.#loaded = group;
  }
}

/**
 * Opens a vector as classic histograms. Warns of floats that are no buckets, and, as steps are asked for, of native
 * histograms beside classic ones; `span` is the vector's place.
 */
export async function openBuckets(
  vector: VectorOperator,
  span: Span,
  context: EvalContext,
): Promise<BucketVector> {
  const { groups, others } = await groupBuckets(vector.series, context);
  const groupOf = new Map(groups.map((group) => [group.labels.key, group]));
  const conflicts = new Map<BucketGroup, Uint8Array>();
  const column = new Column(context.steps.count);
  for (const i of others) {
    const pending = vector.column(i, column);
    if (pending !== undefined) await pending;
    if (context.budget.spend(context.steps.count)) await context.budget.pause();
    const series = vector.series[i] as OperatorSeries;
    if (column.present.includes(FLOAT)) warnOfBound(series, span, context);
    const group = groupOf.get(series.labels.key);
    if (group !== undefined && column.histograms !== undefined)
      conflicts.set(group, mergeConflicts(column.present, conflicts.get(group)));
  }
  const onConflict = ({ labels }: BucketGroup): void =>
    context.annotations.warn(
      `vector contains a mix of classic and native histograms${forMetric(labels.get(METRIC_NAME))}`,
      span,
    );
  return new BucketVector(vector, groups, conflicts, onConflict, context);
}

function warnOfBound({ labels }: OperatorSeries, span: Span, { annotations }: EvalContext): void {
  const label = goQuote(labels.get(BUCKET_LABEL));
  annotations.warn(
    `bucket label "${BUCKET_LABEL}" is missing or has a malformed value of ${label}${forMetric(labels.get(METRIC_NAME))}`,
    span,
  );
}

function mergeConflicts(present: Uint8Array, known: Uint8Array | undefined): Uint8Array {
  const conflicts = known ?? new Uint8Array(present.length);
  for (let k = 0; k < present.length; k++) if (present[k] === HISTOGRAM) conflicts[k] = 1;
  return conflicts;
}

/** What Prometheus adds to remarks about a metric whose name is known. */
export function forMetric(name: string): string {
  return name === "" ? "" : ` for metric name ${goQuote(name)}`;
}
