import { Labels, type MetricType } from "@linklight/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Entry } from "./entry-parser.ts";
import { type HistoryFamily, type HistoryGrid, HistoryWriter } from "./history-writer.ts";
import { OpenMetricsParser } from "./parse/openmetrics-parse.ts";
import type { Line } from "./table.ts";

const GRID: HistoryGrid = { fromMs: 1_700_000_000_000, stepMs: 15_000, count: 3 };
const ONE_LINE: readonly Line[] = [{ suffix: "" }];

/** A family whose series have these values: of each series, moment by moment, line by line. */
function family(
  name: string,
  type: MetricType,
  series: readonly (readonly [Record<string, string>, readonly number[]])[],
  { lines = ONE_LINE, unit = "", help = "" } = {},
): HistoryFamily {
  return {
    ...{ name, type, help, unit, lines },
    *series() {
      for (const [labels, all] of series) {
        const fill = (values: Float64Array, first: number, count: number): void =>
          values.set(all.slice(first * lines.length, (first + count) * lines.length));
        yield { labels: Labels.from(labels), fill };
      }
    },
  };
}

function write(
  families: readonly HistoryFamily[],
  grid = GRID,
  options: { blockSize?: number; windowSize?: number } = {},
): string {
  const writer = new HistoryWriter(families, grid, options);
  const blocks: Uint8Array[] = [];
  for (let block = writer.next(); block !== undefined; block = writer.next()) blocks.push(block);
  return Buffer.concat(blocks).toString();
}

