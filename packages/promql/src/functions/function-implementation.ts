import type { EvalContext } from "../eval/context.ts";
import type { Value } from "../eval/operator.ts";
import type { Call } from "../syntax/ast.ts";

/**
 * What a function does: opens a call for the steps of the context. It opens its arguments itself
 * (`context.open(call.args[0])`), since some look at how an argument is written rather than at its value
 * (`absent`, `timestamp`, `info`). Arguments have been checked: their number and types are right.
 */
export type FunctionImplementation = (call: Call, context: EvalContext) => Promise<Value>;
