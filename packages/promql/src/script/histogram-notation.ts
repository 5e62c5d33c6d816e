import {
  type BucketSpan,
  type CounterResetHint,
  type NativeHistogram,
  nativeHistogram,
} from "@linklight/model";
import { readNumber } from "../lexer/literal.ts";
import type { SequenceValue } from "./command.ts";
import type { LineScanner } from "./line-scanner.ts";

/** The fields that a histogram may be written with, and what each holds. */
const FIELDS = {
  schema: "integer",
  sum: "number",
  count: "number",
  z_bucket: "number",
  z_bucket_w: "number",
  custom_values: "list",
  buckets: "list",
  offset: "integer",
  n_buckets: "list",
  n_offset: "integer",
  counter_reset_hint: "hint",
} as const;

type Field = keyof typeof FIELDS;

/** A number of the notation: `-1.5e3`, `+Inf`, `NaN`. */
export const NUMBER: RegExp = /[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|inf|nan)/iy;

/** Reads what {@link NUMBER} matches, and all that is a number in a query, with a sign: `010` is 8. NaN for anything else. */
export function numberOf(text: string): number {
  const reading = readNumber(text.replace(/^[+-]/, ""));
  const size = "value" in reading ? reading.value : Number.NaN;
  return text.startsWith("-") ? -size : size;
}

/** histogram: "{{" [field (BLANK field)*] "}}" */
export function parseHistogram(scanner: LineScanner): SequenceValue {
  scanner.require("{{");
  const fields = new Map<Field, number | number[] | CounterResetHint>();
  for (;;) {
    const isSeparate = scanner.takeBlanks() || fields.size === 0;
    if (scanner.takeIf("}}")) break;
    if (!isSeparate) scanner.failExpecting('a blank or "}}"');
    parseField(scanner, fields);
  }
  return {
    kind: "histogram",
    histogram: histogramOf(fields),
    isHintWritten: fields.has("counter_reset_hint"),
  };
}

/** field: NAME ":" (NUMBER | "[" NUMBER* "]" | HINT) */
function parseField(
  scanner: LineScanner,
  fields: Map<Field, number | number[] | CounterResetHint>,
): void {
  const start = scanner.position;
  const name = scanner.take(/[a-z_]+/y);
  if (name === undefined || !(name in FIELDS))
    scanner.failExpecting(
      `a field of a histogram (${Object.keys(FIELDS).join(", ")}) or "}}"`,
      start,
    );
  const field = name as Field;
  if (fields.has(field)) scanner.fail(`"${field}" occurs twice in a histogram`, start);
  scanner.require(":");
  const holds = FIELDS[field];
  if (holds === "hint") fields.set(field, parseHint(scanner));
  else if (holds === "list") fields.set(field, parseList(scanner));
  else fields.set(field, parseNumber(scanner, holds));
}

function parseNumber(scanner: LineScanner, what: "integer" | "number"): number {
  const start = scanner.position;
  const number = scanner.take(NUMBER);
  const value = number === undefined ? Number.NaN : numberOf(number);
  if (number === undefined || (what === "integer" && !Number.isInteger(value)))
    scanner.failExpecting(what === "integer" ? "a whole number" : "a number", start);
  return value;
}

function parseList(scanner: LineScanner): number[] {
  if (!scanner.takeIf("[")) scanner.failExpecting('a list such as "[1 2 3]"');
  const list: number[] = [];
  for (;;) {
    scanner.takeBlanks();
    if (scanner.takeIf("]")) return list;
    list.push(parseNumber(scanner, "number"));
  }
}

function parseHint(scanner: LineScanner): CounterResetHint {
  const hint = scanner.take(/(?:gauge|not_reset|reset|unknown)\b/y);
  if (hint === undefined) scanner.failExpecting("gauge, reset, not_reset or unknown");
  return hint as CounterResetHint;
}

function histogramOf(
  fields: ReadonlyMap<Field, number | number[] | CounterResetHint>,
): NativeHistogram {
  const number = (field: Field): number => (fields.get(field) ?? 0) as number;
  const list = (field: Field): readonly number[] => (fields.get(field) ?? []) as number[];
  const spans = (buckets: readonly number[], offset: number): readonly BucketSpan[] =>
    buckets.length === 0 ? [] : [{ offset, length: buckets.length }];
  return nativeHistogram({
    schema: number("schema"),
    sum: number("sum"),
    count: number("count"),
    zeroCount: number("z_bucket"),
    zeroThreshold: number("z_bucket_w"),
    customValues: list("custom_values"),
    positiveSpans: spans(list("buckets"), number("offset")),
    positiveBuckets: list("buckets"),
    negativeSpans: spans(list("n_buckets"), number("n_offset")),
    negativeBuckets: list("n_buckets"),
    counterResetHint: (fields.get("counter_reset_hint") ?? "unknown") as CounterResetHint,
    isFloat: true,
  });
}
