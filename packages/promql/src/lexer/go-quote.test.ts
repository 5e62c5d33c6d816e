import { describe, expect, it } from "vitest";
import { goQuote, goQuoteCharacter, goUnicode } from "./go-quote.ts";

describe("goQuote", () => {
  it.each<[string, string]>([
    ["", '""'],
    ["port 1", '"port 1"'],
    ["a\"b'c\\", '"a\\"b\'c\\\\"'],
    ["\u0007\b\f\n\r\t\v", '"\\a\\b\\f\\n\\r\\t\\v"'],
    ["\u0000\u001b\u007f", '"\\x00\\x1b\\x7f"'],
    ["é☺😀", '"é☺😀"'],
    ["\u00a0\u200b\ufeff", '"\\u00a0\\u200b\\ufeff"'],
    ["\u{e0001}", '"\\U000e0001"'],
    ["\ufffd\ud800", '"\\ufffd\\ufffd"'],
  ])("quotes %j", (text, expected) => {
    expect(goQuote(text)).toBe(expected);
  });
});

describe("goQuoteCharacter", () => {
  it.each<[string | undefined, string]>([
    ["a", "'a'"],
    ["'", "'\\''"],
    ['"', "'\"'"],
    ["\n", "'\\n'"],
    [undefined, "'\ufffd'"],
  ])("quotes %j", (character, expected) => {
    expect(goQuoteCharacter(character)).toBe(expected);
  });
});

describe("goUnicode", () => {
  it.each<[string, string]>([
    ["x", "U+0078 'x'"],
    ["\n", "U+000A"],
    ["😀", "U+1F600 '😀'"],
  ])("names %j", (character, expected) => {
    expect(goUnicode(character)).toBe(expected);
  });
});
