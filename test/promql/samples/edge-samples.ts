import { METRIC_NAME } from "@linklight/model";
import { type SampledSeries, STALE, sampledSeries } from "./sampled-series.ts";
import { END, START } from "./switch-samples.ts";

type Value = number | typeof STALE | undefined;
/** The value of step i, of which there are 480, one each 15 s. */
type Shape = (i: number) => Value;

const STEPS = (END - START) / 15;
const { NaN: NAN, POSITIVE_INFINITY: INF, MAX_VALUE, MIN_VALUE } = Number;

const COUNTERS: Readonly<Record<string, Shape>> = {
  steady: (i) => 7 * i,
  fraction: (i) => i * 0.1,
  resets: (i) => (i % 37) * 11.5,
  reset_to_nothing: (i) => (i < 200 ? i * 1e6 : (i - 200) * 3),
  huge: (i) => 2 ** 53 + i * 2,
  flat: () => 42,
  gap: (i) => (i > 100 && i < 160 ? undefined : i),
  stale: (i) => (i === 150 || i === 300 ? STALE : i > 300 && i < 330 ? undefined : 5 * i),
  nan: (i) => (i % 50 === 49 ? NAN : i),
  late: (i) => (i < 240 ? undefined : i - 240),
  early: (i) => (i < 120 ? i * 3 : undefined),
  single: (i) => (i === 100 ? 5 : undefined),
  pair: (i) => (i === 100 || i === 103 ? i : undefined),
  infinite: (i) => (i > 400 ? INF : i),
  falling: (i) => 1000 - i,
};

const GAUGES: Readonly<Record<string, Shape>> = {
  wave: (i) => 100 * Math.fround(((i % 24) - 12) / 7),
  noise: (i) => ((i * 7919) % 1000) / 999,
  negative: (i) => -1e-3 * i,
  minus_zero: (i) => (i % 2 === 0 ? -0 : 0),
  nan: () => NAN,
  some_nan: (i) => (i % 3 === 0 ? NAN : i),
  infinite: (i) => (i % 40 < 20 ? INF : -INF),
  positive_infinite: () => INF,
  enormous: (i) => (i % 2 === 0 ? MAX_VALUE : MAX_VALUE / 2),
  tiny: (i) => MIN_VALUE * (i + 1),
  cancelling: (i) => [1e100, 1, -1e100, 1][i % 4] as number,
  whole: (i) => i % 5,
  half: (i) => (i % 11) / 2,
  stale: (i) => (i % 60 === 30 ? STALE : i % 60 > 30 && i % 60 < 36 ? undefined : i),
  time: (i) => START + 86_400 * 31 * i,
  precise: (i) => 0.1 + i * 1e-13,
};

// Cumulative counts of buckets by their bounds; what is odd about each is its name.
const HISTOGRAMS: Readonly<Record<string, Readonly<Record<string, Shape>>>> = {
  usual: { "0.1": (i) => i, "0.5": (i) => 3 * i, "1": (i) => 4 * i, "+Inf": (i) => 5 * i },
  negative: { "-1": (i) => i, "0": (i) => 2 * i, "2.5": (i) => 6 * i, "+Inf": (i) => 6 * i },
  falling: { "1": (i) => 5 * i, "2": (i) => 3 * i, "3": (i) => 6 * i, "+Inf": (i) => 6 * i },
  nearly: {
    "1": (i) => 5 * i + 1,
    "2": (i) => (5 * i + 1) * (1 - 1e-15),
    "+Inf": (i) => 6 * i + 2,
  },
  endless: { "1": (i) => i, "2": (i) => 3 * i },
  alone: { "+Inf": (i) => i },
  twice: { "1": (i) => i, "1.0": (i) => 2 * i, "2": (i) => 4 * i, "+Inf": (i) => 5 * i },
  odd_bound: { "1": (i) => i, one: (i) => 2 * i, "+Inf": (i) => 5 * i },
  empty: { "1": () => 0, "2": () => 0, "+Inf": () => 0 },
  nan: { "1": () => NAN, "2": (i) => i, "+Inf": (i) => 2 * i },
  above: { "1": () => 0, "2": () => 0, "+Inf": (i) => i },
};

/**
 * Two hours of what simulated switches do not show, at a step of 15 s: numbers that are none, counters that
 * jump, series that pause, end and begin, classic histograms with odd buckets, names of any characters.
 */
