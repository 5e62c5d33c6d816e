import { RE2JS } from "re2js";
import type { MessageTest, StepsNotation } from "./command.ts";
import type { LineScanner } from "./line-scanner.ts";
import { parseString } from "./metric-notation.ts";
import { parseTime } from "./parse-load.ts";

/** What an `expect` line says. */
export type Expect =
  | { readonly what: "ordered" | "no_warn" | "no_info" }
  | { readonly what: "fail" | "warn" | "info"; readonly test: MessageTest }
  | { readonly what: "string"; readonly value: string }
  | { readonly what: "range vector"; readonly steps: StepsNotation };

/** Whatever the text is. */
export const ANY_MESSAGE: MessageTest = { written: "any", text: "", accepts: () => true };

/** The text, word for word. */
export function messageTest(text: string): MessageTest {
  return { written: "message", text, accepts: (other) => other === text };
}

/** A regular expression that matches somewhere in the text. Reads the rest of the line. */
export function parsePattern(scanner: LineScanner): MessageTest {
  scanner.takeBlanks();
  const text = scanner.rest;
  try {
    const pattern = RE2JS.compile(text);
    return { written: "pattern", text, accepts: (other) => pattern.matcher(other).find() };
  } catch (error) {
    return scanner.fail(`invalid regular expression: ${(error as Error).message}`);
  }
}

/**
 * expect: "expect" ("ordered" | "no_warn" | "no_info" | ("fail" | "warn" | "info") [message]
 *                  | "string" STRING | "range" "vector" steps)
 */
export function parseExpect(scanner: LineScanner): Expect {
  scanner.require("expect");
  scanner.takeBlanks();
  const start = scanner.position;
  const word = scanner.take(/[a-z_]+/y);
  const expect = parseRest(scanner, word, start);
  scanner.takeBlanks();
  if (!scanner.isAtEnd) scanner.failExpecting("the end of the line");
  return expect;
}

function parseRest(scanner: LineScanner, word: string | undefined, start: number): Expect {
  switch (word) {
    case "ordered":
    case "no_warn":
    case "no_info":
      return { what: word };
    case "fail":
    case "warn":
    case "info":
      return { what: word, test: parseMessage(scanner) };
    case "string":
      scanner.takeBlanks();
      return { what: "string", value: parseString(scanner) };
    case "range":
      scanner.takeBlanks();
      scanner.require("vector");
      return { what: "range vector", steps: parseSteps(scanner) };
    default:
      return scanner.failExpecting(
        'ordered, fail, warn, no_warn, info, no_info, string or "range vector"',
        start,
      );
  }
}

/** message: "msg:" TEXT | "regex:" TEXT */
function parseMessage(scanner: LineScanner): MessageTest {
  scanner.takeBlanks();
  if (scanner.isAtEnd) return ANY_MESSAGE;
  let test: MessageTest;
  if (scanner.takeIf("msg:")) test = messageTest(scanner.rest.trim());
  else if (scanner.takeIf("regex:")) test = parsePattern(scanner);
  else return scanner.failExpecting('"msg:" or "regex:"');
  scanner.position = scanner.text.length;
  return test;
}

/** steps: "from" DURATION "to" DURATION "step" DURATION */
export function parseSteps(scanner: LineScanner): StepsNotation {
  const word = (text: string): void => {
    scanner.takeBlanks();
    const start = scanner.position;
    if (scanner.take(/[a-z]+/y) !== text) scanner.failExpecting(`"${text}"`, start);
  };
  word("from");
  const startMs = parseTime(scanner, "a time");
  word("to");
  const end = scanner.position + 1;
  const endMs = parseTime(scanner, "a time");
  if (endMs < startMs) scanner.fail("expected an end that is not before the start", end);
  word("step");
  const step = scanner.position + 1;
  const stepMs = parseTime(scanner, "a step");
  if (stepMs === 0) scanner.fail("expected a step above 0", step);
  return { startMs, endMs, stepMs };
}
