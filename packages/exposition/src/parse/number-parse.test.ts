import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseInteger, parseLabelNumber, parseNumber } from "./number-parse.ts";

function parse(text: string): number | undefined {
  const bytes = Buffer.from(`x${text}x`);
  return parseNumber(bytes, 1, bytes.length - 1);
}

// Far more ways to write a double than our writers use.
const spelling = fc
  .tuple(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom<(v: number) => string>(
      String,
      (v) => v.toExponential(),
      (v) => v.toPrecision(17),
      (v) => v.toFixed(3),
      (v) => `${v < 0 ? "-" : "+"}000${Math.abs(v)}`,
    ),
  )
  .map(([value, spell]) => spell(value));

// Digits around 2^53 and powers of ten around 10^22, where the fast path must give way.
const nearTheLimits = fc
  .tuple(
    fc.bigInt({ min: 0n, max: 2n ** 60n }),
    fc.integer({ min: -30, max: 30 }),
    fc.nat(18),
    fc.constantFrom("", "-", "+"),
  )
  .map(([digits, exponent, point, sign]) => {
    const text = String(digits).padStart(point + 1, "0");
    return `${sign}${text.slice(0, text.length - point)}.${text.slice(text.length - point)}e${exponent}`;
  });

describe("parseNumber", () => {
  it("rounds exactly as JavaScript does, whatever the spelling", () => {
    const property = fc.property(fc.oneof(spelling, nearTheLimits), (text) => {
      expect(parse(text)).toBe(Number(text));
    });
    fc.assert(property, { seed: 42, numRuns: 20_000 });
  });

  it.each([
    ["1.", 1],
    [".5", 0.5],
    ["-0", -0],
    ["+1", 1],
    ["1e5", 100_000],
    ["1E-05", 0.00001],
    ["0000000000000000000000000000000000001.2e-1", 0.12],
    ["9007199254740993", 9007199254740992],
    ["1e-400", 0],
    ["1e0000000000000000000000000000000001", 10],
    ["NaN", Number.NaN],
    ["nan", Number.NaN],
    ["Inf", Number.POSITIVE_INFINITY],
    ["+iNFinity", Number.POSITIVE_INFINITY],
    ["-inf", Number.NEGATIVE_INFINITY],
  ])("reads %s", (text, expected) => {
    expect(parse(text)).toBe(expected);
  });

  it.each([
    "",
    "+",
    "-",
    ".",
    "e5",
    ".e5",
    "1e",
    "1e+",
    "1ee5",
    "1e5.0",
    "1.2.3",
    "--1",
    "+-1",
    "1_000",
    "0x1p3",
    "0x10",
    "0b1",
    "1f",
    " 1",
    "1 ",
    "+NaN",
    "-nan",
    "infi",
    "in",
    "infinityy",
    "1e400",
    "-1e309",
    "1,5",
    "١",
    "1\r",
    "1inf",
  ])("refuses %j", (text) => {
    expect(parse(text)).toBeUndefined();
  });

  it("never takes a text for a number that JavaScript does not", () => {
    const property = fc.property(
      fc.string({ unit: fc.constantFrom(..."0123456789.eE+-xpinfa_ "), maxLength: 9 }),
      (text) => {
        const value = parse(text);
        if (value === undefined || !Number.isFinite(value)) return;
        expect(value).toBe(Number(text));
      },
    );
    fc.assert(property, { seed: 42, numRuns: 10_000 });
  });
});

describe("parseInteger", () => {
  const parseWhole = (text: string): number | undefined =>
    parseInteger(Buffer.from(text), 0, Buffer.byteLength(text));

  it.each([
    ["0", 0],
    ["-5", -5],
    ["1395066363000", 1395066363000],
    ["9223372036854775807", 2 ** 63],
  ])("reads %s", (text, expected) => {
    expect(parseWhole(text)).toBe(expected);
  });

  it.each(["", "-", "+1", "1.0", "1e3", "99999999999999999999", "a"])("refuses %j", (text) => {
    expect(parseWhole(text)).toBeUndefined();
  });
});

describe("parseLabelNumber", () => {
  it.each([
    ["0.5", 0.5],
    ["+Inf", Number.POSITIVE_INFINITY],
    ["", undefined],
    // U+0131 ends in the byte of the digit 1.
    ["ı", undefined],
  ])("reads %j as %s", (text, expected) => {
    expect(parseLabelNumber(text)).toBe(expected);
  });
});
