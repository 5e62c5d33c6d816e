import fc from "fast-check";
import { expect, it } from "vitest";
import { parseScript } from "./parse-script.ts";
import { ScriptError } from "./script-error.ts";

// Words of the language in any order go deeper into the parser than random characters.
const word = fc.constantFrom(
  "clear\n",
  "load ",
  "load_with_nhcb ",
  "eval ",
  "eval_fail ",
  "instant at ",
  "range from ",
  "to ",
  "step ",
  "5m",
  "0",
  "\n",
  "\n  ",
  "\n\n",
  "# ",
  "a",
  '{b="c"}',
  '{"d e"',
  "}",
  "@st ",
  " _x3",
  " 1+2x3",
  " stale",
  " {{",
  "schema:1 ",
  "buckets:[1 2]",
  "}}",
  "x9",
  "-",
  "expect ",
  "fail ",
  "warn msg: ",
  "regex: (",
  "range vector ",
  'string "\\',
  "expected_fail_message ",
);

it.each([
  [
    "words of the language",
    fc.array(fc.oneof(word, fc.string({ maxLength: 3 }))).map((parts) => parts.join("")),
  ],
  ["any text", fc.string({ unit: "binary", maxLength: 200 })],
])("of %s, nothing but ScriptErrors come", (_, texts) => {
  const property = fc.property(texts, (text) => {
    try {
      parseScript(text);
    } catch (error) {
      expect(error).toBeInstanceOf(ScriptError);
      for (const one of (error as ScriptError).errors) {
        const line = text.split("\n")[one.line - 1];
        expect(line).toBeDefined();
        expect(one.column).toBeLessThanOrEqual((line as string).length + 1);
      }
    }
  });
  fc.assert(property, { seed: 42, numRuns: 1000 });
});
