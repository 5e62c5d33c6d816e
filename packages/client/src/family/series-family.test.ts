import { nativeHistogram } from "@linklight/model";
import { describe, expect, it } from "vitest";
import { Counter } from "../instrument/counter.ts";
import { Gauge } from "../instrument/gauge.ts";
import { Histogram } from "../instrument/histogram.ts";
import { Registry } from "../registry/registry.ts";
import { HistogramFamily } from "./histogram-family.ts";
import { CounterFamily, GaugeFamily, InfoFamily } from "./number-family.ts";
import { StateSetFamily } from "./state-set-family.ts";
import { SummaryFamily } from "./summary-family.ts";

async function show(...families: readonly { table(): unknown }[]): Promise<string> {
  const registry = new Registry().register({
    name: "test",
    collect: () => families as GaugeFamily[],
  });
  return (await registry.text()).split("# HELP linklight_collector_success")[0] as string;
}

describe("names and labels", () => {
  it.each([
    [
      "1st_total",
      'invalid metric name "1st_total": letters, digits, "_" and ":" only, not beginning with a digit; set utf8: true if it is meant',
    ],
    [
      "my metric",
      'invalid metric name "my metric": letters, digits, "_" and ":" only, not beginning with a digit; set utf8: true if it is meant',
    ],
    ["", 'invalid metric name "": letters, digits, "_" and ":" only, not beginning with a digit'],
    [
      "\ud800",
      'invalid metric name "\\ud800": letters, digits, "_" and ":" only, not beginning with a digit',
    ],
  ])("refuses the metric name %j", (name, message) => {
    expect(() => new Gauge({ name, help: "A" })).toThrow(new TypeError(message));
  });

  it("takes any UTF-8 name when that is asked for", () => {
    expect(
      new Gauge({ name: "switch.port.rx", help: "A", labelNames: ["ifäce"], utf8: true }).name,
    ).toBe("switch.port.rx");
  });

  it.each([
    [["port", "port"], 'metric a: label name "port" is declared twice'],
    [
      ["__name__"],
      'metric a: label name "__name__" is reserved: names beginning with "__" belong to Prometheus',
    ],
    [
      ["a-b"],
      'metric a: invalid label name "a-b": letters, digits and "_" only, not beginning with a digit; set utf8: true if it is meant',
    ],
  ])("refuses the label names %j", (labelNames, message) => {
    expect(() => new Gauge({ name: "a", help: "A", labelNames })).toThrow(new TypeError(message));
  });

  it("refuses the label that a type uses itself", () => {
    expect(() => new Histogram({ name: "a", help: "A", labelNames: ["le"] })).toThrow(
      'metric a: label name "le" is reserved in a histogram',
    );
    expect(() => new SummaryFamily({ name: "a", help: "A", labelNames: ["quantile"] })).toThrow(
      'metric a: label name "quantile" is reserved in a summary',
    );
    expect(
      () => new StateSetFamily({ name: "a", help: "A", states: ["x"], labelNames: ["a"] }),
    ).toThrow('metric a: label name "a" is reserved in a stateset');
  });

  it("wants the unit at the end of the name", () => {
    expect(new Counter({ name: "sent_bytes_total", help: "A", unit: "bytes" }).info.unit).toBe(
      "bytes",
    );
    expect(() => new Counter({ name: "sent_total", help: "A", unit: "bytes" })).toThrow(
      new TypeError(
        "metric sent_total: the name must end with its unit: expected sent_bytes_total",
      ),
    );
  });

  it("names metric, labels and values when they do not fit", () => {
    const gauge = new Gauge({ name: "level", help: "A", labelNames: ["port", "queue"] });
    const wrong = gauge as unknown as Gauge<string>;
    expect(() => wrong.labels({ port: "1" })).toThrow(
      new TypeError("metric level: expected the labels port, queue, got port"),
    );
    expect(() => wrong.labels({ port: "1", que: "2" })).toThrow(
      new TypeError("metric level: expected the labels port, queue, got port, que"),
    );
    expect(() => wrong.labels("1")).toThrow(
      new TypeError("metric level: expected 2 label values (port, queue), got 1"),
    );
    expect(() => wrong.labels({ port: "1", queue: undefined as unknown as string })).toThrow(
      TypeError,
    );
    expect(() => wrong.labels("1", {} as string)).toThrow(
      new TypeError(
        'metric level: the value of label "queue" must be a text in valid Unicode, got object',
      ),
    );
    expect(() => wrong.labels("1", "\udc00")).toThrow(
      'metric level: the value of label "queue" must be a text in valid Unicode, got "\\udc00"',
    );
  });
});

