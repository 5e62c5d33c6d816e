import { FEATURE_FLAGS, type FeatureFlag } from "@linklight/promql";
import { InvalidArgumentError } from "commander";

/** Reads the names of features, separated by commas, after those of an earlier option; `none` adds none. */
export function enabledFeatures(
  text: string,
  earlier: readonly FeatureFlag[] = [],
): readonly FeatureFlag[] {
  const names = text.split(",").filter((name) => name !== "" && name !== "none");
  return [...earlier, ...names.map(feature)];
}

function feature(name: string): FeatureFlag {
  const found = FEATURE_FLAGS.find((flag) => flag === name);
  if (found === undefined)
    throw new InvalidArgumentError(
      `There is no feature '${name}': expected of ${FEATURE_FLAGS.join(", ")}, or none.`,
    );
  return found;
}
