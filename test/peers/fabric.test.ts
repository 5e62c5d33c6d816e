import { beforeAll, describe, expect, it } from "vitest";
import { type RunningEndpoint, startEndpoint } from "../harness/endpoint.ts";
import { PROMETHEUS_PEERS } from "../harness/peer.ts";
import { type RunningPrometheus, startPrometheus } from "../harness/prometheus.ts";
import { undoAfterAll } from "../harness/undo.ts";
import { until } from "../harness/until.ts";

describe.each(PROMETHEUS_PEERS)("$title discovers a simulated fabric", ({ role, missing }) => {
  describe.skipIf(missing)("by HTTP", () => {
    const undo = undoAfterAll();
    let endpoint: RunningEndpoint;
    let prometheus: RunningPrometheus;

    beforeAll(async () => {
      endpoint = await startEndpoint("--fabric", "leaf-spine:2x1");
      undo(endpoint.stop);
      prometheus = await startPrometheus(role, {
        config: {
          scrape_configs: [
            {
              job_name: "switches",
              scrape_interval: "1s",
              scrape_timeout: "1s",
              http_sd_configs: [{ url: `http://${endpoint.address}/sd`, refresh_interval: "1s" }],
            },
          ],
        },
      });
      undo(prometheus.stop);
    });

    it("and finds each switch up, under its name", async () => {
      const targets = await prometheus.scraped(3);
      const found = targets.map(({ labels, health }) => [
        labels["instance"],
        labels["switch"],
        health,
      ]);
      expect(found.sort()).toEqual([
        ["leaf1", "leaf1", "up"],
        ["leaf2", "leaf2", "up"],
        ["spine1", "spine1", "up"],
      ]);
    });

    it("and sees what one end of a link sends arrive at the other", async () => {
      const ends = (port: string, instance: string) => `{port="${port}",instance="${instance}"}`;
      const sent = `switch_port_transmit_bytes_total${ends("Ethernet1/49", "leaf1")}`;
      const received = `switch_port_receive_bytes_total${ends("Ethernet1/1", "spine1")}`;
      // They are scraped apart, by no more than the interval; the link carries 12.5e9 bytes a second.
      const [apart] = await until("both ends to be scraped", async () => {
        const found = await prometheus.query(`abs(sum(${sent}) - sum(${received}))`);
        return found.length > 0 ? found : undefined;
      });
      expect(apart?.value).toBeLessThan(2 * 12.5e9);
    });

    it("without a warning on either side", () => {
      expect(prometheus.complaints()).toEqual([]);
      expect(endpoint.logs().filter((line) => !/^\[ +(?:INFO|DEBUG)\]/.test(line))).toEqual([]);
    });
  });
});
