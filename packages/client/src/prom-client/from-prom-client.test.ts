import { createRequire } from "node:module";
import { layout, parseFamilies, writeFamilies } from "@linklight/exposition";
import promClient from "prom-client";
import { describe, expect, it } from "vitest";
import { Registry } from "../registry/registry.ts";
import { collectText } from "../testing/collect-text.ts";
import { expectFamilies } from "../testing/expect-families.ts";
import { fromPromClient, type PromClientRegister } from "./from-prom-client.ts";
import type { PromClientMetric } from "./prom-client-metric.ts";

function register(metrics: readonly PromClientMetric[], mode = "text/plain"): PromClientRegister {
  return { contentType: `${mode}; charset=utf-8`, getMetricsAsJSON: async () => metrics };
}

const counter: PromClientMetric = {
  name: "requests",
  help: "Requests",
  type: "counter",
  values: [
    {
      value: 2,
      labels: { code: 200, path: 'a"b\\c\nd' },
      exemplar: { labelSet: { trace_id: "x" }, value: 2, timestamp: 1795361823.008 },
    },
  ],
};

describe("fromPromClient", () => {
  it("leaves the name of a counter as it is in the text format", async () => {
    expect(await collectText(fromPromClient(register([counter])))).toBe(
      '# HELP requests Requests\n# TYPE requests counter\nrequests{code="200",path="a\\"b\\\\c\\nd"} 2\n',
    );
  });

  it("names counters as a registry in OpenMetrics mode does, and keeps exemplars", async () => {
    const collector = fromPromClient(register([counter], "application/openmetrics-text"));
    expect(await collectText(collector, { format: "openmetrics-1.0.0" })).toBe(
      '# HELP requests Requests\n# TYPE requests counter\nrequests_total{code="200",path="a\\"b\\\\c\\nd"} 2.0 # {trace_id="x"} 2.0 1795361823.008\n# EOF\n',
    );
  });

  it("puts histograms and summaries together", async () => {
    const metrics: PromClientMetric[] = [
      {
        name: "size_bytes",
        help: "Sizes",
        type: "histogram",
        values: [
          { metricName: "size_bytes_bucket", value: 1, labels: { le: 64, m: "a" }, exemplar: null },
          { metricName: "size_bytes_bucket", value: 3, labels: { le: "+Inf", m: "a" } },
          { metricName: "size_bytes_sum", value: 99, labels: { m: "a" } },
          { metricName: "size_bytes_count", value: 3, labels: { m: "a" } },
        ],
      },
      {
        name: "delay_seconds",
        help: "Delays",
        type: "summary",
        values: [
          { value: 0.5, labels: { quantile: 0.99 } },
          { metricName: "delay_seconds_sum", value: 4, labels: {} },
          { metricName: "delay_seconds_count", value: 9, labels: {} },
        ],
      },
    ];
    await expectFamilies(
      fromPromClient(register(metrics)),
      `# HELP size_bytes Sizes
       # TYPE size_bytes histogram
       size_bytes_bucket{le="64",m="a"} 1
       size_bytes_bucket{le="+Inf",m="a"} 3
       size_bytes_sum{m="a"} 99
       size_bytes_count{m="a"} 3
       # HELP delay_seconds Delays
       # TYPE delay_seconds summary
       delay_seconds{quantile="0.99"} 0.5
       delay_seconds_sum 4
       delay_seconds_count 9`,
    );
  });

  it("shows a metric of a type it does not know as untyped", async () => {
    const metric = { name: "a", help: "A", type: "other", values: [{ value: 1, labels: {} }] };
    await expectFamilies(fromPromClient(register([metric])), "# TYPE a untyped\na 1");
  });

  it("fails alone when a callback of the registry throws", async () => {
    const failing: PromClientRegister = {
      contentType: "text/plain",
      getMetricsAsJSON: () => Promise.reject(new Error("no database")),
    };
    const registry = new Registry().register(fromPromClient(failing, { name: "legacy" }));
    expect(await registry.text()).toContain('linklight_collector_success{collector="legacy"} 0\n');
  });

  it("refuses what is no registry", () => {
    expect(() => fromPromClient({} as PromClientRegister)).toThrow(
      new TypeError(
        "fromPromClient: expected a registry of prom-client, such as its export `register`",
      ),
    );
  });
});

