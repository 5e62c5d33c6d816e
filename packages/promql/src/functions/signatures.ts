import type { ValueType } from "../syntax/ast.ts";

/** The name and the types of a function. */
export interface FunctionSignature {
  readonly name: string;
  readonly argTypes: readonly ValueType[];
  /** 0: exactly `argTypes`; n > 0: the last n may be left out; −1: the last may be repeated, or left out (as in Prometheus). */
  readonly variadic: number;
  readonly returnType: ValueType;
  /** Needs the feature `promql-experimental-functions`. */
  readonly experimental: boolean;
}

const SCALARS: ReadonlySet<string> = new Set([
  ...["time", "scalar", "pi", "start", "end", "step", "range", "min_of", "max_of"],
]);

/** The signature of a function, or undefined if there is none of that name. */
export function functionSignature(name: string): FunctionSignature | undefined {
  const returnType = SCALARS.has(name) ? "scalar" : "vector";
  return { name, argTypes: [], variadic: -1, returnType, experimental: false };
}
