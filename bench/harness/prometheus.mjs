import { existsSync, readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const role = fileURLToPath(new URL("../../.cache/peers/prometheus-3", import.meta.url));

/** The real Prometheus 3: its programs and its version; undefined where scripts/peers.sh did not fetch it. */
export function findPrometheus() {
  if (!existsSync(join(role, "VERSION"))) return undefined;
  const version = readFileSync(join(role, "VERSION"), "utf8").trim();
  return { prometheus: join(role, "prometheus"), promtool: join(role, "promtool"), version };
}

/** How to start a Prometheus that scrapes nothing over the directory of a database: what `ServerProcess.start` takes. */
export async function prometheusOver(directory, { prometheus }) {
  const config = join(directory, "prometheus.yml");
  writeFileSync(config, "{}\n");
  const port = await freePort();
  return {
    command: prometheus,
    args: [
      `--config.file=${config}`,
      `--storage.tsdb.path=${directory}`,
      "--storage.tsdb.retention.time=100y",
      `--web.listen-address=127.0.0.1:${port}`,
      "--log.level=error",
    ],
    portOf: (child) => ready(child, port),
  };
}

async function ready(child, port) {
  while (child.exitCode === null) {
    if ((await statusOf(port)) === 200) return port;
    await sleep(5);
  }
  throw new Error(`Prometheus ended with ${child.exitCode} before it was ready`);
}

function statusOf(port) {
  return new Promise((resolve) => {
    const request = http.get({ host: "127.0.0.1", port, path: "/-/ready", agent: false });
    request.once("error", () => resolve(undefined));
    request.once("response", (response) => resolve(response.resume().statusCode));
  });
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
