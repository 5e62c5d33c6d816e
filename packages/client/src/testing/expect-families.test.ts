import { AssertionError } from "node:assert";
import { Labels } from "@linklight/model";
import { describe, expect, it } from "vitest";
import type { CollectedFamily, Collector } from "../collector.ts";
import { HistogramFamily } from "../family/histogram-family.ts";
import { CounterFamily, GaugeFamily } from "../family/number-family.ts";
import { StateSetFamily } from "../family/state-set-family.ts";
import { SummaryFamily } from "../family/summary-family.ts";
import { Counter } from "../instrument/counter.ts";
import { collectText } from "./collect-text.ts";
import { expectFamilies } from "./expect-families.ts";

function collector(...families: readonly CollectedFamily[]): Collector {
  return { name: "ports", collect: () => families };
}

const levels = (): GaugeFamily<"port" | "speed"> =>
  new GaugeFamily({
    name: "buffer_level_bytes",
    help: "The number of bytes stored in a buffer",
    labelNames: ["port", "speed"],
  })
    .add({ port: "1", speed: "100GBPS" }, 2e6)
    .add({ port: "2", speed: "50GBPS" }, 8);
const packets = (): CounterFamily =>
  new CounterFamily({ name: "rx_packets_total", help: "The number of packets received" }).add(
    {},
    20,
  );

async function failureOf(run: Promise<void>): Promise<AssertionError> {
  const error: unknown = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AssertionError)) throw new Error("no AssertionError", { cause: error });
  return error;
}

