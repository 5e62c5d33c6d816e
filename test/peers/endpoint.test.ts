import { METRIC_NAME } from "@linklight/model";
import { beforeAll, describe, expect, it } from "vitest";
import { type RunningEndpoint, startEndpoint } from "../harness/endpoint.ts";
import { PROMETHEUS_PEERS } from "../harness/peer.ts";
import {
  type QueriedSeries,
  type RunningPrometheus,
  startPrometheus,
} from "../harness/prometheus.ts";
import { promtool } from "../harness/promtool.ts";
import { undoAfterAll } from "../harness/undo.ts";
import { until } from "../harness/until.ts";

const SCRAPES = 3;
// With its own flags and without: they decide which format it asks for by itself.
const FLAGS = [[], ["--enable-feature=native-histograms"]];

describe.each(PROMETHEUS_PEERS)("$title scrapes linklight endpoint", ({ role, missing }) => {
  describe.skipIf(missing).each(FLAGS.map((flags) => ({ flags })))(
    "started with $flags",
    ({ flags }) => {
      const undo = undoAfterAll();
      let endpoint: RunningEndpoint;
      let prometheus: RunningPrometheus;

      beforeAll(async () => {
        endpoint = await startEndpoint();
        undo(endpoint.stop);
        prometheus = await startPrometheus(role, {
          flags,
          config: {
            scrape_configs: [
              {
                job_name: "custom prometheus",
                scrape_interval: "1s",
                scrape_timeout: "1s",
                static_configs: [{ targets: [endpoint.address], labels: { group: "custom" } }],
              },
            ],
          },
        });
        undo(prometheus.stop);
        await until(`${SCRAPES} scrapes`, async () => {
          const [scrapes] = await prometheus.query("count_over_time(up[1m])");
          return (scrapes?.value ?? 0) >= SCRAPES || undefined;
        });
      });

      it("and finds it up", async () => {
        expect(await prometheus.targets()).toMatchObject([{ health: "up", lastError: "" }]);
      });

      it("and stores every sample", async () => {
        const all = await prometheus.query('{job="custom prometheus"}');
        const name = (series: QueriedSeries): string => series.labels[METRIC_NAME] ?? "";
        const stored = all.filter((series) => !/^(?:up|scrape_.*)$/.test(name(series)));
        const scraped = all.find((series) => name(series) === "scrape_samples_scraped");
        expect(stored.length).toBe(scraped?.value);
        expect(await prometheus.query("linklight_collector_success == 0")).toEqual([]);
      });

      it("and sees the n-th collection of the sample ports as the n-th sample", async () => {
        const samples = await prometheus.query(
          'rx_packets_total{portnum="1", speed="100GBPS", type="Ethernet"} / 10 == count_over_time(rx_packets_total[1m])',
        );
        expect(samples).toHaveLength(1);
        const states = await prometheus.query("sum by (portnum) (port_link_status)");
        expect(states.map(({ value }) => value)).toEqual([1, 1]);
      });

      it("without a warning on either side", () => {
        expect(prometheus.complaints()).toEqual([]);
        expect(endpoint.logs().filter((line) => !/^\[ +(?:INFO|DEBUG)\]/.test(line))).toEqual([]);
      });

      it("and has its page accepted by promtool", async () => {
        const page = await (await fetch(`http://${endpoint.address}/metrics`)).text();
        const result = await promtool(role, ["check", "metrics"], { stdin: page });
        expect(result).toEqual({ code: 0, stdout: "", stderr: "" });
      });
    },
  );
});