export function edgeSamples(): SampledSeries[] {
  const scraped = { instance: "leaf1", job: "custom prometheus" };
  return [
    ...Object.entries(COUNTERS).map(([kind, shape]) =>
      series({ [METRIC_NAME]: "edge_things_total", kind, ...scraped }, shape),
    ),
    ...Object.entries(GAUGES).flatMap(([kind, shape]) => [
      series({ [METRIC_NAME]: "edge_level", kind, ...scraped }, shape),
      series({ [METRIC_NAME]: "edge_limit", kind, ...scraped }, (i) => shape((i * 13) % STEPS)),
    ]),
    ...Object.entries(HISTOGRAMS).flatMap(([kind, buckets]) =>
      Object.entries(buckets).map(([le, shape]) =>
        series({ [METRIC_NAME]: "edge_seconds_bucket", kind, le, ...scraped }, shape),
      ),
    ),
    ...manyToOne(),
    ...colliding(),
    ...unusualNames(),
    ...scrapedUnevenly(),
  ];
}

/** Several items of each group, one limit a group; group c has no limit, d no items. */
function manyToOne(): SampledSeries[] {
  const items = ["a", "b", "c"].flatMap((team) =>
    [1, 2, 3].map((item) =>
      series({ [METRIC_NAME]: "edge_items", team, item: `${item}` }, (i) => item * 10 + (i % 7)),
    ),
  );
  const limits = ["a", "b", "d"].map((team, at) =>
    series({ [METRIC_NAME]: "edge_item_limit", team, tier: `t${at}`, item: "9" }, () => at * 3 + 2),
  );
  const targets = ["leaf1", "leaf2"].map((instance, at) =>
    series(
      {
        [METRIC_NAME]: "target_info",
        instance,
        job: "custom prometheus",
        rack: `r${at}`,
        kind: "",
      },
      () => 1,
    ),
  );
  return [...items, ...limits, ...targets];
}

/** Equal but for their names, partly at different times: dropping the name makes them collide. */
function colliding(): SampledSeries[] {
  return [
    series({ [METRIC_NAME]: "edge_twin_a", twin: "1" }, (i) => i),
    series({ [METRIC_NAME]: "edge_twin_b", twin: "1" }, (i) => 2 * i),
    series({ [METRIC_NAME]: "edge_shift_a", twin: "2" }, (i) => (i < 200 ? i : undefined)),
    series({ [METRIC_NAME]: "edge_shift_b", twin: "2" }, (i) => (i > 260 ? i : undefined)),
  ];
}

function unusualNames(): SampledSeries[] {
  return [
    series({ [METRIC_NAME]: "höhe über null", "ort.name": "Zürich", b: "1" }, (i) => 400 + i),
    series({ [METRIC_NAME]: "höhe über null", "ort.name": "Ōsaka", b: "2" }, (i) => i),
    series({ [METRIC_NAME]: "sum", by: "a", on: "x" }, (i) => i % 9),
    series(
      { [METRIC_NAME]: "edge:recorded:rate5m", text: 'a"b\\c\nd<&>\u2028', n: "1e3" },
      (i) => i,
    ),
    series({ [METRIC_NAME]: "edge:recorded:rate5m", text: "😀 \ue000", n: "0x10" }, (i) => -i),
  ];
}

/** Timestamps that are no multiples of anything, and one series that is scraped every 7 minutes. */
function scrapedUnevenly(): SampledSeries[] {
  const uneven = Array.from({ length: STEPS }, (_, i): [number, number] => [
    START * 1000 + i * 15_000 + ((i * 7919) % 13_001),
    i * i * 0.01,
  ]);
  const rare = Array.from({ length: 18 }, (_, i): [number, number] => [
    START * 1000 + i * 420_000,
    i,
  ]);
  return [
    sampledSeries({ [METRIC_NAME]: "edge_uneven_total", kind: "uneven" }, uneven),
    sampledSeries({ [METRIC_NAME]: "edge_uneven_total", kind: "rare" }, rare),
  ];
}

function series(labels: Readonly<Record<string, string>>, shape: Shape): SampledSeries {
  return sampledSeries(
    labels,
    Array.from({ length: STEPS }, (_, i): [number, Value] => [START * 1000 + i * 15_000, shape(i)]),
  );
}
