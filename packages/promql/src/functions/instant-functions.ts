import { histogramFunctions } from "../buckets/histogram-functions.ts";
import { openInfo } from "../info/open-info.ts";
import { dateFunctions } from "./dates.ts";
import { elementwiseFunctions } from "./elementwise.ts";
import type { FunctionImplementation } from "./function-implementation.ts";
import { labelFunctions } from "./labels.ts";
import { scalarFunctions } from "./scalars.ts";
import { selectorFunctions } from "./selector-functions.ts";
import { sortFunctions } from "./sort.ts";

/** The functions that take no range vector, by name. */
export const instantFunctions: Readonly<Record<string, FunctionImplementation>> = {
  ...dateFunctions,
  ...elementwiseFunctions,
  ...histogramFunctions,
  info: openInfo,
  ...labelFunctions,
  ...scalarFunctions,
  ...selectorFunctions,
  ...sortFunctions,
};
