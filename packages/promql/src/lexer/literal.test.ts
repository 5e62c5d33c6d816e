import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { goQuote } from "./go-quote.ts";
import { readDuration, readNumber, readString } from "./literal.ts";

describe("readNumber", () => {
  it.each<[string, number]>([
    ["0", 0],
    ["1", 1],
    ["5.", 5],
    [".5", 0.5],
    ["1e3", 1000],
    ["1.5E-3", 0.0015],
    ["0x1F", 31],
    ["0X_1_f", 31],
    ["0755", 493],
    ["0_7", 7],
    ["08", 8],
    ["1_000_000.5", 1_000_000.5],
    ["0x7fffffffffffffff", 2 ** 63],
    ["9007199254740993", 9_007_199_254_740_992],
    ["0777777777777777777777", 2 ** 63],
    ["07777777777777777777777", 7.777777777777777e21],
    ["1e-400", 0],
    ["Inf", Number.POSITIVE_INFINITY],
    ["nAn", Number.NaN],
  ])("reads %s", (text, value) => {
    expect(readNumber(text)).toEqual({ value });
  });

  it.each<[string, string]>([
    ["1e", "invalid syntax"],
    ["1e)", "invalid syntax"],
    ["0x", "invalid syntax"],
    ["0x8000000000000000", "invalid syntax"],
    [".5.5", "invalid syntax"],
    ["1e5.5", "invalid syntax"],
    ["1e999", "value out of range"],
  ])("refuses %s", (text, problem) => {
    expect(readNumber(text)).toEqual({
      problem: `error parsing number: strconv.ParseFloat: parsing "${text}": ${problem}`,
    });
  });
});

describe("readDuration", () => {
  it.each<[string, number]>([
    ["0s", 0],
    ["1ms", 0.001],
    ["90m", 5400],
    ["1h30m", 5400],
    ["1y2w3d4h5m6s7ms", 33_019_506.007],
    ["292y", 292 * 365 * 86_400],
  ])("reads %s", (text, value) => {
    expect(readDuration(text)).toEqual({ value });
  });

  it.each<[string, string]>([
    ["5y1hs", 'unknown unit "hs" in duration "5y1hs"'],
    ["5m1h", 'not a valid duration string: "5m1h"'],
    ["5m5m", 'not a valid duration string: "5m5m"'],
    ["99999999999999999999m", 'not a valid duration string: "99999999999999999999m"'],
    ["293y", "duration out of range"],
    ["292y100w", "duration out of range"],
  ])("refuses %s", (text, problem) => {
    expect(readDuration(text)).toEqual({ problem });
  });
});

describe("readString", () => {
  it.each<[string, string]>([
    ['""', ""],
    ["'a\"b'", 'a"b'],
    ["'\\''", "'"],
    ["`\\n`", "\\n"],
    ['"\\a\\b\\f\\n\\r\\t\\v"', "\u0007\b\f\n\r\t\v"],
    ['"\\\\x41\\x41\\101\\u0041\\U00000041"', "\\x41AAAA"],
    ['"\\xe2\\x82\\xac\\342\\202\\254"', "€€"],
    ['"\\xff"', "\udcff"],
    ['"\\U0001F600"', "😀"],
  ])("reads %s", (token, expected) => {
    expect(readString(token)).toBe(expected);
  });

  it("reads what goQuote writes", () => {
    const property = fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(readString(goQuote(text))).toBe(text);
    });
    fc.assert(property, { seed: 42 });
  });
});
