import { nativeHistogram } from "@linklight/model";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { SequenceValue } from "../script/command.ts";
import { LineScanner } from "../script/line-scanner.ts";
import { parseSeriesLine } from "../script/series-line.ts";
import { printValues } from "./print-values.ts";
import { isSameValue } from "./same-value.ts";

const counts = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 5 });

const histogram: fc.Arbitrary<SequenceValue> = fc
  .record({
    schema: fc.integer({ min: -4, max: 8 }),
    count: fc.integer({ min: 0, max: 100 }),
    sum: fc.double(),
    zeroCount: fc.integer({ min: 0, max: 9 }),
    zeroThreshold: fc.constantFrom(0, 0.001, 1e-128),
    positiveBuckets: counts,
    negativeBuckets: counts,
    offset: fc.integer({ min: -20, max: 20 }),
    counterResetHint: fc.constantFrom("unknown", "reset", "not_reset", "gauge"),
  })
  .map(({ offset, ...fields }) => ({
    kind: "histogram",
    isHintWritten: true,
    histogram: nativeHistogram({
      ...fields,
      positiveSpans: [{ offset, length: fields.positiveBuckets.length }],
      negativeSpans: [{ offset: -offset, length: fields.negativeBuckets.length }],
      isFloat: true,
    }),
  }));

const value: fc.Arbitrary<SequenceValue> = fc.oneof(
  fc.constant<SequenceValue>({ kind: "omitted" }),
  fc.constant<SequenceValue>({ kind: "stale" }),
  fc.double().map((float): SequenceValue => ({ kind: "float", value: float })),
  histogram,
);

it("writes what is read back as the same values", () => {
  const property = fc.property(fc.array(value), (values) => {
    const read = parseSeriesLine(new LineScanner(`a ${printValues(values)}`, 1)).values;
    expect(read).toHaveLength(values.length);
    for (const [i, one] of values.entries()) {
      expect(read[i]?.kind).toBe(one.kind);
      if (one.kind === "float") expect(read[i]).toEqual(one);
      expect(isSameValue(one, read[i] as SequenceValue)).toBe(true);
    }
  });
  fc.assert(property, { seed: 42 });
});
