import { expect, it } from "vitest";
import { parseScript } from "./parse-script.ts";
import { ScriptError } from "./script-error.ts";

it("has a code, and the place of the mistake", () => {
  let thrown: unknown;
  try {
    parseScript("load 1m\n  up 1\n\nlode 1m\n  up 1\n");
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(ScriptError);
  const { code, line, column } = thrown as ScriptError;
  expect([code, line, column]).toEqual(["LINKLIGHT_PROMQL_SCRIPT", 4, 1]);
});
