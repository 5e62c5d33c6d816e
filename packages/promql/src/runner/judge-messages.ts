import { renderAnnotation } from "../annotations/render-annotation.ts";
import type { QueryResult } from "../engine/query-result.ts";
import type { Expectations, MessageTest } from "../script/command.ts";
import { type Mismatch, mismatch } from "./mismatch.ts";

/** Compares the warnings and infos of a result with those expected. */
export function judgeAnnotations(
  expected: Expectations,
  query: string,
  { annotations }: QueryResult,
): Mismatch | undefined {
  const texts = (severity: "warning" | "info"): string[] =>
    annotations
      .filter((one) => one.severity === severity)
      .map((annotation) => renderAnnotation(annotation, query));
  return (
    judge("warning", expected.warnings, expected.noWarnings, texts("warning")) ??
    judge("info", expected.infos, expected.noInfos, texts("info"))
  );
}

function judge(
  what: string,
  tests: readonly MessageTest[],
  isNoneExpected: boolean,
  got: readonly string[],
): Mismatch | undefined {
  if (isNoneExpected && got.length > 0) return listed(`expected no ${what}`, what, tests, got);
  if (tests.length === 0) return undefined;
  const missing = tests.find((test) => !got.some((text) => test.accepts(text)));
  if (missing !== undefined)
    return listed(`expected ${described(what, missing)}`, what, tests, got);
  const unexpected = got.find((text) => !tests.some((test) => test.accepts(text)));
  if (unexpected !== undefined)
    return listed(`unexpected ${what}: ${unexpected}`, what, tests, got);
  return undefined;
}

function listed(
  reason: string,
  what: string,
  tests: readonly MessageTest[],
  got: readonly string[],
): Mismatch {
  const differences = Array.from({ length: Math.max(tests.length, got.length) }, (_, i) => {
    const test = tests[i];
    const text = got[i];
    return {
      what,
      expected: test === undefined ? undefined : [test.written === "any" ? "any" : test.text],
      got: text === undefined ? undefined : [text],
    };
  });
  return { reason, differences, notes: [] };
}

/** Compares the error of a query with what is expected of it. */
export function judgeError(tests: readonly MessageTest[], error: Error): Mismatch | undefined {
  const missed = tests.find((test) => !test.accepts(error.message));
  if (missed === undefined) return undefined;
  return {
    reason: `expected ${described("error", missed)}`,
    differences: [{ what: "error", expected: [missed.text], got: [error.message] }],
    notes: [],
  };
}

/** The query was to fail. */
export function noError(tests: readonly MessageTest[]): Mismatch {
  const [test] = tests;
  return mismatch(
    `expected ${test === undefined ? "an error" : described("error", test)}, but the query succeeded`,
  );
}

function described(what: string, { written, text }: MessageTest): string {
  const article = /^[aeiou]/.test(what) ? "an" : "a";
  if (written === "any") return `${article} ${what}`;
  return written === "message"
    ? `the ${what} "${text}"`
    : `${article} ${what} that matches "${text}"`;
}
