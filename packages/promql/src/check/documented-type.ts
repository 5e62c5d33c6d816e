import type { ValueType } from "../syntax/ast.ts";

/** The name that Prometheus' documentation, and most messages, give a type: `instant vector`, `range vector`. */
export function documentedType(type: ValueType): string {
  switch (type) {
    case "vector":
      return "instant vector";
    case "matrix":
      return "range vector";
    default:
      return type;
  }
}
