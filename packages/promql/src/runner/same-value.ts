import type { NativeHistogram } from "@linklight/model";
import type { SequenceValue } from "../script/command.ts";
import { type BucketCounts, negativeCounts, positiveCounts } from "../script/histogram-sum.ts";
import { almostEqual } from "./almost-equal.ts";

/** Whether a value of a result is what a script expects at its place. */
export function isSameValue(expected: SequenceValue, got: SequenceValue): boolean {
  if (expected.kind === "omitted" || got.kind === "omitted") return expected.kind === got.kind;
  if (expected.kind !== "histogram" || got.kind !== "histogram")
    return (
      expected.kind !== "histogram" &&
      got.kind !== "histogram" &&
      almostEqual(floatOf(expected), floatOf(got))
    );
  return isSameHistogram(expected.histogram, got.histogram, expected.isHintWritten);
}

function floatOf(value: SequenceValue): number {
  return value.kind === "float" ? value.value : Number.NaN;
}

function isSameHistogram(
  expected: NativeHistogram,
  got: NativeHistogram,
  isHintWritten: boolean,
): boolean {
  return (
    expected.schema === got.schema &&
    almostEqual(expected.count, got.count) &&
    almostEqual(expected.sum, got.sum) &&
    expected.zeroThreshold === got.zeroThreshold &&
    almostEqual(expected.zeroCount, got.zeroCount) &&
    `${expected.customValues}` === `${got.customValues}` &&
    areSameCounts(negativeCounts(expected), negativeCounts(got)) &&
    areSameCounts(positiveCounts(expected), positiveCounts(got)) &&
    (!isHintWritten || expected.counterResetHint === got.counterResetHint)
  );
}

/** Empty buckets are the same as none. */
function areSameCounts(expected: BucketCounts, got: BucketCounts): boolean {
  for (const index of new Set([...expected.keys(), ...got.keys()]))
    if (!almostEqual(expected.get(index) ?? 0, got.get(index) ?? 0)) return false;
  return true;
}
