import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareUtf8, isWellFormed } from "./utf8-order.ts";

// Mostly characters on both sides of the surrogates, where UTF-16 and UTF-8 disagree.
const character = fc.oneof(
  fc.constantFrom(
    "a",
    "b",
    "\u0000",
    "é",
    "\ud7ff",
    "\ue000",
    "\uffff",
    "\u{10000}",
    "😀",
    "\u{10ffff}",
  ),
  fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
);
const text = fc.array(character, { maxLength: 5 }).map((characters) => characters.join(""));

describe("compareUtf8", () => {
  it("orders as the bytes of the UTF-8 form do", () => {
    const property = fc.property(text, text, (a, b) => {
      expect(Math.sign(compareUtf8(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    });
    fc.assert(property, { seed: 42, numRuns: 5000 });
  });

  it.each([
    ["", "", 0],
    ["a", "a", 0],
    ["a", "ab", -1],
    ["b", "ab", 1],
    ["\uffff", "\u{10000}", -1],
    ["\ue000", "😀", -1],
    ["\ud7ff", "😀", -1],
    ["😀", "😁", -1],
  ])("puts %j and %j in the order %i", (a, b, expected) => {
    expect(Math.sign(compareUtf8(a, b))).toBe(expected);
  });
});

describe("isWellFormed", () => {
  it.each<[string, boolean]>([
    ["", true],
    ["a€", true],
    ["😀", true],
    ["\ud83d", false],
    ["\ude00a", false],
    ["\ude00\ud83d", false],
  ])("judges %j as %s", (value, expected) => {
    expect(isWellFormed(value)).toBe(expected);
  });
});
