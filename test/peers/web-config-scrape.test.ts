import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { startEndpoint } from "../harness/endpoint.ts";
import { PROMETHEUS_PEERS } from "../harness/peer.ts";
import { type RunningPrometheus, startPrometheus } from "../harness/prometheus.ts";
import { temporaryFolder } from "../harness/temporary-folder.ts";
import { undoAfterAll } from "../harness/undo.ts";

const certificates = new URL("../../packages/toolkit/src/web-config/testdata/", import.meta.url);
const certificate = (name: string): string => fileURLToPath(new URL(name, certificates));

// The hash of "telemetry".
const WEB_YML = `
tls_server_config:
  cert_file: ${certificate("server.test.pem")}
  key_file: ${certificate("server.test.key")}
  client_ca_file: ${certificate("ca.test.pem")}
  client_auth_type: RequireAndVerifyClientCert
basic_auth_users:
  prometheus: $2b$10$RObgtVbnhHBQK8oFaIiMPu63J/ciGqrrMgaepl3OYaQVgADCKK/FK
`;

const CA = { ca_file: certificate("ca.test.pem"), server_name: "localhost" };
const CLIENT = {
  ...CA,
  cert_file: certificate("client.test.pem"),
  key_file: certificate("client.test.key"),
};

describe.each(PROMETHEUS_PEERS)(
  "$title scrapes an endpoint with a web.yml",
  ({ role, missing }) => {
    describe.skipIf(missing)("of TLS, client certificates and passwords", () => {
      const undo = undoAfterAll();
      let prometheus: RunningPrometheus;

      beforeAll(async () => {
        const folder = temporaryFolder("web-config");
        undo(async () => folder.remove());
        const file = join(folder.path, "web.yml");
        writeFileSync(file, WEB_YML);
        const endpoint = await startEndpoint("--web.config.file", file);
        undo(endpoint.stop);
        const job = (job_name: string, tls_config: object, password: string) => ({
          job_name,
          scheme: "https",
          scrape_interval: "3s",
          scrape_timeout: "3s",
          tls_config,
          basic_auth: { username: "prometheus", password },
          static_configs: [{ targets: [endpoint.address] }],
        });
        prometheus = await startPrometheus(role, {
          config: {
            scrape_configs: [
              job("right", CLIENT, "telemetry"),
              job("wrong password", CLIENT, "telepathy"),
              job("no certificate", CA, "telemetry"),
            ],
          },
        });
        undo(prometheus.stop);
      });

      it("with what it takes, and not without", async () => {
        const targets = await prometheus.scraped(3);
        const errors = targets.map(({ labels, lastError }) => [labels["job"], lastError]);
        expect(Object.fromEntries(errors)).toEqual({
          right: "",
          "wrong password": "server returned HTTP status 401 Unauthorized",
          "no certificate": expect.stringMatching(/certificate required|bad certificate/),
        });
      });
    });
  },
);
