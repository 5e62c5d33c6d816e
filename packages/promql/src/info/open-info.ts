import { assert, type Labels } from "@linklight/model";
import { SERIES_WORK } from "../eval/budget.ts";
import { ABSENT, Column } from "../eval/column.ts";
import type { EvalContext } from "../eval/context.ts";
import { mergeSameLabels } from "../eval/merge-same-labels.ts";
import type { OperatorSeries, Value, VectorOperator } from "../eval/operator.ts";
import { executionError } from "../eval/query-error.ts";
import { argument, openVector, withoutParens } from "../functions/arguments.ts";
import { openVectorSelector } from "../selector/vector-selector.ts";
import type { Call } from "../syntax/ast.ts";
import {
  chooseInfos,
  type InfoChoices,
  type InfoConflict,
  type InfoTable,
  identityOf,
} from "./info-choices.ts";
import {
  acceptsNone,
  type InfoRequest,
  infoMatchers,
  isInfoMetric,
  isWanted,
  readRequest,
} from "./info-request.ts";
import { referenceSelector } from "./reference-selector.ts";

/** A series of the result: one of the base, with the labels of one choice of info series. */
interface Output {
  readonly base: number;
  readonly series: OperatorSeries;
  /** Where the choice holds; everywhere when absent. */
  readonly at: { readonly choiceAt: Int32Array; readonly choice: number } | undefined;
  /** The label that two info metrics disagree about, which is an error where the series has samples. */
  readonly conflict: string | undefined;
}

/**
 * Opens `info(v, {…})`: gives the series of v the labels of info metrics of the same instance and job. Which info
 * series hold may change from step to step, so one series of v may become several.
 */
export async function openInfo(call: Call, context: EvalContext): Promise<Value> {
  const base = await openVector(call, 0, context);
  const selector = call.args.length > 1 ? withoutParens(argument(call, 1)) : undefined;
  assert(
    selector === undefined || selector.kind === "vectorSelector",
    "info: argument 2 is no selector",
  );
  const request = readRequest(selector?.matchers ?? []);
  const table = await openTable(argument(call, 0), base, request, context);
  await failAtConflict(base, table.conflicts, context);
  const outputs: Output[] = [];
  for (const [i, series] of base.series.entries()) {
    const own = outputsOf(series, i, table, request);
    outputs.push(...own);
    if (own.length === 0) await read(base, i, context);
    if (context.budget.spend(SERIES_WORK)) await context.budget.pause();
  }
  const joined: VectorOperator = {
    series: outputs.map(({ series }) => series),
    column(i, into) {
      const output = outputs[i] as Output;
      const pending = base.column(output.base, into);
      if (pending !== undefined) return pending.then(() => keepChoice(output, into));
      keepChoice(output, into);
      return undefined;
    },
  };
  return { type: "vector", vector: await mergeSameLabels(joined, joined.series, context) };
}

/** Computes a series that is not wanted: errors and remarks about it belong to the query. */
async function read(
  base: VectorOperator,
  i: number,
  { steps, budget }: EvalContext,
): Promise<void> {
  await base.column(i, new Column(steps.count));
  if (budget.spend(steps.count)) await budget.pause();
}

/** Finds the info series of all series of the base that are none themselves. */
async function openTable(
  vector: Call["args"][number],
  base: VectorOperator,
  request: InfoRequest,
  context: EvalContext,
): Promise<InfoTable> {
  const matchers = await infoMatchers(request, base.series, context);
  if (matchers === undefined) return { byIdentity: new Map(), conflicts: [] };
  const selector = referenceSelector(vector, matchers, context);
  return chooseInfos(await openVectorSelector(selector, context, "timestamp"), context);
}

function outputsOf(
  series: OperatorSeries,
  base: number,
  { byIdentity }: InfoTable,
  request: InfoRequest,
): readonly Output[] {
  if (isInfoMetric(request, series.labels))
    return [{ base, series, at: undefined, conflict: undefined }];
  const found: InfoChoices | undefined = byIdentity.get(identityOf(series.labels));
  if (found === undefined)
    return acceptsNone(request) ? [{ base, series, at: undefined, conflict: undefined }] : [];
  return found.choices.flatMap((infos, choice): Output[] => {
    if (infos.length === 0 && !acceptsNone(request)) return [];
    const { labels, conflict } = enrich(series.labels, infos, request);
    const at = { choiceAt: found.choiceAt, choice };
    return [{ base, series: { labels, dropName: series.dropName }, at, conflict }];
  });
}

/** Labels that the series has itself stay as they are. */
function enrich(
  labels: Labels,
  infos: readonly Labels[],
  request: InfoRequest,
): { labels: Labels; conflict: string | undefined } {
  const added = new Map<string, string>();
  for (const info of infos) {
    for (const [name, value] of info) {
      if (!isWanted(request, name)) continue;
      const other = added.get(name);
      if (other !== undefined && other !== value) return { labels, conflict: name };
      if (!labels.has(name)) added.set(name, value);
    }
  }
  return { labels: added.size === 0 ? labels : labels.merge(added), conflict: undefined };
}

function keepChoice({ at, conflict }: Output, column: Column): void {
  const { present } = column;
  if (at !== undefined)
    for (let k = 0; k < present.length; k++) if (at.choiceAt[k] !== at.choice) present[k] = ABSENT;
  if (conflict !== undefined && present.some((kind) => kind !== ABSENT))
    throw executionError(`conflicting label: ${conflict}`);
}

/** A conflict of info series is an error where the base has any sample: otherwise nothing is looked for. */
async function failAtConflict(
  base: VectorOperator,
  conflicts: readonly InfoConflict[],
  { steps, budget }: EvalContext,
): Promise<void> {
  if (conflicts.length === 0) return;
  const anywhere = new Uint8Array(steps.count);
  const column = new Column(steps.count);
  for (let i = 0; i < base.series.length; i++) {
    const pending = base.column(i, column);
    if (pending !== undefined) await pending;
    for (let k = 0; k < anywhere.length; k++) if (column.present[k] !== ABSENT) anywhere[k] = 1;
    if (budget.spend(steps.count)) await budget.pause();
  }
  const first = conflicts
    .filter(({ step }) => anywhere[step] === 1)
    .reduce<InfoConflict | undefined>(
      (a, b) => (a !== undefined && a.step <= b.step ? a : b),
      undefined,
    );
  if (first === undefined) return;
  const { existing, added, timestampMs } = first;
  throw executionError(
    `found duplicate series for info metric: existing ${existing} @ ${timestampMs}, new ${added} @ ${timestampMs}`,
  );
}
