import { describe, expect, it } from "vitest";
import { Entry, type EntryParser } from "../entry-parser.ts";
import { TextParser } from "./text-parse.ts";

/** Every entry of an input, as plain data. */
function entriesOf(parser: EntryParser): unknown[] {
  const entries: unknown[] = [];
  for (;;) {
    const kind = parser.next();
    if (kind === Entry.END) return entries;
    if (kind === Entry.SERIES)
      entries.push([
        Buffer.from(parser.bytes).toString("utf8", parser.seriesStart, parser.seriesEnd),
        parser.labels().toJSON(),
        parser.value,
        ...(parser.hasTimestamp ? [parser.timestamp] : []),
      ]);
    else if (kind === Entry.HELP) entries.push(["HELP", parser.metricName(), parser.text()]);
    else if (kind === Entry.TYPE) entries.push(["TYPE", parser.metricName(), parser.metricType()]);
    else entries.push(["COMMENT", parser.text()]);
  }
}

function parse(text: string | Uint8Array, strict = false): unknown[] {
  return entriesOf(new TextParser(typeof text === "string" ? Buffer.from(text) : text, strict));
}

function problemOf(text: string | Uint8Array, strict = false): string {
  try {
    parse(text, strict);
  } catch (error) {
    return String(error);
  }
  return "no error";
}

describe("TextParser", () => {
  it.each<[string, string, unknown[]]>([
    ["a series without labels", "a 1\n", [["a", { __name__: "a" }, 1]]],
    ["a missing final line feed", "a 1", [["a", { __name__: "a" }, 1]]],
    ["an empty input", "", []],
    ["empty lines", "\n\n  \t\n", []],
    ["a timestamp", "a 1 1395066363000\n", [["a", { __name__: "a" }, 1, 1395066363000]]],
    ["a timestamp before 1970", "a 1 -5", [["a", { __name__: "a" }, 1, -5]]],
    ["labels", 'a{b="c",d="e"} 1', [['a{b="c",d="e"}', { __name__: "a", b: "c", d: "e" }, 1]]],
    ["no labels in braces", "a{} 1", [["a{}", { __name__: "a" }, 1]]],
    [
      "blanks everywhere",
      ' a \t{ b\t= "c" , } \t 1  2 \t',
      [['a \t{ b\t= "c" , }', { __name__: "a", b: "c" }, 1, 2]],
    ],
    ["a value right after the brace", 'a{b="c"}1', [['a{b="c"}', { __name__: "a", b: "c" }, 1]]],
    [
      "missing commas",
      'a{b="c"d="e"} 1',
      [['a{b="c"d="e"}', { __name__: "a", b: "c", d: "e" }, 1]],
    ],
    [
      "escapes",
      'a{b="\\\\ \\" \\n \\z"} 1',
      [['a{b="\\\\ \\" \\n \\z"}', { __name__: "a", b: '\\ " \n \\z' }, 1]],
    ],
    [
      "a line feed in quotes",
      'a{b="x\ny"} 1\nc 2',
      [
        ['a{b="x\ny"}', { __name__: "a", b: "x\ny" }, 1],
        ["c", { __name__: "c" }, 2],
      ],
    ],
    ["a name in quotes", '{"a.b",c="d"} 1', [['{"a.b",c="d"}', { __name__: "a.b", c: "d" }, 1]]],
    [
      "a name in quotes at the end",
      '{c="d","a.b"} 1',
      [['{c="d","a.b"}', { __name__: "a.b", c: "d" }, 1]],
    ],
    [
      "label names in quotes",
      'a{"b.\\"c"="d"} 1',
      [['a{"b.\\"c"="d"}', { __name__: "a", 'b."c': "d" }, 1]],
    ],
    ["an empty label value, which is no label", 'a{b=""} 1', [['a{b=""}', { __name__: "a" }, 1]]],
    ["letters beyond ASCII", 'a{b="ü€😀"} 1', [['a{b="ü€😀"}', { __name__: "a", b: "ü€😀" }, 1]]],
    ["a colon in the name", "a:b 1", [["a:b", { __name__: "a:b" }, 1]]],
    [
      "special values",
      "a NaN\na +Inf\na -inf\na Infinity",
      [
        ["a", { __name__: "a" }, Number.NaN],
        ["a", { __name__: "a" }, Number.POSITIVE_INFINITY],
        ["a", { __name__: "a" }, Number.NEGATIVE_INFINITY],
        ["a", { __name__: "a" }, Number.POSITIVE_INFINITY],
      ],
    ],
    ["HELP with escapes", '# HELP a x \\\\ \\n \\" y\n', [["HELP", "a", 'x \\ \n \\" y']]],
    [
      "HELP without text",
      "# HELP a\n# HELP b ",
      [
        ["HELP", "a", ""],
        ["HELP", "b", ""],
      ],
    ],
    ["HELP with odd blanks", "#\t HELP \ta\t two  blanks", [["HELP", "a", " two  blanks"]]],
    ["HELP of a name in quotes", '# HELP "a.b" x', [["HELP", "a.b", "x"]]],
    [
      "repeated HELP",
      "# HELP a x\n# HELP a y",
      [
        ["HELP", "a", "x"],
        ["HELP", "a", "y"],
      ],
    ],
    [
      "every type",
      "# TYPE a counter\n# TYPE a gauge\n# TYPE a histogram\n# TYPE a summary\n# TYPE a untyped",
      ["counter", "gauge", "histogram", "summary", "unknown"].map((t) => ["TYPE", "a", t]),
    ],
    [
      "comments",
      "# x\n#\n#HELP a b\n# HELP\n# UNIT a b",
      [
        ["COMMENT", " x"],
        ["COMMENT", ""],
        ["COMMENT", "HELP a b"],
        ["COMMENT", " HELP"],
        ["COMMENT", " UNIT a b"],
      ],
    ],
    ["a NUL byte in quotes", 'a{b="\0"} 1', [['a{b="\0"}', { __name__: "a", b: "\0" }, 1]]],
  ])("reads %s", (_, text, expected) => {
    expect(parse(text)).toEqual(expected);
  });
});

