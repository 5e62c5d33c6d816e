import type { FunctionImplementation } from "./function-implementation.ts";

/** The functions that take no range vector, by name. */
export const instantFunctions: Readonly<Record<string, FunctionImplementation>> = {};
