import { assert } from "@linklight/model";
import { windowFunctions } from "../windows/window-functions.ts";
import type { FunctionImplementation } from "./function-implementation.ts";
import { instantFunctions } from "./instant-functions.ts";

const LIBRARY: ReadonlyMap<string, FunctionImplementation> = new Map([
  ...Object.entries(instantFunctions),
  ...Object.entries(windowFunctions),
]);

/** What a function does. The parser has refused names that are none. */
export function functionImplementation(name: string): FunctionImplementation {
  const implementation = LIBRARY.get(name);
  assert(implementation !== undefined, `no implementation of function "${name}"`);
  return implementation;
}