describe("a family that keeps its series", () => {
  it("shows what was set last on each handle, in the order the handles were made", async () => {
    const family = new CounterFamily({
      name: "rx_packets_total",
      help: "Packets",
      labelNames: ["port"],
    });
    const [two, ten] = [family.series({ port: 2 }), family.series({ port: 10 })];
    ten.set(7);
    two.set(5);
    expect(family.series({ port: "2" })).toBe(two);
    expect(await show(family)).toBe(
      '# HELP rx_packets_total Packets\n# TYPE rx_packets_total counter\nrx_packets_total{port="2"} 5\nrx_packets_total{port="10"} 7\n',
    );
  });

  it("closes up when series are removed, and what a removed handle is given shows nowhere", async () => {
    const family = new StateSetFamily({
      name: "link",
      help: "Link",
      states: ["UP", "DOWN"],
      labelNames: ["port"],
    });
    const handles = [1, 2, 3].map((port) => family.series({ port }));
    for (const handle of handles) handle.set("UP");
    expect(family.remove({ port: 1 })).toBe(true);
    expect(family.remove({ port: 1 })).toBe(false);
    handles[0]?.set("DOWN");
    handles[2]?.set("DOWN");
    const expected = [
      'link{link="UP",port="2"} 1',
      'link{link="DOWN",port="2"} 0',
      'link{link="UP",port="3"} 0',
      'link{link="DOWN",port="3"} 1',
    ];
    expect((await show(family)).split("\n").slice(2, -1)).toEqual(expected);
    handles[0]?.set("UP");
    handles[1]?.set([]);
    expect((await show(family)).split("\n").slice(2, 4)).toEqual([
      'link{link="UP",port="2"} 0',
      'link{link="DOWN",port="2"} 0',
    ]);
    expect(handles.map((handle) => handle.isRemoved)).toEqual([true, false, false]);
  });

  it("keeps timestamps, start times and exemplars with their series when others are removed", () => {
    const family = new CounterFamily({ name: "a_total", help: "A", labelNames: ["port"] });
    for (let port = 0; port < 20; port++) {
      family.series({ port }).set(port, {
        timestamp: port * 1000,
        createdTimestamp: port,
        exemplar: { id: String(port) },
      });
    }
    for (let port = 0; port < 20; port++) if (port % 7 !== 3) family.remove({ port });
    const [part] = family.table().parts;
    expect([...(part?.values ?? [])]).toEqual([3, 10, 17]);
    expect([...(part?.timestamps ?? [])]).toEqual([3000, 10_000, 17_000]);
    expect([...(part?.createdTimestamps ?? [])]).toEqual([3, 10, 17]);
    expect([...(part?.exemplars ?? [])].map(([i, { labels }]) => [i, labels.get("id")])).toEqual([
      [0, "3"],
      [1, "10"],
      [2, "17"],
    ]);
  });

  it("does not grow for series that come and go while nobody takes a copy", () => {
    const family = new GaugeFamily({ name: "a", help: "A", labelNames: ["id"] });
    const kept = family.series({ id: "kept" });
    for (let id = 0; id < 10_000; id++) {
      family.series({ id }).set(id);
      family.remove({ id });
    }
    kept.set(1);
    const [part] = family.table().parts;
    expect([part?.size, part?.series.labels.length, ...(part?.values ?? [])]).toEqual([1, 1, 1]);
    expect(part?.values.buffer.byteLength).toBe(8);
    expect(family["columns"].values.length).toBeLessThanOrEqual(2048);
  });

  it("does not give the timestamp of one value to the next", () => {
    const family = new GaugeFamily({ name: "a", help: "A" });
    family.series({}).set(1, { timestamp: 1000 });
    family.series({}).set(2);
    expect([...(family.table().parts[0]?.timestamps ?? [])]).toEqual([Number.NaN]);
  });

  it("is not changed by what happens after it was copied", () => {
    const family = new GaugeFamily({ name: "a", help: "A", labelNames: ["port"] });
    family.series({ port: 1 }).set(1);
    const [before] = family.table().parts;
    family.series({ port: 1 }).set(2);
    family.series({ port: 2 }).set(2);
    family.clear();
    family.series({ port: 3 }).set(3);
    expect([
      before?.size,
      [...(before?.values ?? [])],
      before?.series.labels[0]?.get("port"),
    ]).toEqual([1, [1], "1"]);
  });
});

