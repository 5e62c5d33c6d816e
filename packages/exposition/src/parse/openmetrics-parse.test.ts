import { describe, expect, it } from "vitest";
import { Entry, ExpositionError } from "../entry-parser.ts";
import { OpenMetricsParser } from "./openmetrics-parse.ts";

function parse(text: string | Uint8Array, strict = false): unknown[] {
  const parser = new OpenMetricsParser(typeof text === "string" ? Buffer.from(text) : text, strict);
  const entries: unknown[] = [];
  for (;;) {
    const kind = parser.next();
    if (kind === Entry.END) return entries;
    if (kind === Entry.SERIES) {
      const series = parser.bytes.toString("utf8", parser.seriesStart, parser.seriesEnd);
      const exemplars = parser.exemplars().map((e) => ({ ...e, labels: e.labels.toJSON() }));
      entries.push([
        series,
        parser.labels().toJSON(),
        parser.value,
        ...(parser.hasTimestamp ? [parser.timestamp] : []),
        ...exemplars,
      ]);
    } else if (kind === Entry.TYPE) {
      entries.push(["TYPE", parser.metricName(), parser.metricType()]);
    } else {
      entries.push([kind === Entry.HELP ? "HELP" : "UNIT", parser.metricName(), parser.text()]);
    }
  }
}

function problemOf(text: string | Uint8Array, strict = false): string {
  try {
    parse(text, strict);
    return "none";
  } catch (error) {
    return error instanceof ExpositionError ? error.message : String(error);
  }
}

