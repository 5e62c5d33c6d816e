import { writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { linklight } from "../e2e/linklight.ts";
import { type RunningEndpoint, startEndpoint } from "../harness/endpoint.ts";
import { startServer, type TestServer } from "../harness/http-server.ts";
import { PROMETHEUS_PEERS } from "../harness/peer.ts";
import { type RunningPrometheus, startPrometheus } from "../harness/prometheus.ts";
import { temporaryFolder } from "../harness/temporary-folder.ts";
import { undoAfterAll } from "../harness/undo.ts";
import { until } from "../harness/until.ts";

/** Nobody listens there: the system keeps such ports for root. */
const NOBODY = "127.0.0.1:1";

const RULES = {
  groups: [
    {
      name: "broken",
      interval: "1s",
      rules: [
        { record: "job:up:broken", expr: "up * on (job) up" },
        { alert: "Always", expr: "vector(1)" },
      ],
    },
  ],
};

/** Targets that are ill, each in its own way, with what the doctor is to say of it. */
const ILLNESSES: readonly (readonly [string, (response: ServerResponse) => void, RegExp])[] = [
  ["401", (response) => response.writeHead(401).end(), /asks for name and password/],
  ["403", (response) => response.writeHead(403).end(), /refuses Prometheus/],
  ["404", (response) => response.writeHead(404).end(), /has no page \/metrics/],
  ["500", (response) => response.writeHead(500).end(), /the target itself fails \(500\)/],
  ["503", (response) => response.writeHead(503).end(), /takes no more requests now/],
  [
    "no-metrics",
    (response) => response.setHeader("Content-Type", "text/plain").end("<html>no</html>\n"),
    /cannot be read as metrics/,
  ],
  [
    "half-a-line",
    (response) => response.setHeader("Content-Type", "text/plain").end('a{b="c'),
    /cannot be read as metrics/,
  ],
  [
    "no-eof",
    (response) =>
      response
        .setHeader("Content-Type", "application/openmetrics-text; version=1.0.0")
        .end("a 1\n"),
    /cannot be read as metrics/,
  ],
  ["silent", () => undefined, /no complete answer within the scrape timeout of 1s/],
  ["cut", (response) => response.destroy(), /ends the connection before it has answered/],
];

interface Finding {
  readonly check: string;
  readonly severity: string;
  readonly message: string;
  readonly remedy?: string;
}

describe.each(PROMETHEUS_PEERS)("linklight doctor looks at $title", ({ role, missing }) => {
  describe.skipIf(missing)("with much that is wrong", () => {
    const undo = undoAfterAll();
    const addresses = new Map<string, string>();
    let endpoint: RunningEndpoint;
    let prometheus: RunningPrometheus;
    let findings: readonly Finding[];
    let code: number | null;

    const of = (check: string): string[] =>
      findings
        .filter((finding) => finding.check === check)
        .map(({ severity, message }) => `${severity} ${message}`);

    beforeAll(async () => {
      const folder = temporaryFolder("doctor");
      undo(folder.remove);
      const rules = join(folder.path, "rules.yml");
      writeFileSync(rules, JSON.stringify(RULES));
      endpoint = await startEndpoint("--fabric", "leaf-spine:2x2");
      undo(endpoint.stop);
      for (const [name, answer] of ILLNESSES) {
        const server: TestServer = await startServer((_, response) => answer(response));
        undo(server.close);
        addresses.set(name, server.address);
      }
      const plain = { scrape_interval: "1s", scrape_timeout: "1s" };
      prometheus = await startPrometheus(role, {
        config: {
          global: { evaluation_interval: "1s" },
          rule_files: [rules],
          alerting: { alertmanagers: [{ static_configs: [{ targets: [NOBODY] }] }] },
          scrape_configs: [
            {
              ...{ job_name: "custom prometheus", ...plain },
              static_configs: [{ targets: [endpoint.address, NOBODY] }],
            },
            { job_name: "ill", ...plain, static_configs: [{ targets: [...addresses.values()] }] },
            {
              ...{ job_name: "tls", scheme: "https", ...plain },
              static_configs: [{ targets: [endpoint.address] }],
            },
            {
              ...{ job_name: "slow", scrape_interval: "10m" },
              static_configs: [{ targets: [endpoint.address] }],
              relabel_configs: [],
            },
          ],
        },
      });
      undo(prometheus.stop);
      await until("all targets but the slow one to be scraped", async () => {
        const known = (await prometheus.targets()).filter(({ health }) => health !== "unknown");
        return known.length >= ILLNESSES.length + 3 || undefined;
      });
      await until("the rule to fail", async () => {
        const answer = await (await fetch(`${prometheus.url}/api/v1/rules`)).text();
        return answer.includes('"health":"err"') || undefined;
      });
      const args = ["--endpoint", `http://${endpoint.address}`, "--prometheus", prometheus.url];
      const result = await linklight(["doctor", "--format=json", ...args]);
      code = result.code;
      ({ findings } = JSON.parse(result.stdout) as { findings: readonly Finding[] });
    });

    it("and ends with 1", () => {
      expect(code).toBe(1);
    });

    it("and recognises it", () => {
      expect(of("prometheus")).toEqual([
        expect.stringMatching(/^ok Prometheus \d.* answers at http/),
      ]);
    });

    it("and names the target that is not there", () => {
      expect(of("targets")).toContain(
        `wrong ${NOBODY} (job "custom prometheus") is down: nothing listens on ${NOBODY}`,
      );
    });

    it.each(ILLNESSES)("and explains the target %s", (name, _, expected) => {
      const address = addresses.get(name) ?? "";
      const said = of("targets").find((line) => line.startsWith(`wrong ${address} `));
      expect(said).toMatch(expected);
    });

    it("and explains a scheme that is not the target's", () => {
      expect(of("targets")).toContain(
        `wrong ${endpoint.address} (job "tls") is down: the target speaks http, and Prometheus asks by https`,
      );
    });

    it("and warns of a scrape interval that leaves gaps", () => {
      expect(of("targets")).toContain(
        'warning the job "slow" is scraped every 10m, and queries look back 5m only: its graphs have gaps',
      );
    });

    it("and names the rule that fails, and why", () => {
      expect(of("rules")).toEqual([
        "info 1 of 2 rules work",
        expect.stringMatching(
          /^wrong the recording rule job:up:broken \(group "broken"\) cannot be evaluated: several series on one side of an operator have the same labels for matching \(/,
        ),
      ]);
    });

    it("and names the Alertmanager that is stopped", () => {
      expect(of("notifications")[0]).toBe(
        `wrong the Alertmanager at ${NOBODY}, to which Prometheus sends alerts, is stopped`,
      );
    });

    it("and finds storage, configuration and clocks well", () => {
      expect([...of("configuration"), ...of("storage"), ...of("clock")]).toEqual([
        expect.stringMatching(/^ok Prometheus has loaded .*prometheus\.yml$/),
        expect.stringMatching(/^ok \d+ series/),
        "ok all clocks say the same as the one here",
      ]);
    });

    it("and says that nobody discovers the switches", () => {
      expect(of("switches")).toContain("warning Prometheus scrapes none of these switches");
    });
  });

  describe.skipIf(missing)("with nothing wrong", () => {
    const undo = undoAfterAll();

    it("and ends with 0, also where its configuration calls the endpoint by another name", async () => {
      const endpoint = await startEndpoint();
      undo(endpoint.stop);
      const proxied = await startServer((incoming, response) => {
        void fetch(`http://${endpoint.address}${incoming.url ?? "/"}`).then(async (answer) => {
          response.setHeader("Content-Type", answer.headers.get("Content-Type") ?? "");
          response.end(await answer.text());
        });
      });
      undo(proxied.close);
      const prometheus = await startPrometheus(role, {
        config: {
          scrape_configs: [
            {
              job_name: "custom prometheus",
              scrape_interval: "1s",
              static_configs: [{ targets: [proxied.address] }],
            },
          ],
        },
      });
      undo(prometheus.stop);
      await until("a sample", async () => {
        return (await prometheus.query("process_start_time_seconds")).length > 0 || undefined;
      });
      const args = ["--endpoint", `http://${endpoint.address}`, "--prometheus", prometheus.url];
      const { code, stdout } = await linklight(["doctor", ...args]);
      // What else is on this machine's ports is a warning at most.
      expect(stdout).toMatch(/^ok +targets +1 target is up$/m);
      expect(stdout).not.toMatch(/^wrong /m);
      expect(stdout).not.toMatch(/^warning +(?!endpoint|prometheus|alertmanager|grafana)/m);
      expect(code).toBe(0);
    });
  });
});