/** What the tests use of the real library. */
interface PromClient {
  Registry: {
    new (): PromClientRegister & {
      metrics(): Promise<string>;
      setContentType(type: string): void;
      setDefaultLabels(labels: Record<string, string>): void;
    };
    OPENMETRICS_CONTENT_TYPE: string;
  };
  Counter: new (options: object) => { inc(labels: object, value?: number): void };
  Gauge: new (options: object) => { set(labels: object, value: number): void };
  Histogram: new (options: object) => { observe(labels: object, value?: number): void };
  Summary: new (options: object) => { observe(labels: object, value: number): void };
}

/** The successor of prom-client, where it can be found: it refuses Node 20 in its package.json, and so is no dependency here. */
function successor(): readonly (readonly [string, PromClient])[] {
  const name = "@prometheus-io/client";
  try {
    return [[name, createRequire(import.meta.url)(name) as PromClient]];
  } catch {
    return [];
  }
}

function filledRegister(lib: PromClient, isOpenMetrics: boolean) {
  const own = new lib.Registry();
  if (isOpenMetrics) own.setContentType(lib.Registry.OPENMETRICS_CONTENT_TYPE);
  const base = { help: "Help with a \\ and\na second line", registers: [own] };
  const labelled = { ...base, labelNames: ["code", "path"], enableExemplars: isOpenMetrics };
  // With exemplars prom-client takes one object instead of labels and a value.
  const exemplarLabels = { trace_id: "4bf92f35" };
  const labels = { code: 200, path: 'a"b\\c\nd' };
  const requests = new lib.Counter({ ...labelled, name: "requests" });
  const sizes = new lib.Histogram({ ...labelled, name: "size_bytes", buckets: [0.1, 64] });
  if (isOpenMetrics) {
    requests.inc({ labels, value: 2, exemplarLabels });
    sizes.observe({ labels, value: 50, exemplarLabels });
  } else {
    requests.inc(labels, 2);
    sizes.observe(labels, 50);
  }
  new lib.Counter({ ...base, name: "bytes_total" });
  new lib.Histogram({ ...base, name: "unlabelled_seconds", buckets: [1] });
  new lib.Summary({ ...base, name: "delay_seconds", percentiles: [0.5, 0.99] });
  const gauge = new lib.Gauge({ ...base, name: "level", labelNames: ["x"] });
  for (const value of [1.5, -1e300, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
    gauge.set({ x: String(value) }, value);
  return own;
}

describe.each([["prom-client", promClient as unknown as PromClient] as const, ...successor()])(
  "a real registry of %s",
  (_, lib) => {
    it("shows the same in the text format as by itself", async () => {
      const own = filledRegister(lib, false);
      own.setDefaultLabels({ app: "demo" });
      await expectFamilies(fromPromClient(own), await own.metrics());
    });

    it("shows the same in OpenMetrics as by itself", async () => {
      const own = filledRegister(lib, true);
      const canonical = (text: string): string =>
        Buffer.from(
          writeFamilies(parseFamilies("openmetrics-1.0.0", text), layout("openmetrics-1.0.0")),
        ).toString();
      const collected = await collectText(fromPromClient(own), { format: "openmetrics-1.0.0" });
      expect(canonical(collected)).toBe(canonical(await own.metrics()));
      expect(collected).toContain('# {trace_id="4bf92f35"}');
    });
  },
);

it("fits the declarations of prom-client", async () => {
  const own = new promClient.Registry();
  new promClient.Gauge({ name: "level", help: "Level", registers: [own] }).set(3);
  await expectFamilies(fromPromClient(own), "# TYPE level gauge\nlevel 3");
});
