import { functionSignature } from "../functions/signatures.ts";
import type { BinaryExpr, Expr, ValueType } from "./ast.ts";
import { chainOf } from "./chain.ts";

// A chain of operators is asked for its type at every operator: that must not go through it each time.
const binaryTypes = new WeakMap<BinaryExpr, ValueType>();

/** What an expression yields, judged by its form alone: mistakes inside it do not matter. */
export function valueType(expr: Expr): ValueType {
  switch (expr.kind) {
    case "number":
      return "scalar";
    case "string":
      return "string";
    case "vectorSelector":
    case "aggregate":
      return "vector";
    case "matrixSelector":
    case "subquery":
      return "matrix";
    case "paren":
    case "unary":
      return valueType(expr.expr);
    case "binary":
      return binaryType(expr);
    case "call":
      return functionSignature(expr.name)?.returnType ?? "vector";
  }
}

function binaryType(expr: BinaryExpr): ValueType {
  const known = binaryTypes.get(expr);
  if (known !== undefined) return known;
  let type: ValueType = "vector";
  for (const inner of chainOf(expr, (one) => binaryTypes.has(one))) {
    const isScalar = valueType(inner.left) === "scalar" && valueType(inner.right) === "scalar";
    type = isScalar ? "scalar" : "vector";
    binaryTypes.set(inner, type);
  }
  return type;
}
