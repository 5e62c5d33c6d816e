import { isWellFormed, type Labels, METRIC_NAME } from "@linklight/model";
import type { EvalContext } from "../eval/context.ts";
import { renamed } from "../eval/merge-same-labels.ts";
import type { OperatorSeries, Value } from "../eval/operator.ts";
import { executionError, type QueryError } from "../eval/query-error.ts";
import { type GroupExpression, groupExpression } from "../matcher/group-expression.ts";
import type { Call } from "../syntax/ast.ts";
import { openVector, stringArgument } from "./arguments.ts";
import { expandTemplate, readTemplate, type Template } from "./expand-template.ts";
import type { FunctionImplementation } from "./function-implementation.ts";

/** Gives series a label, whose values depend on their other labels; undefined leaves a series as it is. */
async function openRelabelled(
  call: Call,
  destination: string,
  replacementOf: (labels: Labels) => string | undefined,
  context: EvalContext,
): Promise<Value> {
  const vector = await openVector(call, 0, context);
  const relabel = (series: OperatorSeries): OperatorSeries => {
    const value = replacementOf(series.labels);
    if (value === undefined) return series;
    const labels = series.labels.with(destination, value);
    // A name that was given is one to keep.
    return { labels, dropName: destination !== METRIC_NAME && series.dropName };
  };
  return { type: "vector", vector: await renamed(vector, relabel, context) };
}

/** `label_replace(v, destination, replacement, source, regex)` */
async function openLabelReplace(call: Call, context: EvalContext): Promise<Value> {
  const [destination, replacement, source, regex] = [1, 2, 3, 4].map((i) =>
    stringArgument(call, i),
  ) as [string, string, string, string];
  const expression = compileGroups(regex);
  checkLabelName("destination", destination, call);
  const template = readTemplate(replacement);
  return openRelabelled(
    call,
    destination,
    (labels) => replace(expression, template, labels.get(source)),
    context,
  );
}

function compileGroups(regex: string): GroupExpression {
  try {
    return groupExpression(`^(?s:${regex})$`);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw badExpression(regex);
  }
}

function badExpression(regex: string): QueryError {
  return executionError(`invalid regular expression in label_replace(): ${regex}`);
}

/** The template with the groups of the match, or undefined where the value does not match as a whole. */
function replace(
  { expression, names }: GroupExpression,
  template: Template,
  value: string,
): string | undefined {
  const match = expression.matcher(value);
  if (!match.find()) return undefined;
  const textOf = (number: number): string | null | undefined =>
    number > match.groupCount() ? undefined : match.group(number);
  return expandTemplate(template, (group) => {
    if (typeof group === "number") return textOf(group) ?? "";
    // Of groups of one name the first that took part counts.
    for (const [i, name] of names.entries()) {
      const text = name === group ? textOf(i + 1) : undefined;
      if (text !== undefined && text !== null) return text;
    }
    return "";
  });
}

/** `label_join(v, destination, separator, source, …)` */
async function openLabelJoin(call: Call, context: EvalContext): Promise<Value> {
  const destination = stringArgument(call, 1);
  const separator = stringArgument(call, 2);
  const sources = call.args.slice(3).map((_, i) => stringArgument(call, i + 3));
  for (const source of sources) checkLabelName("source", source, call);
  checkLabelName("destination", destination, call);
  return openRelabelled(
    call,
    destination,
    (labels) => sources.map((source) => labels.get(source)).join(separator),
    context,
  );
}

function checkLabelName(role: "source" | "destination", name: string, call: Call): void {
  if (name === "" || !isWellFormed(name))
    throw executionError(`invalid ${role} label name in ${call.name}(): ${name}`);
}

/** The functions that change labels, whatever the values are. */
export const labelFunctions: Readonly<Record<string, FunctionImplementation>> = {
  label_join: openLabelJoin,
  label_replace: openLabelReplace,
};
