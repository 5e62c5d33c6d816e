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
const EVERY_SECOND = { scrape_interval: "1s", scrape_timeout: "1s" };

function nameOf({ labels }: QueriedSeries): string {
  return labels[METRIC_NAME] ?? "";
}

function isComplaint(line: string): boolean {
  return !/^\[ +(?:INFO|DEBUG)\]/.test(line);
}

describe.each(PROMETHEUS_PEERS)("$title scrapes a simulated switch", ({ role, missing }) => {
  describe.skipIf(missing)("on /metrics", () => {
    const undo = undoAfterAll();
    let endpoint: RunningEndpoint;
    let prometheus: RunningPrometheus;

    beforeAll(async () => {
      endpoint = await startEndpoint();
      undo(endpoint.stop);
      prometheus = await startPrometheus(role, {
        config: {
          scrape_configs: [
            {
              job_name: "custom prometheus",
              ...EVERY_SECOND,
              static_configs: [{ targets: [endpoint.address], labels: { group: "custom" } }],
            },
          ],
        },
      });
      undo(prometheus.stop);
      await until(`${SCRAPES} scrapes`, async () => {
        const [scrapes] = await prometheus.query("count_over_time(switch_boot_time_seconds[1m])");
        return (scrapes?.value ?? 0) >= SCRAPES || undefined;
      });
    });

    it("and stores every sample of it", async () => {
      const all = await prometheus.query('{job="custom prometheus"}');
      const stored = all.filter((series) => !/^(?:up|scrape_.*)$/.test(nameOf(series)));
      const scraped = all.find((series) => nameOf(series) === "scrape_samples_scraped");
      expect(stored.length).toBe(scraped?.value);
      const native = stored.filter((series) => nameOf(series).startsWith("switch_"));
      expect([native.length >= 1100, native.length <= 1450]).toEqual([true, true]);
    });

    it("and computes rates within the line rate, and none below zero", async () => {
      const rate = "rate(switch_port_receive_bytes_total[1m])";
      expect(await prometheus.query(`${rate} > 0`)).not.toEqual([]);
      expect(await prometheus.query(`${rate} < 0`)).toEqual([]);
      expect(
        await prometheus.query(`${rate} / on (instance, port) switch_port_speed_bytes > 1`),
      ).toEqual([]);
    });

    it("and joins what ports are to what they count", async () => {
      const uplinks = await prometheus.query(
        'switch_port_up * on (instance, port) group_left (alias) switch_port_info{alias=~"(?i).*uplink.*"}',
      );
      expect(uplinks.length).toBe(8);
    });

    it("without a warning on either side", () => {
      expect(prometheus.complaints()).toEqual([]);
      expect(endpoint.logs().filter(isComplaint)).toEqual([]);
    });
  });

  it.skipIf(missing).each([
    ["leaf-48x25g-8x100g", "normal"],
    ["leaf-48x25g-8x100g", "full"],
    ["spine-32x100g", "full"],
    ["campus-48x1g-4x10g", "full"],
    ["pair", "normal"],
  ])("and promtool says nothing about a %s shown in %s detail", async (fabric, detail) => {
    const endpoint = await startEndpoint("--fabric", fabric, "--switch.detail", detail);
    try {
      const page = await (await fetch(`http://${endpoint.address}/metrics`)).text();
      const result = await promtool(role, ["check", "metrics"], { stdin: page });
      expect(result).toEqual({ code: 0, stdout: "", stderr: "" });
    } finally {
      await endpoint.stop();
    }
  });
});
