import { metricsHandler, Registry } from "@linklight/client";
import type { ExpositionFormat } from "@linklight/exposition";
import { Labels, METRIC_NAME, type MetricFamily } from "@linklight/model";
import { beforeAll, describe, expect, it } from "vitest";
import { startScrapeProxy, startServer, type TestServer } from "../harness/http-server.ts";
import { PROMETHEUS_PEERS, type PrometheusRole } from "../harness/peer.ts";
import { type RunningPrometheus, startPrometheus } from "../harness/prometheus.ts";
import { type Undo, undoAfterAll } from "../harness/undo.ts";
import { everyType } from "./every-type.ts";
import { expectedSamples, type SampleMap, sampleMap } from "./expected-samples.ts";

/** How each Prometheus is made to ask for a format, and what then arrives. */
interface FormatCase {
  readonly format: ExpositionFormat;
  /** The words of `scrape_protocols`, which Prometheus 3 knows. */
  readonly protocol: string;
  /** For Prometheus 2, through a proxy. */
  readonly accept: string;
  readonly contentType: string;
  /** Whether Prometheus 3 agrees on names as they are in this format. */
  readonly utf8: boolean;
  readonly createdSeries: boolean;
  readonly gaugeTotals: boolean;
}

const CASES: readonly FormatCase[] = [
  {
    format: "text-0.0.4",
    protocol: "PrometheusText0.0.4",
    accept: "text/plain;version=0.0.4",
    contentType: "text/plain; version=0.0.4",
    utf8: false,
    createdSeries: false,
    gaugeTotals: true,
  },
  {
    format: "text-1.0.0",
    protocol: "PrometheusText1.0.0",
    accept: "text/plain;version=1.0.0",
    contentType: "text/plain; version=1.0.0",
    utf8: true,
    createdSeries: false,
    gaugeTotals: true,
  },
  {
    format: "openmetrics-1.0.0",
    protocol: "OpenMetricsText1.0.0",
    accept: "application/openmetrics-text;version=1.0.0",
    contentType: "application/openmetrics-text; version=1.0.0",
    utf8: true,
    createdSeries: true,
    gaugeTotals: true,
  },
  {
    format: "protobuf",
    protocol: "PrometheusProto",
    accept:
      "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited",
    contentType: "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily",
    utf8: false,
    createdSeries: false,
    gaugeTotals: false,
  },
];

/** What is served to a Prometheus in a format, with a family whose names need `utf8`, or as these names are escaped. */
function families(role: PrometheusRole, { format }: FormatCase, utf8: boolean): MetricFamily[] {
  const port: MetricFamily = {
    name: utf8 ? "switch.port.rx" : "switch_port_rx",
    type: "gauge",
    help: "A name beyond ASCII",
    unit: "",
    metrics: [{ labels: Labels.from({ [utf8 ? "port.name" : "port_name"]: "ü" }), value: 7 }],
  };
  // Prometheus 2.42 forgets the suffixes of classic gauge histograms in protobuf, so that their sums and
  // counts become one series; later versions have it right.
  const readable =
    role === "prometheus-2" && format === "protobuf"
      ? everyType().filter(({ type }) => type !== "gaugehistogram")
      : everyType();
  return [...readable, port];
}

describe.each(PROMETHEUS_PEERS)("$title scrapes a registry", ({ role, missing }) => {
  describe.skipIf(missing)("of families of every type", () => {
    const contentTypes = new Map<string, string>();
    const undo = undoAfterAll();
    let endpoint: TestServer;
    let prometheus: RunningPrometheus;

    beforeAll(async () => {
      const handlers = new Map(
        CASES.map((one) => {
          const registry = new Registry({ utf8Names: true });
          registry.register({ name: "every type", collect: () => families(role, one, true) });
          return [`/${one.format}`, metricsHandler(registry)];
        }),
      );
      endpoint = await startServer((request, response) => {
        const path = request.url ?? "";
        handlers.get(path)?.(request, response);
        contentTypes.set(path, String(response.getHeader("Content-Type")));
      });
      undo(endpoint.close);
      prometheus = await startPrometheus(role, {
        config: { scrape_configs: await scrapeConfigs(role, endpoint.address, undo) },
        flags: role === "prometheus-2" ? ["--enable-feature=native-histograms"] : [],
      });
      undo(prometheus.stop);
      await prometheus.scraped(CASES.length);
    });

    it.each(CASES)("and stores every sample of $format", async (one) => {
      const job = one.format;
      const [target] = (await prometheus.targets()).filter(({ labels }) => labels["job"] === job);
      expect(target).toMatchObject({ health: "up", lastError: "" });
      expect(contentTypes.get(`/${job}`)).toContain(one.contentType);
      const stored = await storedSamples(prometheus, job);
      const sent = families(role, one, one.utf8 && role === "prometheus-3");
      expect(stored.samples).toEqual(expectedSamples(sent, one));
      expect(stored.scraped).toBe(stored.stored);
    });

    it("asking for gzip and stating its time-out", () => {
      expect(endpoint.requests.length).toBeGreaterThan(0);
      for (const headers of endpoint.requests) {
        expect(headers).toMatchObject({
          "accept-encoding": "gzip",
          "x-prometheus-scrape-timeout-seconds": "1",
        });
      }
    });

    it("without a warning in its log", () => {
      expect(prometheus.complaints()).toEqual([]);
    });
  });
});

async function scrapeConfigs(role: PrometheusRole, address: string, undo: Undo): Promise<object[]> {
  const configs: object[] = [];
  for (const { format, protocol, accept } of CASES) {
    let target = address;
    if (role === "prometheus-2") {
      const proxy = await startScrapeProxy(address, accept);
      undo(proxy.close);
      target = proxy.address;
    }
    configs.push({
      job_name: format,
      metrics_path: `/${format}`,
      scrape_interval: "1s",
      scrape_timeout: "1s",
      static_configs: [{ targets: [target] }],
      ...(role === "prometheus-3" && { scrape_protocols: [protocol] }),
    });
  }
  return configs;
}

interface StoredSamples {
  /** Those of the page, without the labels of the target. */
  readonly samples: SampleMap;
  readonly scraped: number | undefined;
  readonly stored: number;
}

// Beside the families of the test, the registry shows how its collectors fare, and Prometheus how the scrape did.
const ABOUT_THE_SCRAPE = /^(?:up|scrape_\w+)$/;
const ABOUT_COLLECTORS = /^linklight_/;

async function storedSamples(prometheus: RunningPrometheus, job: string): Promise<StoredSamples> {
  const all = await prometheus.query(`{job="${job}"}`);
  const name = ({ labels }: { labels: Readonly<Record<string, string>> }): string =>
    labels[METRIC_NAME] ?? "";
  const page = all.filter((series) => !ABOUT_THE_SCRAPE.test(name(series)));
  const ours = page.filter((series) => !ABOUT_COLLECTORS.test(name(series)));
  return {
    samples: sampleMap(
      ours.map(({ labels, value }) => [
        Labels.from(labels).without("job", "instance"),
        value ?? Number.NaN,
      ]),
    ),
    scraped: all.find((series) => name(series) === "scrape_samples_scraped")?.value,
    stored: page.length,
  };
}
