import type { FunctionImplementation } from "../functions/function-implementation.ts";

/** The functions over range vectors, by name. */
export const windowFunctions: Readonly<Record<string, FunctionImplementation>> = {};
