import type { BaseIssue, GenericSchema } from "valibot";
import { closest } from "./closest.ts";
import { isSecretAt, MISPLACED_LIST, type UnknownKey, type YamlPath } from "./schema-walk.ts";

/** Says which key is unknown, and which was probably meant. */
export function explainUnknownKey({ path, known }: UnknownKey): string {
  const key = String(path.at(-1));
  if (known.length === 0) return `key ${printable(key)} is reserved; choose another name`;
  const near = closest(key, known);
  const advice = near === undefined ? `known here: ${known.join(", ")}` : `did you mean ${near}?`;
  return `field ${printable(key)} not found; ${advice}`;
}

/** Says where a value does not fit its schema, what was expected and what was found. */
export function explainIssue(
  schema: GenericSchema,
  issue: BaseIssue<unknown>,
): { readonly path: YamlPath; readonly message: string } {
  const path = (issue.path ?? []).map(({ key }) => key as string | number);
  // valibot says "undefined" of a required key that is absent, at the path of that key.
  if (issue.kind === "schema" && issue.input === undefined && path.length > 0) {
    return { path: path.slice(0, -1), message: `field ${path.at(-1)} is missing` };
  }
  const isSecret = isSecretAt(schema, path);
  if (issue.kind !== "schema") {
    const found = isSecret ? "" : `, found ${describe(issue.input, true)}`;
    return {
      path,
      message: `${lowerFirst(issue.message.replace(/ but received .*$/s, ""))}${found}`,
    };
  }
  const expected = expectation(issue);
  const showValue = !isSecret && !/^(a mapping|a list)$/.test(expected);
  const near = nearWord(issue);
  const advice = near === undefined ? "" : `; did you mean ${near}?`;
  return {
    path,
    message: `expected ${expected}, found ${describe(issue.input, showValue)}${advice}`,
  };
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
  loose_object: "a mapping",
  strict_object: "a mapping",
  record: "a mapping",
};

function expectation(issue: BaseIssue<unknown>): string {
  const words = choices(issue);
  if (words.length > 0) return `one of ${words.join(", ")}`;
  // A schema with its own message, such as a union, says what it expects by itself.
  if (issue.message.startsWith("expected ")) return issue.message.slice("expected ".length);
  return EXPECTED[issue.type] ?? issue.expected ?? "something else";
}

// A picklist's issue gives its options as `("a" | "b")`.
function choices(issue: BaseIssue<unknown>): readonly string[] {
  if (issue.type !== "picklist") return [];
  const words = (issue.expected ?? "").matchAll(/"([^"]+)"/g);
  return [...words].map(([, word = ""]) => word);
}

function nearWord(issue: BaseIssue<unknown>): string | undefined {
  return typeof issue.input === "string" ? closest(issue.input, choices(issue)) : undefined;
}

function describe(value: unknown, showValue: boolean): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value) || value === MISPLACED_LIST) return "a list";
  if (typeof value === "object") return "a mapping";
  if (!showValue) return typeof value === "boolean" ? "a boolean" : `a ${typeof value}`;
  if (typeof value === "string") return printable(value, true);
  return typeof value === "number" ? `the number ${value}` : String(value as boolean);
}

function printable(text: string, quoted = false): string {
  const short = text.length <= 80 ? text : `${text.slice(0, 80)}…`;
  return quoted || /[^\w.-]/.test(short) ? JSON.stringify(short) : short;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