describe("TextParser on large and odd input", () => {
  it("reads as many labels as there are", () => {
    const names = Array.from({ length: 100 }, (_, i) => `l${i}`);
    const series = `a{${names.map((name, i) => `${name}="${i}"`).join(",")}}`;
    const labels = Object.fromEntries([
      ["__name__", "a"],
      ...names.map((name, i) => [name, `${i}`]),
    ]);
    expect(parse(`${series} 1\nb 2\n`)).toEqual([
      [series, labels, 1],
      ["b", { __name__: "b" }, 2],
    ]);
  });

  it("has nothing to give beside floats", () => {
    const parser = new TextParser(Buffer.from("a 1\n"));
    parser.next();
    expect([parser.exemplars(), parser.createdTimestamp()]).toEqual([[], undefined]);
    expect(() => parser.histogram()).toThrow(TypeError);
  });
});

describe("TextParser errors", () => {
  it.each<[string, string | Uint8Array, string]>([
    [
      "a line that begins with something else",
      "a 1\n 1 2\n",
      '2:2: expected a metric name, "{", a comment or an empty line, found "1"',
    ],
    [
      "a NUL byte between lines",
      "a 1\n\0b 2",
      '2:1: expected a metric name, "{", a comment or an empty line, found "\\u0000b"',
    ],
    [
      "a missing value",
      "a\n",
      "1:2: expected a number as the value of the series, found the end of the line",
    ],
    [
      "a value that overflows",
      "a 1e400",
      '1:3: expected a number as the value of the series, found "1e400"',
    ],
    [
      "a hexadecimal value",
      "a 0x1p-3",
      '1:3: expected a number as the value of the series, found "0x1p-3"',
    ],
    [
      "a carriage return",
      "a 1\r\n",
      '1:3: expected a number as the value of the series, found "1\\r"',
    ],
    [
      "a fraction in the timestamp",
      "a 1 1.5",
      '1:5: expected a timestamp in whole milliseconds or the end of the line, found "1.5"',
    ],
    [
      "a timestamp beyond 64 bits",
      "a 1 99999999999999999999",
      '1:5: expected a timestamp in whole milliseconds or the end of the line, found "99999999999999999999"',
    ],
    [
      "text after the timestamp",
      "a 1 1 # {}",
      '1:7: expected the end of the line after the timestamp, found "#"',
    ],
    ["no label name", 'a{="b"} 1', '1:3: expected a label name, found "=\\"b\\"}"'],
    ["two commas", 'a{b="c",,} 1', '1:9: expected a label name, found ",}"'],
    ["no equals sign", 'a{b"c"} 1', '1:4: expected "=" after the label name, found "\\"c\\"}"'],
    ["no quotes", "a{b=c} 1", '1:5: expected a label value in double quotes, found "c}"'],
    [
      "a brace not closed",
      'a{b="c"',
      '1:8: expected "," or "}" after the label value, found the end of the input',
    ],
    [
      "a brace not closed on its line",
      'a{b="c"\n} 1',
      '1:8: expected "," or "}" after the label value, found the end of the line',
    ],
    [
      "a quote not closed",
      'a{b="c} 1\n',
      "1:5: a quoted text is not closed before the end of the input",
    ],
    [
      "a backslash at the end of a line",
      'a{b="c\\\n"} 1\n',
      "1:7: a backslash stands at the end of the line",
    ],
    ["a name given twice", 'a{"b"} 1', "1:4: the metric name is given twice"],
    [
      "no name",
      '{b="c"} 1',
      "1:1: the series has no metric name: expected it before or, in quotes, between the braces",
    ],
    ["an empty name", '{""} 1', "1:3: a metric name must not be empty"],
    [
      "bytes that are not UTF-8",
      Uint8Array.of(...Buffer.from('a{b="'), 0xff, ...Buffer.from('"} 1')),
      "1:5: a quoted text is not valid UTF-8",
    ],
    [
      "help that is not UTF-8",
      Uint8Array.of(...Buffer.from("# HELP a "), 0xff),
      "1:10: the help text is not valid UTF-8",
    ],
    [
      "HELP without a name",
      "# HELP \n",
      "1:8: expected a metric name after HELP, found the end of the line",
    ],
    [
      "an unknown type",
      "# TYPE a gauges",
      '1:10: expected one blank and then one of counter, gauge, histogram, summary, untyped, found "gauges"',
    ],
  ])("reports %s with its place", (_, text, expected) => {
    expect(problemOf(text)).toBe(`ExpositionError: ${expected}`);
  });

  it.each<[string, string]>([
    ["a missing comma", 'a{b="c"d="e"} 1'],
    ["a line feed in quotes", 'a{b="c\nd"} 1'],
    ["a blank after the value", "a 1 "],
    ["a blank after the timestamp", "a 1 1 "],
  ])("refuses %s only when it is strict", (_, text) => {
    expect([problemOf(text), problemOf(text, true).startsWith("ExpositionError")]).toEqual([
      "no error",
      true,
    ]);
  });

  it("goes on after the line with the error", () => {
    const parser = new TextParser(Buffer.from('a{b="x\ny"} z\nc{ 1\nd 1\n'));
    const lines: number[] = [];
    for (let kind = -1; kind !== Entry.END; ) {
      try {
        kind = parser.next();
      } catch (error) {
        lines.push((error as { line: number }).line);
      }
      if (kind === Entry.SERIES) lines.push(parser.line);
    }
    expect(lines).toEqual([2, 3, 4]);
  });
});
