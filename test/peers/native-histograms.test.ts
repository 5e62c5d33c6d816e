import { Histogram, metricsHandler, Registry } from "@linklight/client";
import { Labels, type MetricFamily, nativeHistogram } from "@linklight/model";
import { beforeAll, describe, expect, it } from "vitest";
import { startServer } from "../harness/http-server.ts";
import { PROMETHEUS_PEERS, type PrometheusRole } from "../harness/peer.ts";
import {
  type QueriedHistogram,
  type RunningPrometheus,
  startPrometheus,
} from "../harness/prometheus.ts";
import { promtool } from "../harness/promtool.ts";
import { undoAfterAll } from "../harness/undo.ts";

// Schema 0: bucket i holds (2^(i−1), 2^i].
const family: MetricFamily = {
  name: "demo_sizes",
  type: "histogram",
  help: "Every part a native histogram may have",
  unit: "",
  metrics: [
    {
      labels: Labels.from({ shape: "all" }),
      buckets: [],
      native: nativeHistogram({
        schema: 0,
        zeroThreshold: 0.001,
        zeroCount: 2,
        count: 19,
        sum: 31.5,
        positiveSpans: [
          { offset: 0, length: 2 },
          { offset: 1, length: 1 },
        ],
        positiveBuckets: [3, 5, 4],
        negativeSpans: [{ offset: -1, length: 1 }],
        negativeBuckets: [5],
      }),
    },
  ],
};

const STORED: QueriedHistogram = {
  count: "19",
  sum: "31.5",
  buckets: [
    [1, "-0.5", "-0.25", "5"],
    [3, "-0.001", "0.001", "2"],
    [0, "0.5", "1", "3"],
    [0, "1", "2", "5"],
    [0, "4", "8", "4"],
  ],
};

describe.each(PROMETHEUS_PEERS)("$title scrapes native histograms by protobuf", (peer) => {
  describe.skipIf(peer.missing)("and stores", () => {
    const undo = undoAfterAll();
    let prometheus: RunningPrometheus;

    beforeAll(async () => {
      const instrument = new Histogram({
        name: "demo_wait_seconds",
        help: "Observed by an instrument",
        nativeBuckets: { factor: 1.1 },
      });
      for (let i = 1; i <= 100; i += 1) instrument.observe(i / 10);
      const registry = new Registry();
      registry.register({ name: "sizes", collect: () => [family] }, instrument);
      const endpoint = await startServer(metricsHandler(registry));
      undo(endpoint.close);
      prometheus = await startPrometheus(
        peer.role,
        await nativeOptions(peer.role, endpoint.address),
      );
      undo(prometheus.stop);
      await prometheus.scraped(1);
    });

    it("a family's histogram as it was", async () => {
      const [target] = await prometheus.targets();
      expect(target).toMatchObject({ health: "up", lastError: "" });
      const [series] = await prometheus.query("demo_sizes");
      expect(series?.labels).toMatchObject({ __name__: "demo_sizes", shape: "all" });
      expect(series?.histogram).toEqual(STORED);
    });

    it("an instrument's histogram, with a median as near as its buckets are", async () => {
      const value = async (expr: string): Promise<number | undefined> =>
        (await prometheus.query(expr))[0]?.value;
      expect(await value("histogram_count(demo_wait_seconds)")).toBe(100);
      expect(await value("histogram_sum(demo_wait_seconds)")).toBeCloseTo(505, 6);
      const median = await value("histogram_quantile(0.5, demo_wait_seconds)");
      expect(Math.abs((median ?? Number.NaN) / 5 - 1)).toBeLessThan(0.1);
    });

    it("without a warning in its log", () => {
      expect(prometheus.complaints()).toEqual([]);
    });
  });
});

// Native histograms were a feature flag first and are a setting since Prometheus 3.8.
async function nativeOptions(
  role: PrometheusRole,
  address: string,
): Promise<{ config: Record<string, unknown>; flags: string[] }> {
  const scrape = {
    job_name: "native",
    scrape_interval: "1s",
    scrape_timeout: "1s",
    static_configs: [{ targets: [address] }],
  };
  const setting = { scrape_configs: [{ ...scrape, scrape_native_histograms: true }] };
  const { code } = await promtool(role, ["check", "config", "/dev/stdin"], {
    stdin: JSON.stringify(setting),
  });
  return code === 0
    ? { config: setting, flags: [] }
    : { config: { scrape_configs: [scrape] }, flags: ["--enable-feature=native-histograms"] };
}
