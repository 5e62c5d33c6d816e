import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { interpolate, MissingVariableError, parseEnvFile } from "./variables.ts";

const ENV = { A: "one", EMPTY: "" };

describe("interpolate", () => {
  it.each([
    ["plain", "plain"],
    [`$A and $\${A}`, `one and \${A}`],
    ["$A-$B", "one-"],
    [`\${A}\${B}`, "one"],
    [`\${B:-two}`, "two"],
    [`\${EMPTY:-two}`, "two"],
    [`\${EMPTY-two}`, ""],
    [`\${A:-two}`, "one"],
    [`\${A:+set}`, "set"],
    [`\${EMPTY:+set}`, ""],
    [`\${EMPTY+set}`, "set"],
    [`\${B+set}`, ""],
    [`\${A:?no}`, "one"],
    [`\${EMPTY?no}`, ""],
    [`\${B:-\${C:-deep}}:x`, "deep:x"],
    [`\${A:+/../\${B:-say} it}`, "/../say it"],
    ["5 $ and $1", "5 $ and $1"],
    [`\${A`, "one"],
  ])("makes of %s", (text, expected) => {
    expect(interpolate(text, ENV)).toBe(expected);
  });

  it.each([
    [`\${B:?give one}`, "B is not set: give one"],
    [`\${EMPTY:?}`, "EMPTY is not set: it is needed"],
    [`\${B?give one}`, "B is not set: give one"],
  ])("refuses %s", (text, message) => {
    expect(() => interpolate(text, ENV)).toThrow(new MissingVariableError(message));
  });

  it("leaves every text alone whose dollar signs are doubled", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(interpolate(text.replaceAll("$", "$$$$"), ENV)).toBe(text);
      }),
      { seed: 42 },
    );
  });

  it("comes to an end for every text", () => {
    const piece = fc.constantFrom("$", "{", "}", "A", `\${`, `\${A`, ":-", ":+", "?", "-", "x");
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        try {
          expect(typeof interpolate(pieces.join(""), ENV)).toBe("string");
        } catch (error) {
          expect(error).toBeInstanceOf(MissingVariableError);
        }
      }),
      { seed: 42 },
    );
  });
});

describe("parseEnvFile", () => {
  it("reads names and values, quoted or with a comment behind", () => {
    const text =
      "# all\nA=1\r\nexport B = two words # mine\nC='# no comment'\nD=\"x\"\nA=2\nnonsense\n";
    expect(parseEnvFile(text)).toEqual({ A: "2", B: "two words", C: "# no comment", D: "x" });
  });
});
