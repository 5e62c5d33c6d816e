import { afterEach, describe, expect, it } from "vitest";
import { type RunningEndpoint, startEndpoint } from "./harness/endpoint.ts";

let endpoint: RunningEndpoint | undefined;

afterEach(async () => {
  await endpoint?.stop();
});

describe("linklight endpoint, built and in its own process", () => {
  it("says where it listens, serves the sample ports, and names the collector it asked", async () => {
    endpoint = await startEndpoint("--collector", "sample");
    const [, port] = endpoint.address.split(":");
    for (let i = 1; i <= 2; i += 1) {
      const answer = await fetch(`http://${endpoint.address}/metrics`);
      expect(answer.status).toBe(200);
      expect(answer.headers.get("Content-Type")).toMatch(/^text\/plain; version=0\.0\.4/);
      expect(await answer.text()).toContain(
        `rx_packets_total{portnum="2",speed="50GBPS",type="Ethernet"} ${20 * i}\n`,
      );
    }
    const lines = endpoint.logs();
    expect(lines[0]).toBe(`[    INFO] endpoint: Prometheus server listening on port ${port}`);
    expect(lines.slice(1)).toHaveLength(2);
    for (const line of lines.slice(1)) expect(line).toMatch(/^\[ +DEBUG\] .*\bsample\b/);
  });

  it("ends with exit code 0 when it is asked to stop", async () => {
    endpoint = await startEndpoint();
    expect(await endpoint.stop()).toBe(0);
  });
});
