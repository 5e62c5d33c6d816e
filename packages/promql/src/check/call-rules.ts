import { functionSignature } from "../functions/signatures.ts";
import { goQuote } from "../lexer/go-quote.ts";
import type { Call } from "../syntax/ast.ts";
import { valueType } from "../syntax/value-type.ts";
import { documentedType } from "./documented-type.ts";
import type { Mistakes } from "./mistakes.ts";

/** There is a function of that name. */
function functionKnown({ name, span }: Call, mistakes: Mistakes): void {
  if (functionSignature(name) !== undefined) return;
  mistakes.report(`unknown function with name ${goQuote(name)}`, {
    start: span.start,
    end: span.start + name.length,
  });
}

/** Experimental functions need the feature. */
function functionEnabled({ name, span }: Call, mistakes: Mistakes): void {
  if (functionSignature(name)?.experimental !== true) return;
  if (mistakes.features.has("promql-experimental-functions")) return;
  mistakes.report(`function "${name}" is not enabled`, {
    start: span.start,
    end: span.start + name.length,
  });
}

/** A function has as many arguments as it takes. */
function argumentCount({ name, args, span }: Call, mistakes: Mistakes): void {
  const signature = functionSignature(name);
  if (signature === undefined) return;
  const { argTypes, variadic } = signature;
  const wrong = (bound: string, count: number): void =>
    mistakes.report(
      `expected ${bound}${count} argument(s) in call to "${name}", got ${args.length}`,
      span,
    );
  if (variadic === 0) {
    if (args.length !== argTypes.length) wrong("", argTypes.length);
    return;
  }
  const least = argTypes.length - 1;
  if (args.length < least) wrong("at least ", least);
  else if (variadic > 0 && args.length > least + variadic) wrong("at most ", least + variadic);
}

/** The second argument of info() are matchers without a metric name. */
function infoSelector({ name, args, span }: Call, mistakes: Mistakes): void {
  const selector = args[1];
  if (name !== "info" || selector === undefined) return;
  const type = valueType(selector);
  if (type !== "vector")
    mistakes.report(
      `expected type instant vector in call to function "info", got ${documentedType(type)}`,
      span,
    );
  if (selector.kind !== "vectorSelector")
    mistakes.report("expected label selectors only", selector.span);
  else if (selector.name !== undefined)
    mistakes.report("expected label selectors only, got vector selector instead", selector.span);
}

/** What holds for every call, the types of its arguments aside. */
export const CALL_RULES: readonly ((call: Call, mistakes: Mistakes) => void)[] = [
  functionKnown,
  functionEnabled,
  argumentCount,
  infoSelector,
];

/** An argument has the type that the function asks for there. */
export function argumentType(call: Call, index: number, mistakes: Mistakes): void {
  const signature = functionSignature(call.name);
  const arg = call.args[index];
  if (signature === undefined || arg === undefined) return;
  const { argTypes, variadic } = signature;
  // More arguments than there may be have been reported; those that repeat are of the last type.
  if (index >= argTypes.length && variadic === 0) return;
  const expected = argTypes[Math.min(index, argTypes.length - 1)];
  const type = valueType(arg);
  if (expected === undefined || type === expected) return;
  mistakes.report(
    `expected type ${documentedType(expected)} in call to function "${call.name}", got ${documentedType(type)}`,
    arg.span,
  );
}
