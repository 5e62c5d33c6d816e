import { describe, expect, it } from "vitest";
import { Entry, type ExpositionFormat } from "./entry-parser.ts";
import { expositionFormatOf, openParser } from "./open-parser.ts";

describe("openParser", () => {
  it.each<[ExpositionFormat, Uint8Array]>([
    ["text-0.0.4", Buffer.from("a 1\n")],
    ["text-1.0.0", Buffer.from('{"a"} 1\n')],
    ["openmetrics-1.0.0", Buffer.from("a 1\n# EOF\n")],
    // name = "a", type = GAUGE, metric { gauge { value = 1 } }
    [
      "protobuf",
      Uint8Array.of(18, 10, 1, 97, 24, 1, 34, 11, 18, 9, 9, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f),
    ],
  ])("opens the parser of %s", (format, bytes) => {
    const parser = openParser(format, bytes);
    let kind = parser.next();
    while (kind === Entry.HELP || kind === Entry.TYPE) kind = parser.next();
    expect([kind, String(parser.labels()), parser.value, parser.next()]).toEqual([
      Entry.SERIES,
      "a",
      1,
      Entry.END,
    ]);
  });

  it("reads a view into a larger buffer", () => {
    const parser = openParser("text-0.0.4", Buffer.from("xx\na 1\n").subarray(3));
    parser.next();
    expect([String(parser.labels()), parser.line]).toEqual(["a", 1]);
  });
});

describe("expositionFormatOf", () => {
  it.each<[string | undefined, ExpositionFormat | undefined]>([
    ["text/plain", "text-0.0.4"],
    ["text/plain; version=0.0.4; charset=utf-8", "text-0.0.4"],
    ["text/plain;version=1.0.0;escaping=allow-utf-8", "text-1.0.0"],
    ["Text/Plain; VERSION=1.0.0", "text-1.0.0"],
    ['text/plain; version="1.0.0"', "text-1.0.0"],
    ["application/openmetrics-text; version=1.0.0; charset=utf-8", "openmetrics-1.0.0"],
    ["application/openmetrics-text;version=0.0.1", "openmetrics-1.0.0"],
    [
      "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited",
      "protobuf",
    ],
    ["text/html", undefined],
    ["application/json", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("takes %s for %s", (contentType, expected) => {
    expect(expositionFormatOf(contentType)).toBe(expected);
  });
});
