import { describe, expect, it } from "vitest";
import { Lexer } from "./lexer.ts";

/** All tokens of a text, as `kind@start-end`; what cannot be read as `error@start: problem`. */
function tokensOf(text: string): string[] {
  const lexer = new Lexer(text);
  const tokens: string[] = [];
  do {
    lexer.next();
    const { kind, start, end, problem } = lexer;
    tokens.push(kind === "error" ? `error@${start}: ${problem}` : `${kind}@${start}-${end}`);
  } while (lexer.kind !== "eof" && lexer.kind !== "error");
  return tokens;
}

const kindsOf = (text: string): string[] =>
  tokensOf(text).map((token) => token.replace(/@\d.*/, ""));

describe("Lexer", () => {
  it.each<[string, string]>([
    ["a", "identifier@0-1 eof@1-1"],
    [" a ", "identifier@1-2 eof@3-3"],
    ["a:b :c", "metricIdentifier@0-3 metricIdentifier@4-6 eof@6-6"],
    ["# all\na # b\r c", "identifier@6-7 identifier@13-14 eof@14-14"],
    ["a{b='c'}", "identifier@0-1 {@1-2 identifier@2-3 =@3-4 string@4-7 }@7-8 eof@8-8"],
    ["'😀' x", "string@0-4 identifier@5-6 eof@6-6"],
  ])("places the tokens of %j", (text, expected) => {
    expect(tokensOf(text).join(" ")).toBe(expected);
  });

  it.each<[string, string]>([
    ["+ - * / % ^ == != < <= > >= </ >/ @ , =", "+ - * / % ^ == != < <= > >= </ >/ @ , = eof"],
    ["(a[5m:1m])", "( identifier [ duration : duration ] ) eof"],
    ["SUM bY Or Atan2 OFFSET start END Step", "sum by or atan2 offset start end step eof"],
    ["inf NaN +Inf", "number number + number eof"],
    ["min_of max_of range", "min_of max_of range eof"],
    ["fill + fill_left + fill_right", "identifier + identifier + identifier eof"],
    [
      "fill(1) fill_left \n(1) FILL_RIGHT(2)",
      "fill ( number ) fill_left ( number ) fill_right ( number ) eof",
    ],
    [
      "a{sum=\"\", by!=`x`, on=~'', offset!~''}",
      "identifier { identifier = string , identifier != string , identifier =~ string , identifier !~ string } eof",
    ],
    ["a{# comment\nb='c'}", "identifier { identifier = string } eof"],
    [
      "[step() + RANGE() * min_of(5m, 1)]",
      "[ step ( ) + range ( ) * min_of ( duration , number ) ] eof",
    ],
    ["[5m # comment\n: step()]", "[ duration : step ( ) ] eof"],
    ["1 .5 5. 1e3 1E-3 0x1F 0X_f 0755 1_000 1.5e+3", `${"number ".repeat(10)}eof`],
    [".5.5 0.10.5", "number number eof"],
    ["5m 1h30m 1y2w3d4h5m6s7ms 90m 5hs", `${"duration ".repeat(5)}eof`],
    ["\"\\a\\b\\f\\n\\r\\t\\v\\\\\\\"\\x41\\101\\u00e9\\U0001F600\" '\\''", "string string eof"],
    ["`\\\n\"'`", "string eof"],
    ["", "eof"],
  ])("reads %j", (text, expected) => {
    expect(kindsOf(text).join(" ")).toBe(expected);
  });

  it.each<[string, string]>([
    ["(", "error@1: unclosed left parenthesis"],
    [")", "error@1: unexpected right parenthesis ')'"],
    ["]", "error@0: unexpected right bracket ']'"],
    ["a[5m[", "error@4: unexpected left bracket '['"],
    ["a[[", "error@2: unexpected character in duration expression: '['"],
    ["a[5m", "error@4: unclosed left bracket"],
    ["a[", "error@2: unexpected end of input in duration expression"],
    ["a[#", "error@2: unexpected character in duration expression: '#'"],
    ["a[é", "error@2: unexpected character in duration expression: 'é'"],
    ["a[steps", "error@2: unexpected character in duration expression: 's'"],
    ["a[:5m]", "error@3: unexpected colon before duration in duration expression"],
    ["a[5m:1m:1m]", "error@7: unexpected colon ':'"],
    ["a[5m:x]", "error@5: unexpected character: 'x', expected ':'"],
    ["a{", "error@2: unexpected end of input inside braces"],
    ["a{{", "error@2: unexpected left brace '{'"],
    ["a{!b", "error@2: unexpected character after '!' inside braces: 'b'"],
    ["a{1", "error@2: unexpected character inside braces: '1'"],
    ["}", "error@0: unexpected character: '}'"],
    [".", "error@0: unexpected character: '.'"],
    ["a $", "error@2: unexpected character: '$'"],
    ["\u00a0", "error@0: unexpected character: '\\u00a0'"],
    ["😀", "error@0: unexpected character: '😀'"],
    ["=~", "error@0: unexpected character after '=': '~'"],
    ["a !b", "error@2: unexpected character after '!': 'b'"],
    ["!", "error@0: unexpected character after '!': '\ufffd'"],
    ['"a', "error@0: unterminated quoted string"],
    ['"a\n"', "error@0: unterminated quoted string"],
    ["`a", "error@0: unterminated raw string"],
    ['"\\', "error@0: escape sequence not terminated"],
    ['"\\x', "error@0: escape sequence not terminated"],
    ['"\\c"', "error@0: unknown escape sequence U+0063 'c'"],
    ["'\\\"'", "error@0: unknown escape sequence U+0022 '\"'"],
    ['"\\x1."', "error@0: illegal character U+002E '.' in escape sequence"],
    ['"\\400"', "error@0: escape sequence is an invalid Unicode code point"],
    ['"\\ud800"', "error@0: escape sequence is an invalid Unicode code point"],
    ['"\\U00110000"', "error@0: escape sequence is an invalid Unicode code point"],
    ['"\ud800"', "error@0: invalid UTF-8 rune"],
    ["`\ufffd`", "error@0: invalid UTF-8 rune"],
    ["1foo", 'error@0: bad number or duration syntax: "1"'],
    ["5mm", 'error@0: bad number or duration syntax: "5mm"'],
    ["5m1", 'error@0: bad number or duration syntax: "5m1"'],
    ["2.5.", 'error@0: bad number or duration syntax: "2.5."'],
    ["100..4", 'error@0: bad number or duration syntax: "100.."'],
    ["0deadbeef", 'error@0: bad number or duration syntax: "0de"'],
    ["1e", 'error@0: bad number or duration syntax: "1e"'],
    ["1_", 'error@0: bad number or duration syntax: "1_"'],
    ["1__0", 'error@0: bad number or duration syntax: "1__"'],
    ["0x1.5", 'error@0: bad number or duration syntax: "0x1."'],
  ])("cannot read %j", (text, expected) => {
    expect(tokensOf(text).at(-1)).toBe(expected);
  });
});
