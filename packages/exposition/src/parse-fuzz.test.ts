import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Entry, ExpositionError, type ExpositionFormat } from "./entry-parser.ts";
import { openParser } from "./open-parser.ts";
import { checkFamilies } from "./parse-families.ts";

// Text 1.0.0 has the parser of text 0.0.4.
const FORMATS: ExpositionFormat[] = ["text-0.0.4", "openmetrics-1.0.0", "protobuf"];

const DOCUMENT = `# HELP a_total Things \\\\ \\n.
# TYPE a_total counter
a_total{b="c",d="\\"é😀"} 1 10
# TYPE h histogram
h_bucket{le="1.0"} 1 # {trace_id="x"} 0.5 1.5
h_bucket{le="+Inf"} 2
h_count 2
h_sum 3
# TYPE s summary
s{quantile="0.5"} NaN
{"u.v","w x"="y"} 1e-5
# EOF
`;

// What means something to one parser or another, and bytes that mean nothing to any.
const PIECES = [
  "{",
  "}",
  '"',
  ",",
  "=",
  "\\",
  "\n",
  " ",
  "\t",
  "\0",
  "\r",
  "#",
  "# EOF\n",
  "1",
  "NaN",
  "é",
  "\ud83d",
  "h_bucket",
  "# TYPE ",
];

const mutated = fc
  .array(fc.tuple(fc.nat(DOCUMENT.length), fc.nat(3), fc.constantFrom(...PIECES)), { maxLength: 8 })
  .map((changes) =>
    changes.reduce(
      (text, [at, removed, piece]) => text.slice(0, at) + piece + text.slice(at + removed),
      DOCUMENT,
    ),
  );

/** Reads all entries with everything that hangs on them; how many there were until the end or the first error. */
function readEntries(format: ExpositionFormat, bytes: Uint8Array): number {
  const parser = openParser(format, bytes);
  for (let count = 0; ; count++) {
    try {
      const kind = parser.next();
      if (kind === Entry.END) return count;
      if (kind === Entry.SERIES || kind === Entry.HISTOGRAM) {
        parser.labels();
        parser.exemplars();
      } else {
        parser.text();
      }
    } catch (error) {
      if (error instanceof ExpositionError) return count;
      throw error;
    }
  }
}

describe.each(FORMATS)("the parsers of %s", (format) => {
  it("end by a result or an ExpositionError whatever the document is", () => {
    const property = fc.property(mutated, fc.nat(), (text, cut) => {
      const bytes = Buffer.from(text).subarray(
        0,
        cut % 2 === 0 ? undefined : cut % DOCUMENT.length,
      );
      readEntries(format, bytes);
      checkFamilies(format, bytes);
    });
    fc.assert(property, { seed: 42, numRuns: 2000 });
  });

  it("end by a result or an ExpositionError whatever the bytes are", () => {
    const property = fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      readEntries(format, bytes);
      checkFamilies(format, bytes);
    });
    fc.assert(property, { seed: 42, numRuns: 2000 });
  });

  it.each(["a", '"', "\\", "\n", "{", "\x80", 'a{b="', 'a{b="\n', "a 1\n"])(
    "end on 10 MB of %j, with few problems",
    (piece) => {
      const bytes = Buffer.alloc(10_000_000, piece, "latin1");
      readEntries(format, bytes);
      expect(checkFamilies(format, bytes).problems.length).toBeLessThanOrEqual(100);
    },
    60_000,
  );

  it.each(["x", "\\\\", '\\"'])(
    "end on one help text of 20 MB of %j",
    (piece) => {
      const help = Buffer.alloc(20_000_000, piece, "latin1");
      const bytes = Buffer.concat([Buffer.from("# HELP a "), help, Buffer.from("\n")]);
      expect(() => checkFamilies(format, bytes)).not.toThrow();
    },
    60_000,
  );
});

describe("the family view", () => {
  it("has problems wherever the entries cannot be read", () => {
    const property = fc.property(
      mutated,
      fc.constantFrom(...FORMATS.slice(0, 2)),
      (text, format) => {
        const bytes = Buffer.from(text);
        const parser = openParser(format, bytes);
        let fails = false;
        try {
          while (parser.next() !== Entry.END);
        } catch {
          fails = true;
        }
        if (fails) expect(checkFamilies(format, bytes).problems).not.toEqual([]);
      },
    );
    fc.assert(property, { seed: 42, numRuns: 2000 });
  });

  it("reports places that are in the input", () => {
    const property = fc.property(
      mutated,
      fc.constantFrom(...FORMATS.slice(0, 2)),
      (text, format) => {
        const lines = Buffer.from(text).toString("latin1").split("\n");
        for (const { line, column } of checkFamilies(format, text).problems) {
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeLessThanOrEqual((lines[line - 1] ?? "").length + 1);
          expect(Math.min(line, column)).toBeGreaterThanOrEqual(1);
        }
      },
    );
    fc.assert(property, { seed: 42, numRuns: 2000 });
  });
});
