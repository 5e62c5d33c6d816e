/** The feature flags of Prometheus that change the language or its evaluation, by Prometheus' names. */
export const FEATURE_FLAGS = [
  "promql-experimental-functions",
  "promql-duration-expr",
  "promql-extended-range-selectors",
  "promql-binop-fill-modifiers",
  "promql-delayed-name-removal",
  "use-start-timestamps",
] as const;

export type FeatureFlag = (typeof FEATURE_FLAGS)[number];

/** Which features are on. */
export type Features = ReadonlySet<FeatureFlag>;

/** What users write: all of them, or those named. */
export type FeaturesLike = "all" | Iterable<FeatureFlag>;

/**
 * Reads a choice of features. Throws RangeError for a name that is none.
 * Duration expressions are part of the language since Prometheus 3.14, and so always on.
 */
export function featuresFrom(features: FeaturesLike): Features {
  if (features === "all") return new Set(FEATURE_FLAGS);
  const chosen = new Set<FeatureFlag>(["promql-duration-expr"]);
  for (const feature of features) {
    if (!FEATURE_FLAGS.includes(feature))
      throw new RangeError(
        `unknown feature "${feature}": expected one of ${FEATURE_FLAGS.join(", ")}`,
      );
    chosen.add(feature);
  }
  return chosen;
}