describe("a family made afresh in each collection", () => {
  it("shows what was added", async () => {
    const text = await show(
      new InfoFamily({ name: "switch_info", help: "Switch", labelNames: ["model"] }).add({
        model: "X1",
      }),
      new GaugeFamily({ name: "level", help: "Level" }).add({}, 3, { timestamp: 1234 }),
      new HistogramFamily({ name: "size", help: "Size", buckets: [1, 2] }).add(
        {},
        { counts: [1, 0, 2], sum: 9 },
      ),
      new SummaryFamily({ name: "took", help: "Took", quantiles: [0.5] }).add(
        {},
        { values: [4], sum: 8, count: 2 },
      ),
    );
    expect(text).toBe(`# HELP switch_info Switch
# TYPE switch_info gauge
switch_info{model="X1"} 1
# HELP level Level
# TYPE level gauge
level 3 1234
# HELP size Size
# TYPE size histogram
size_bucket{le="1"} 1
size_bucket{le="2"} 1
size_bucket{le="+Inf"} 3
size_sum 9
size_count 3
# HELP took Took
# TYPE took summary
took{quantile="0.5"} 4
took_sum 8
took_count 2
`);
  });

  it("says what to do when a series is added twice", () => {
    const family = new GaugeFamily({ name: "level", help: "Level", labelNames: ["port"] }).add(
      { port: 1 },
      3,
    );
    expect(() => family.add({ port: "1" }, 3)).toThrow(
      new TypeError(
        'metric level: duplicate series {port="1"}: make a new family in each collection, or keep the handle that series() returns',
      ),
    );
  });

  it("refuses values that are no numbers, and quantiles or states that were not declared", () => {
    expect(() =>
      new GaugeFamily({ name: "level", help: "A" }).add({}, "3" as unknown as number),
    ).toThrow(new TypeError("metric level: expected a number, got string"));
    expect(() =>
      new SummaryFamily({ name: "took", help: "A", quantiles: [0.5] }).add(
        {},
        { sum: 1, count: 1 },
      ),
    ).toThrow(new RangeError("metric took: expected 1 quantile values, got 0"));
    expect(() =>
      new StateSetFamily({ name: "link", help: "A", states: ["UP"] }).add({}, ["DOWN" as "UP"]),
    ).toThrow(new RangeError('metric link: unknown state "DOWN": expected one of UP'));
  });

  it("refuses an unsound native histogram", () => {
    const native = nativeHistogram({
      count: 3,
      positiveSpans: [{ offset: 0, length: 1 }],
      positiveBuckets: [2],
    });
    expect(() => new HistogramFamily({ name: "size", help: "A" }).add({}, { native })).toThrow(
      new RangeError(
        "metric size: unsound native histogram: 2 observations found in buckets, but the count field is 3",
      ),
    );
  });

  it.each([
    [
      { counts: [1] },
      "metric size: expected 2 bucket counts, one for each bound and one for +Inf, got 1",
    ],
    [{}, "metric size: a histogram needs counts or a native histogram"],
  ])("refuses the histogram %j", (value, message) => {
    expect(() =>
      new HistogramFamily({ name: "size", help: "Size", buckets: [1] }).add({}, value),
    ).toThrow(message);
  });
});
