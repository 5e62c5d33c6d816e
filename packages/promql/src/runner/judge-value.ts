import type { Labels, SampleValue } from "@linklight/model";
import type { MatrixSeries, QueryValue } from "../engine/query-result.ts";
import type { Expectations, ExpectedRow, SequenceValue, StepsNotation } from "../script/command.ts";
import { almostEqual } from "./almost-equal.ts";
import { type Difference, type Mismatch, mismatch } from "./mismatch.ts";
import { printFloat, printValue } from "./print-values.ts";
import { isSameValue } from "./same-value.ts";

const OMITTED: SequenceValue = { kind: "omitted" };

const TYPE_NAMES: Readonly<Record<QueryValue["type"], string>> = {
  scalar: "a scalar",
  string: "a string",
  vector: "an instant vector",
  matrix: "a range vector",
};

/** One series of a result, its values in the notation of scripts. */
interface Row {
  readonly labels: Labels;
  readonly values: readonly SequenceValue[];
}

/**
 * Compares a whole result with what is expected: missing, unexpected and wrong values, and the order where it
 * counts. The steps say which timestamps the values of a range vector are expected at.
 */
export function judgeValue(
  expected: Expectations,
  got: QueryValue,
  steps: StepsNotation | undefined,
): Mismatch | undefined {
  if (expected.value.kind === "scalar") return judgeScalar(expected.value.value, got);
  if (expected.value.kind === "string") return judgeString(expected.value.value, got);
  const { rows } = expected.value;
  switch (got.type) {
    case "scalar":
      return mismatch(`expected a vector, got the scalar ${printFloat(got.value)}`);
    case "string":
      if (rows.length === 0) return judgeString("", got);
      return mismatch(`expected a vector, got the string ${JSON.stringify(got.value)}`);
    case "vector":
      if (steps !== undefined) return mismatch("expected a range vector, got an instant vector");
      return judgeRows(
        rows,
        got.samples.map(({ labels, value }) => ({ labels, values: [sequenceValue(value)] })),
        expected.isOrdered,
      );
    case "matrix":
      return judgeMatrix(expected, rows, got.series, steps);
  }
}

function judgeScalar(expected: number, got: QueryValue): Mismatch | undefined {
  if (got.type !== "scalar")
    return mismatch(`expected the scalar ${printFloat(expected)}, got ${TYPE_NAMES[got.type]}`);
  if (almostEqual(expected, got.value)) return undefined;
  return mismatch(`expected the scalar ${printFloat(expected)}, got ${printFloat(got.value)}`);
}

function judgeString(expected: string, got: QueryValue): Mismatch | undefined {
  const text = JSON.stringify(expected);
  if (got.type !== "string")
    return mismatch(`expected the string ${text}, got ${TYPE_NAMES[got.type]}`);
  if (expected === got.value) return undefined;
  return mismatch(`expected the string ${text}, got ${JSON.stringify(got.value)}`);
}

function judgeMatrix(
  expected: Expectations,
  rows: readonly ExpectedRow[],
  series: readonly MatrixSeries[],
  steps: StepsNotation | undefined,
): Mismatch | undefined {
  if (expected.isOrdered) return mismatch("expected an order, got a range vector, which has none");
  if (steps === undefined) {
    if (rows.length === 0 && series.length === 0) return undefined;
    return mismatch(
      'got a range vector, which "expect range vector from … to … step …" has to announce',
    );
  }
  for (const [i, { labels }] of series.entries()) {
    const next = series[i + 1]?.labels;
    if (next !== undefined && labels.compare(next) > 0)
      return mismatch(
        `the series of a range vector must be sorted by labels, but ${labels} comes before ${next}`,
      );
  }
  const got: Row[] = [];
  for (const one of series) {
    const values = valuesAt(steps, one);
    if ("problem" in values) return mismatch(`${one.labels} has ${values.problem}`);
    got.push({ labels: one.labels, values });
  }
  return judgeRows(rows, got, false);
}

/** The values of a series at the steps, `_` where it has none. */
function valuesAt(
  { startMs, endMs, stepMs }: StepsNotation,
  { timestamps, values, histograms }: MatrixSeries,
): readonly SequenceValue[] | { readonly problem: string } {
  const row: SequenceValue[] = [];
  for (const [i, timestamp] of timestamps.entries()) {
    const step = (timestamp - startMs) / stepMs;
    if (!Number.isInteger(step) || step < row.length || timestamp > endMs)
      return { problem: `a sample at ${timestamp / 1000} s, where no step is or another one was` };
    while (row.length < step) row.push(OMITTED);
    row.push(sequenceValue(histograms?.[i] ?? (values[i] as number)));
  }
  return row;
}

function sequenceValue(value: SampleValue): SequenceValue {
  if (typeof value === "number") return { kind: "float", value };
  return { kind: "histogram", histogram: value, isHintWritten: false };
}

function judgeRows(
  expected: readonly ExpectedRow[],
  got: readonly Row[],
  isOrdered: boolean,
): Mismatch | undefined {
  const byKey = new Map<string, Row>();
  for (const row of got) {
    if (byKey.has(row.labels.key)) return mismatch(`the result has ${row.labels} twice`);
    byKey.set(row.labels.key, row);
  }
  const expectedKeys = new Set(expected.map(({ labels }) => labels.key));
  const differences: Difference[] = [
    ...expected
      .filter((row) => !isSameRow(row.values, byKey.get(row.labels.key)?.values))
      .map((row) => difference(row.labels, row.values, byKey.get(row.labels.key)?.values)),
    ...got
      .filter(({ labels }) => !expectedKeys.has(labels.key))
      .map(({ labels, values }) => difference(labels, undefined, values)),
  ];
  if (differences.length > 0) {
    const equal = expected.length - differences.filter((one) => one.expected !== undefined).length;
    const notes = equal > 0 ? [`and ${equal} more as expected`] : [];
    return { reason: "the result differs", differences, notes };
  }
  return isOrdered ? judgeOrder(expected, got) : undefined;
}

/** Places that are left out at the end of a row are the same as none. */
function isSameRow(
  expected: readonly SequenceValue[],
  got: readonly SequenceValue[] | undefined,
): boolean {
  if (got === undefined) return false;
  const length = Math.max(expected.length, got.length);
  for (let i = 0; i < length; i++)
    if (!isSameValue(expected[i] ?? OMITTED, got[i] ?? OMITTED)) return false;
  return true;
}

function difference(
  labels: Labels,
  expected: readonly SequenceValue[] | undefined,
  got: readonly SequenceValue[] | undefined,
): Difference {
  return { what: labels, expected: expected?.map(printValue), got: got?.map(printValue) };
}

function judgeOrder(expected: readonly ExpectedRow[], got: readonly Row[]): Mismatch | undefined {
  if (expected.every(({ labels }, i) => labels.key === got[i]?.labels.key)) return undefined;
  const place = ({ labels, values }: Row): string[] => [`${labels} ${values.map(printValue)}`];
  return {
    reason: "the series are right, but their order differs",
    notes: [],
    differences: expected.map((row, i) => ({
      what: `${i + 1}.`,
      expected: place(row),
      got: place(got[i] as Row),
    })),
  };
}