describe("HistoryWriter", () => {
  it("writes family by family, series by series, time ascending", () => {
    const counter = family(
      "rx_bytes_total",
      "counter",
      [
        [{ port: "1", job: "a" }, [0, 1500, 1e10]],
        [{ port: "2", job: "a" }, [1, 2.5, 3]],
      ],
      { unit: "bytes", help: 'Bytes "in"' },
    );
    const gauge = family("température", "gauge", [[{}, [-1, 0.1, 20]]]);
    expect(write([counter, gauge])).toBe(`# HELP rx_bytes Bytes \\"in\\"
# TYPE rx_bytes counter
# UNIT rx_bytes bytes
rx_bytes_total{job="a",port="1"} 0.0 1700000000
rx_bytes_total{job="a",port="1"} 1500.0 1700000015
rx_bytes_total{job="a",port="1"} 1e+10 1700000030
rx_bytes_total{job="a",port="2"} 1.0 1700000000
rx_bytes_total{job="a",port="2"} 2.5 1700000015
rx_bytes_total{job="a",port="2"} 3.0 1700000030
# TYPE temp_rature gauge
temp_rature -1.0 1700000000
temp_rature 0.1 1700000015
temp_rature 20.0 1700000030
# EOF
`);
  });

  it("leaves out a moment whose value is NaN", () => {
    expect(write([family("up", "gauge", [[{}, [1, Number.NaN, 0]]])])).toBe(`# TYPE up gauge
up 1.0 1700000000
up 0.0 1700000030
# EOF
`);
  });

  it("keeps the lines of a moment together", () => {
    const lines = [
      { suffix: "_bucket", label: "le", value: 64 },
      { suffix: "_bucket", label: "le", value: Number.POSITIVE_INFINITY },
      { suffix: "_sum" },
      { suffix: "_count" },
    ];
    const sizes = family(
      "size_bytes",
      "histogram",
      [[{ port: "1" }, [0, 1, 99, 1, 1, 2, 150, 2]]],
      {
        lines,
      },
    );
    expect(write([sizes], { ...GRID, count: 2 })).toBe(`# TYPE size_bytes histogram
size_bytes_bucket{le="64.0",port="1"} 0.0 1700000000
size_bytes_bucket{le="+Inf",port="1"} 1.0 1700000000
size_bytes_sum{port="1"} 99.0 1700000000
size_bytes_count{port="1"} 1.0 1700000000
size_bytes_bucket{le="64.0",port="1"} 1.0 1700000015
size_bytes_bucket{le="+Inf",port="1"} 2.0 1700000015
size_bytes_sum{port="1"} 150.0 1700000015
size_bytes_count{port="1"} 2.0 1700000015
# EOF
`);
  });

  it("writes milliseconds where a moment has some", () => {
    const grid = { fromMs: 1_700_000_000_000, stepMs: 250, count: 3 };
    expect(write([family("a", "gauge", [[{}, [1, 2, 3]]])], grid)).toBe(`# TYPE a gauge
a 1.0 1700000000
a 2.0 1700000000.250
a 3.0 1700000000.500
# EOF
`);
  });

  it("writes an exposition without samples for no families, no series or no moments", () => {
    expect(write([])).toBe("# EOF\n");
    expect(write([family("a", "info", [])])).toBe("# TYPE a info\n# EOF\n");
    expect(write([family("a", "gauge", [[{}, []]])], { ...GRID, count: 0 })).toBe(
      "# TYPE a gauge\n# EOF\n",
    );
  });

  it("counts samples, and series that have some", () => {
    const writer = new HistoryWriter(
      [
        family("a", "gauge", [
          [{ b: "1" }, [1, Number.NaN, 3]],
          [{ b: "2" }, [1, 2, 3]],
          [{ b: "3" }, [Number.NaN, Number.NaN, Number.NaN]],
        ]),
      ],
      GRID,
    );
    while (writer.next() !== undefined);
    expect([writer.samples, writer.series]).toEqual([5, 2]);
  });

  it("ends a block where a series is not ready yet", () => {
    const slow: HistoryFamily = {
      ...family("a", "gauge", []),
      *series() {
        yield undefined;
        yield undefined;
        yield* family("a", "gauge", [[{}, [1, 2, 3]]]).series();
      },
    };
    const writer = new HistoryWriter([slow], { ...GRID, count: 1 });
    const blocks = [writer.next(), writer.next(), writer.next(), writer.next()];
    expect(blocks.map((block) => block && Buffer.from(block).toString())).toEqual([
      "# TYPE a gauge\n",
      "",
      "a 1.0 1700000000\n# EOF\n",
      undefined,
    ]);
  });

  it.each([{ stepMs: 0 }, { stepMs: 0.5 }, { count: -1 }, { fromMs: Number.NaN }])(
    "refuses a grid with %o",
    (wrong) => {
      expect(() => new HistoryWriter([], { ...GRID, ...wrong })).toThrow(RangeError);
    },
  );

  it("writes the same bytes whatever the size of blocks and windows, and is read back", () => {
    const values = fc.array(
      fc.oneof(fc.double({ noNaN: true }), fc.constant(Number.NaN), fc.integer()),
      { minLength: 7, maxLength: 7 },
    );
    const anySeries = fc.uniqueArray(fc.tuple(fc.string({ unit: "grapheme" }), values), {
      selector: ([text]) => text,
      maxLength: 4,
    });
    fc.assert(
      fc.property(
        anySeries,
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 100_000 }),
        (all, blockSize, windowSize, stepMs) => {
          const grid = { fromMs: 1_700_000_000_000, stepMs, count: 7 };
          const families = [
            family(
              "a_é",
              "gauge",
              all.map(([text, list]) => [{ text }, list] as const),
            ),
          ];
          const text = write(families, grid);
          expect(write(families, grid, { blockSize, windowSize })).toBe(text);
          const expected = all.flatMap(([label, list]) =>
            list.flatMap((value, i) =>
              Number.isNaN(value) ? [] : [[label, value, grid.fromMs + i * stepMs]],
            ),
          );
          expect(read(text)).toEqual(expected);
        },
      ),
      { seed: 42 },
    );
  });
});

function read(text: string): unknown[] {
  const parser = new OpenMetricsParser(Buffer.from(text));
  const samples: unknown[] = [];
  for (let entry = parser.next(); entry !== Entry.END; entry = parser.next()) {
    if (entry !== Entry.SERIES) continue;
    samples.push([parser.labels().get("text"), parser.value, parser.timestamp]);
  }
  return samples;
}
