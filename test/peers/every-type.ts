import { Labels, type MetricFamily } from "@linklight/model";

// Every character that some format must escape, and such that take two, three and four bytes of UTF-8.
const AWKWARD = 'back\\slash "quote" new\nline {a="b"} # ü 漢 😀';

const VALUES: readonly (readonly [string, number])[] = [
  ["zero", 0],
  ["minus zero", -0],
  ["not a number", Number.NaN],
  ["infinity", Number.POSITIVE_INFINITY],
  ["minus infinity", Number.NEGATIVE_INFINITY],
  ["seventeen digits", 0.1 + 0.2],
  ["smallest", 5e-324],
  ["largest", Number.MAX_VALUE],
  ["exponent from a million", 1_000_000],
  ["below a million", 999_999.5],
  ["negative million", -1_234_567],
  ["small", 0.0001],
  ["smaller", 0.00001],
  ["largest exact whole number", 2 ** 53],
];

/** When the counters of these families began, in milliseconds since 1970; whole seconds and a bit. */
export const CREATED_MS = 1_700_000_000_123;

/**
 * One family of every type, with values and labels that are hard to write: what is to arrive at every
 * reader unchanged. Deterministic, and without findings of `promtool check metrics`.
 */
export function everyType(): MetricFamily[] {
  return [
    {
      name: "demo_requests_total",
      type: "counter",
      help: 'Requests; a backslash \\, a "quote" and\na second line',
      unit: "",
      metrics: [
        {
          labels: Labels.from({ path: "/", method: "GET" }),
          value: 1027,
          createdTimestamp: CREATED_MS,
          exemplar: {
            labels: Labels.from({ trace_id: "4bf92f3577b34da6" }),
            value: 1,
            timestamp: CREATED_MS,
          },
        },
        { labels: Labels.from({ path: AWKWARD }), value: 3.5 },
      ],
    },
    {
      name: "demo_values",
      type: "gauge",
      help: "Numbers that are hard to print",
      unit: "",
      metrics: VALUES.map(([value, number]) => ({ labels: Labels.from({ value }), value: number })),
    },
    {
      name: "demo_wait_seconds",
      type: "histogram",
      help: "A classic histogram",
      unit: "seconds",
      metrics: [
        {
          labels: Labels.from({ queue: "fast" }),
          buckets: [
            { upperBound: 0.005, cumulativeCount: 2 },
            {
              upperBound: 1,
              cumulativeCount: 5,
              exemplar: { labels: Labels.from({ trace_id: "a" }), value: 0.7 },
            },
            { upperBound: Number.POSITIVE_INFINITY, cumulativeCount: 6 },
          ],
          sum: 17.25,
          count: 6,
          createdTimestamp: CREATED_MS,
        },
      ],
    },
    {
      name: "demo_backlog_bytes",
      type: "gaugehistogram",
      help: "How many items of which size wait now",
      unit: "bytes",
      metrics: [
        {
          labels: Labels.EMPTY,
          buckets: [
            { upperBound: 64, cumulativeCount: 4 },
            { upperBound: Number.POSITIVE_INFINITY, cumulativeCount: 9 },
          ],
          sum: 3120,
          count: 9,
        },
      ],
    },
    {
      name: "demo_latency_seconds",
      type: "summary",
      help: "A summary",
      unit: "seconds",
      metrics: [
        {
          labels: Labels.from({ handler: "/api" }),
          quantiles: [
            { quantile: 0.5, value: 0.042 },
            { quantile: 0.99, value: Number.NaN },
            { quantile: 1, value: 2 },
          ],
          sum: 99.5,
          count: 1001,
          createdTimestamp: CREATED_MS,
        },
      ],
    },
    {
      name: "demo_build_info",
      type: "info",
      help: "What runs",
      unit: "",
      metrics: [{ labels: Labels.from({ version: "1.2.3", revision: "" }), value: 1 }],
    },
    {
      name: "demo_link_state",
      type: "stateset",
      help: "State of a link",
      unit: "",
      metrics: [
        {
          labels: Labels.from({ portnum: "1" }),
          states: [
            { state: "UP", enabled: true },
            { state: "DOWN", enabled: false },
          ],
        },
      ],
    },
    {
      name: "demo_mystery",
      type: "unknown",
      help: "Could be anything",
      unit: "",
      metrics: [{ labels: Labels.EMPTY, value: 42 }],
    },
  ];
}

/** The same families with one explicit timestamp, in milliseconds since 1970, on every metric. */
export function withTimestamp(
  families: readonly MetricFamily[],
  timestamp: number,
): MetricFamily[] {
  return families.map(
    (family) =>
      ({
        ...family,
        metrics: family.metrics.map((metric) => ({ ...metric, timestamp })),
      }) as MetricFamily,
  );
}