describe("OpenMetricsParser", () => {
  it.each<[string, string, unknown[]]>([
    ["nothing but the end", "# EOF\n", []],
    ["an end without line feed", "# EOF", []],
    ["a series", "a 1\n# EOF\n", [["a", { __name__: "a" }, 1]]],
    [
      "labels",
      'a{b="c",d="\\"\\\\\\n\\z"} 1\n# EOF\n',
      [['a{b="c",d="\\"\\\\\\n\\z"}', { __name__: "a", b: "c", d: '"\\\n\\z' }, 1]],
    ],
    [
      "a comma after the last label",
      'a{b="c",} 1\n# EOF\n',
      [['a{b="c",}', { __name__: "a", b: "c" }, 1]],
    ],
    [
      "a name in quotes",
      '{"a.b","c.d"="e"} 1\n# EOF\n',
      [['{"a.b","c.d"="e"}', { __name__: "a.b", "c.d": "e" }, 1]],
    ],
    [
      "seconds as milliseconds",
      "a 1 1.001\na 1 -2\na 1 1e3\na 1 0.0015\n# EOF\n",
      [
        ["a", { __name__: "a" }, 1, 1001],
        ["a", { __name__: "a" }, 1, -2000],
        ["a", { __name__: "a" }, 1, 1_000_000],
        ["a", { __name__: "a" }, 1, 1],
      ],
    ],
    [
      "an exemplar",
      'a 1 # {t="x"} 0.5\n# EOF\n',
      [["a", { __name__: "a" }, 1, { labels: { t: "x" }, value: 0.5 }]],
    ],
    [
      "an exemplar with a timestamp, after one",
      "a 1 2 # {} 0.5 10.00025\n# EOF\n",
      [["a", { __name__: "a" }, 1, 2000, { labels: {}, value: 0.5, timestamp: 10_000.25 }]],
    ],
    [
      "metadata",
      '# TYPE a_s gauge\n# UNIT a_s s\n# HELP a_s x \\n \\" \\\\ \\q\n# UNIT b \n# EOF\n',
      [
        ["TYPE", "a_s", "gauge"],
        ["UNIT", "a_s", "s"],
        ["HELP", "a_s", 'x \n " \\ \\q'],
        ["UNIT", "b", ""],
      ],
    ],
    [
      "metadata of a name in quotes",
      '# TYPE "a.b" stateset\n# EOF\n',
      [["TYPE", "a.b", "stateset"]],
    ],
  ])("reads %s", (_, text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  it.each<[string, string | Uint8Array, string]>([
    [
      "a missing end",
      "a 1\n",
      '2:1: expected "# EOF" as the last line, found the end of the input',
    ],
    [
      "a missing end after an unfinished line",
      "a 1",
      '1:4: expected the end of the line, and "# EOF" as the last line, found the end of the input',
    ],
    ["something after the end", "# EOF\na 1\n", '2:1: expected nothing after "# EOF", found "a"'],
    [
      "something on the line of the end",
      "# EOFx",
      '1:6: expected nothing after "# EOF", found "x"',
    ],
    [
      "an empty line",
      "\n# EOF\n",
      '1:1: expected a metric name, "{", "# HELP", "# TYPE", "# UNIT" or "# EOF", found the end of the line',
    ],
    [
      "a comment",
      "# x\n# EOF\n",
      '1:1: expected "# HELP ", "# TYPE ", "# UNIT " or "# EOF" (there are no comments), found "#"',
    ],
    [
      "two blanks",
      "a  1\n# EOF\n",
      "1:3: expected a number as the value of the series, found a blank",
    ],
    [
      "no blank",
      'a{b="c"}1\n# EOF\n',
      '1:9: expected one blank and a number as the value of the series, found "1"',
    ],
    [
      "a blank at the end",
      "a 1 \n# EOF\n",
      "1:5: expected a number as the timestamp in seconds, found the end of the line",
    ],
    [
      "a timestamp that is none",
      "a 1 NaN\n# EOF\n",
      '1:5: expected a timestamp in seconds, found "NaN"',
    ],
    ["a blank in braces", 'a{ b="c"} 1\n# EOF\n', "1:3: expected a label name, found a blank"],
    [
      "an exemplar without a blank",
      "a 1 #{} 1\n# EOF\n",
      '1:6: expected a blank after "#", found "{}"',
    ],
    [
      "an exemplar without labels",
      "a 1 # 1\n# EOF\n",
      '1:7: expected "{" before the labels of an exemplar, found "1"',
    ],
    [
      "an exemplar with a name",
      'a 1 # {"b"} 1\n# EOF\n',
      '1:11: expected "=" after the label name, found "}"',
    ],
    [
      "an exemplar without a value",
      "a 1 # {}\n# EOF\n",
      "1:9: expected one blank and a number as the value of the exemplar, found the end of the line",
    ],
    [
      "text after an exemplar",
      "a 1 # {} 1 2 3\n# EOF\n",
      "1:13: expected the end of the line, found a blank",
    ],
    [
      "text after a timestamp",
      "a 1 2 3\n# EOF\n",
      '1:6: expected " # {" before an exemplar, or the end of the line, found a blank',
    ],
    [
      "HELP without text",
      "# HELP a\n# EOF\n",
      "1:9: expected one blank after the metric name, found the end of the line",
    ],
    [
      "TYPE of text 0.0.4",
      "# TYPE a untyped\n# EOF\n",
      '1:10: expected one of counter, gauge, histogram, gaugehistogram, summary, info, stateset, unknown, found "untyped"',
    ],
    [
      "a unit that does not end the name",
      "# UNIT a s\n# EOF\n",
      '1:10: the unit "s" must end the metric name a, after an underscore',
    ],
    [
      "bytes that are not UTF-8",
      Uint8Array.of(...Buffer.from('a{b="'), 0xc0, ...Buffer.from('"} 1\n')),
      "1:5: a quoted text is not valid UTF-8",
    ],
    [
      "a carriage return",
      "# TYPE a gauge\r\n# EOF\n",
      '1:10: expected one of counter, gauge, histogram, gaugehistogram, summary, info, stateset, unknown, found "gauge\\r"',
    ],
  ])("reports %s", (_, text, expected) => {
    expect(problemOf(text)).toBe(expected);
  });

  it("refuses a comma after the last label only when it is strict", () => {
    const text = 'a{b="c",} 1\n# EOF\n';
    expect([problemOf(text), problemOf(text, true)]).toEqual([
      "none",
      '1:9: expected a label after the comma, found "}"',
    ]);
  });

  it("goes on after the line with the error, and ends once", () => {
    const parser = new OpenMetricsParser(Buffer.from("a x\nb 1\nc"));
    const seen: unknown[] = [];
    for (let kind = -1; kind !== Entry.END; ) {
      try {
        kind = parser.next();
        seen.push(kind);
      } catch (error) {
        seen.push((error as ExpositionError).line);
      }
    }
    expect(seen).toEqual([1, Entry.SERIES, 3, Entry.END]);
  });
});