describe("expectFamilies", () => {
  it.each([
    [
      "the same text",
      `# HELP buffer_level_bytes The number of bytes stored in a buffer
# TYPE buffer_level_bytes gauge
buffer_level_bytes{port="1",speed="100GBPS"} 2e+06
buffer_level_bytes{port="2",speed="50GBPS"} 8
# HELP rx_packets_total The number of packets received
# TYPE rx_packets_total counter
rx_packets_total 20
`,
    ],
    [
      "another order of families, series and labels",
      `rx_packets_total 20
       buffer_level_bytes{speed="50GBPS",port="2"} 8
       buffer_level_bytes{speed="100GBPS",port="1"} 2e6`,
    ],
    [
      "other spellings of numbers, comments, blanks",
      `
       # a comment
       rx_packets_total   2.0e1

       # TYPE buffer_level_bytes gauge
       buffer_level_bytes{ port="1", speed="100GBPS", } 2000000.0
       buffer_level_bytes{port="2",speed="50GBPS"} +8.0   `,
    ],
  ])("accepts %s", async (_, text) => {
    await expect(expectFamilies(collector(levels(), packets()), text)).resolves.toBeUndefined();
  });

  it("shows what is missing, what is too much, and what has another value", async () => {
    const { message } = await failureOf(
      expectFamilies(
        collector(levels(), packets()),
        `# TYPE buffer_level_bytes counter
         # HELP buffer_level_bytes The number of bytes stored in a buffer
         buffer_level_bytes{port="1",speed="100GBPS"} 3
         buffer_level_bytes{port="3",speed="50GBPS"} 8`,
      ),
    );
    expect(message).toBe(`collector ports does not show what is expected (- expected, + collected)

- # TYPE buffer_level_bytes counter
+ # TYPE buffer_level_bytes gauge
- buffer_level_bytes{port="1",speed="100GBPS"} 3
+ buffer_level_bytes{port="1",speed="100GBPS"} 2e+06
- buffer_level_bytes{port="3",speed="50GBPS"} 8
+ buffer_level_bytes{port="2",speed="50GBPS"} 8
+ rx_packets_total 20
  (1 line is as expected)
`);
  });

  it("compares help texts where they are given", async () => {
    const { message } = await failureOf(
      expectFamilies(
        collector(packets()),
        "# HELP rx_packets_total Packets\nrx_packets_total 20\n",
      ),
    );
    expect(message).toContain(
      "- # HELP rx_packets_total Packets\n+ # HELP rx_packets_total The number of packets received\n",
    );
  });

  it("compares some families only, if told so", async () => {
    await expectFamilies(collector(levels(), packets()), "rx_packets_total 20", {
      names: ["rx_packets_total"],
    });
  });

  it("knows histograms and summaries whose types the text leaves out", async () => {
    const sizes = new HistogramFamily({ name: "size_bytes", help: "", buckets: [64, 1518] }).add(
      {},
      { counts: [10, 5, 1], sum: 9000 },
    );
    const delays = new SummaryFamily({ name: "delay_seconds", help: "", quantiles: [0.5] }).add(
      {},
      { sum: 3, count: 2, values: [1.5] },
    );
    await expectFamilies(
      collector(sizes, delays),
      `size_bytes_bucket{le="64.0"} 10
       size_bytes_bucket{le="1518"} 15
       size_bytes_bucket{le="+Inf"} 16
       size_bytes_sum 9000
       size_bytes_count 16
       delay_seconds{quantile="0.50"} 1.5
       delay_seconds_sum 3
       delay_seconds_count 2`,
    );
  });

  it("takes a family without series for none, unless it is expected", async () => {
    const empty = new GaugeFamily({ name: "empty", help: "Nothing yet", labelNames: ["port"] });
    await expectFamilies(collector(packets(), empty), "rx_packets_total 20");
    await expectFamilies(collector(packets(), empty), "rx_packets_total 20\n# TYPE empty gauge");
  });

  it("finds families that are expected and not there", async () => {
    const { message } = await failureOf(expectFamilies(collector(), 'up{a="1"} 1'));
    expect(message).toContain('\n- up{a="1"} 1\n');
  });

  it("compares explicit timestamps", async () => {
    const timed = new GaugeFamily({ name: "a", help: "" }).add({}, 1, { timestamp: 1000 });
    const { message } = await failureOf(expectFamilies(collector(timed), "a 1"));
    expect(message).toContain("- a 1\n+ a 1 1000\n");
  });

  it("reads instruments too", async () => {
    const counter = new Counter({ name: "frames_total", help: "Frames" });
    counter.inc(3);
    await expectFamilies(counter, "frames_total 3");
    const { message } = await failureOf(expectFamilies(counter, "frames_total 4"));
    expect(message).toContain("metric frames_total does not show what is expected");
  });

  it("reads names beyond the old character set", async () => {
    const dotted = new GaugeFamily({ name: "http.load", help: "", utf8: true }).add({}, 1);
    await expectFamilies(collector(dotted), '{"http.load"} 1');
  });

  it("carries both texts for test runners that show them", async () => {
    const { actual, expected, code } = await failureOf(
      expectFamilies(collector(packets()), "rx_packets_total 21"),
    );
    expect({ actual, expected, code }).toEqual({
      actual: "rx_packets_total 20\n",
      expected: "rx_packets_total 21\n",
      code: "ERR_ASSERTION",
    });
  });

  it("says where the expected text is none", async () => {
    await expect(expectFamilies(collector(), "a 1\n  b one\n")).rejects.toThrow(
      'the expected text is no exposition: line 2: expected a number as the value of the series, found "one"\n  b one',
    );
  });

  it.each([
    [
      "throws",
      {
        name: "ports",
        collect: (): never => {
          throw new Error("no such switch");
        },
      },
      "collector ports failed, its families are left out: no such switch",
    ],
    [
      "repeats a series",
      collector(packets(), packets()),
      "collector ports failed, its families are left out: family rx_packets_total: duplicate series {}",
    ],
    [
      "yields a bad name",
      collector({
        name: "a-b",
        type: "gauge",
        help: "",
        unit: "",
        metrics: [{ labels: Labels.EMPTY, value: 1 }],
      }),
      "a-b",
    ],
  ])("rejects a collector that %s", async (_, bad, reason) => {
    await expect(expectFamilies(bad, "a 1")).rejects.toThrow(reason);
  });
});

describe("collectText", () => {
  it("gives the text of the families alone", async () => {
    expect(await collectText(collector(packets()))).toBe(
      "# HELP rx_packets_total The number of packets received\n# TYPE rx_packets_total counter\nrx_packets_total 20\n",
    );
  });

  it("writes other formats", async () => {
    const link = new StateSetFamily({ name: "link", help: "Link", states: ["UP", "DOWN"] }).add(
      {},
      "UP",
    );
    expect(await collectText(collector(link), { format: "openmetrics-1.0.0" })).toBe(
      '# HELP link Link\n# TYPE link stateset\nlink{link="UP"} 1.0\nlink{link="DOWN"} 0.0\n# EOF\n',
    );
  });
});
