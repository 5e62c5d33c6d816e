import { HeldColumns } from "../aggregate/held-columns.ts";
import { openAggregate } from "../aggregate/open-aggregate.ts";
import { openBinary } from "../binary/open-binary.ts";
import { functionImplementation } from "../functions/library.ts";
import { openMatrixSelector } from "../selector/matrix-selector.ts";
import { openSubquery } from "../selector/subquery.ts";
import { openVectorSelector } from "../selector/vector-selector.ts";
import type { BinaryExpr, Call, Expr } from "../syntax/ast.ts";
import { chainOf } from "../syntax/chain.ts";
import type { EvalContext } from "./context.ts";
import { materialise } from "./materialise.ts";
import type { Value } from "./operator.ts";
import { isStepInvariant, openOnce } from "./step-invariant.ts";
import type { Steps } from "./steps.ts";
import { openUnary } from "./unary.ts";

/** A context whose `open` opens expressions for its own steps, or for others. */
export function createContext(parts: Omit<EvalContext, "open">): EvalContext {
  const { observer } = parts;
  const context: EvalContext = {
    ...parts,
    open: (expr: Expr, steps?: Steps) => {
      const isSame = steps === undefined || steps === parts.steps;
      if (isSame && parts.opened?.expr === expr) return Promise.resolve(parts.opened.value);
      const inner = isSame
        ? context
        : createContext({ ...parts, steps, around: undefined, opened: undefined });
      return observer === undefined
        ? openExpr(expr, inner)
        : observer.observe(expr, () => openExpr(expr, inner));
    },
  };
  return context;
}

/** Opens an expression of any kind; what is the same at every step is opened for one. */
async function openExpr(written: Expr, context: EvalContext): Promise<Value> {
  let expr = written;
  while (expr.kind === "paren") expr = expr.expr;
  if (context.budget.spend(64)) await context.budget.pause();
  if (expr.kind === "string") return { type: "string", value: expr.value };
  // Whatever is opened keeps about a column of its own: a scalar its values, an operator what it computes with.
  // Held before it is there, so that a subquery of a billion steps is refused rather than allocated.
  context.budget.hold(context.steps.count);
  if (expr.kind === "number")
    return { type: "scalar", values: new Float64Array(context.steps.count).fill(expr.value) };
  const isRange = expr.kind === "matrixSelector" || expr.kind === "subquery";
  if (context.steps.count > 1 && !isRange && isStepInvariant(expr)) return openOnce(expr, context);
  switch (expr.kind) {
    case "vectorSelector":
      return { type: "vector", vector: await openVectorSelector(expr, context) };
    case "matrixSelector":
      return { type: "matrix", matrix: await openMatrixSelector(expr, context) };
    case "subquery":
      return { type: "matrix", matrix: await openSubquery(expr, context) };
    case "unary":
      return openUnary(expr, context);
    case "binary":
      return openBinary(
        expr,
        within(
          undefined,
          expr.left.kind === "binary" ? await openLongChain(expr, context) : context,
        ),
      );
    case "aggregate":
      return openAggregate(expr, within(expr.operator, context));
    case "call":
      return openCall(expr, within(expr.name, context));
  }
}

/** So many operators of a chain are opened inside each other. */
const LONGEST_CHAIN = 128;

/**
 * Opens the inner end of a chain of very many operators, and computes it: each of them asks the one inside it, and
 * so many would overflow the stack. Returns the context in which the outer end is to be opened.
 */
async function openLongChain(expr: BinaryExpr, context: EvalContext): Promise<EvalContext> {
  const isKnown = (inner: BinaryExpr): boolean =>
    inner === context.opened?.expr || (context.steps.count > 1 && isStepInvariant(inner));
  const chain = chainOf(expr, isKnown);
  const { steps, budget } = context;
  let outer = context;
  let held = 0;
  for (let i = LONGEST_CHAIN - 1; i < chain.length - 1; i += LONGEST_CHAIN) {
    const inner = chain[i] as BinaryExpr;
    let value = await outer.open(inner);
    if (value.type === "vector") {
      const columns = await materialise(value.vector, context);
      value = { type: "vector", vector: new HeldColumns(value.vector.series, columns) };
      budget.release(held);
      held = columns.length * steps.count;
    }
    outer = createContext({ ...context, opened: { expr: inner, value } });
  }
  return outer;
}

function openCall(call: Call, context: EvalContext): Promise<Value> {
  return functionImplementation(call.name)(call, context);
}

/** The same context, in which selectors tell the storage what is around them. */
function within(around: string | undefined, context: EvalContext): EvalContext {
  return around === context.around ? context : createContext({ ...context, around });
}
