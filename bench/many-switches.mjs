/**
 * What does a fabric of a thousand switches cost, each scraped every 15 s?
 *
 * 25 pods of 32 leaves and 8 spines, 6,400 links between them, behind one `linklight endpoint`. It is scraped
 * over four connections as Prometheus does it, with gzip: the first round is from the start of the process to
 * the last page, since every switch is new to the model; then rounds of all pages, one after the other.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { podFabricFile } from "./harness/fabrics.mjs";
import { markdownTable, shown } from "./harness/markdown.mjs";
import { median } from "./harness/median.mjs";
import { cpuMs, peakRssMb, rssMb } from "./harness/process-usage.mjs";
import { targetTable } from "./harness/target.mjs";

export const question = "What does a fabric of a thousand switches cost?";

const main = fileURLToPath(new URL("../packages/linklight/dist/main.js", import.meta.url));
const probe = fileURLToPath(new URL("./harness/stall-probe.mjs", import.meta.url));

const PODS = 25;
const QUICK_PODS = 2;
const ROUNDS = 5;
const CONNECTIONS = 4;

/** The time between two scrapes of a switch, all of which one core must answer. */
const INTERVAL_SECONDS = 15;

const ACCEPT =
  "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.4,*/*;q=0.1";

export async function answer({ quick, print }) {
  if (process.platform !== "linux")
    throw new Error("the time and memory of other processes are read as Linux shows them");
  const folder = mkdtempSync(join(tmpdir(), "linklight-bench-"));
  const file = join(folder, "fabric.yaml");
  writeFileSync(file, podFabricFile(quick ? QUICK_PODS : PODS));
  const start = performance.now();
  const child = spawn(
    process.execPath,
    ["--import", probe, main, "endpoint", "--port", "0", "--fabric", file, "--log.level", "info"],
    { stdio: ["ignore", "ignore", "pipe", "ipc"] },
  );
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  try {
    const port = await listeningPort(child);
    const page = (path) => get({ port, path, agent });
    const paths = JSON.parse((await page("/switches")).body).map(({ path }) => path);
    const rounds = [];
    for (let i = 0; i <= ROUNDS; i++) rounds.push(await round({ child, page, paths }));
    report({ print, count: paths.length, start, rounds, pid: child.pid });
  } finally {
    agent.destroy();
    child.kill("SIGKILL");
    await once(child, "exit");
    rmSync(folder, { recursive: true });
  }
}

function report({ print, count, start, rounds: [first, ...rounds], pid }) {
  const middle = (key) => median(rounds.map((each) => each[key]));
  print(
    targetTable([
      {
        what: `from the start to the first page of each of ${count}, s`,
        figure: (first.endedAt - start) / 1000,
        most: 60,
      },
      { what: "a round of all pages, s", figure: middle("seconds"), most: INTERVAL_SECONDS },
    ]),
  );
  const header = ["", "s", "s of CPU", "longest stall, ms", "slowest page, ms", "RSS, MB"];
  const row = (name, { seconds, cpuSeconds, stallMs, slowestMs, rssMb }) => [
    name,
    ...[seconds, cpuSeconds, stallMs, slowestMs, rssMb].map(shown),
  ];
  const rows = [row("first round", first), ...rounds.map((each, i) => row(`round ${i + 2}`, each))];
  print(`\n${markdownTable(header, rows)}\n`);
  print(
    `Peak RSS ${shown(peakRssMb(pid))} MB, ${shown((peakRssMb(pid) * 1000) / count)} kB a switch; ` +
      `${shown(first.bytes / 1e6)} MB of gzip a round; ` +
      `${shown((middle("cpuSeconds") * 1000) / count)} ms of CPU a page.\n\n`,
  );
}

/** Every page once. */
async function round({ child, page, paths }) {
  await ask(child, "begin");
  const [start, before] = [performance.now(), cpuMs(child.pid)];
  let [bytes, slowestMs, next] = [0, 0, 0];
  const connection = async () => {
    while (next < paths.length) {
      const asked = performance.now();
      const { length } = await page(paths[next++]);
      bytes += length;
      slowestMs = Math.max(slowestMs, performance.now() - asked);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  const endedAt = performance.now();
  const { stallMs } = await ask(child, "end");
  const cpuSeconds = (cpuMs(child.pid) - before) / 1000;
  const seconds = (endedAt - start) / 1000;
  return { seconds, cpuSeconds, stallMs, slowestMs, bytes, endedAt, rssMb: rssMb(child.pid) };
}

async function get({ port, path, agent }) {
  const headers = {
    Accept: path === "/switches" ? "application/json" : ACCEPT,
    ...(path !== "/switches" && { "Accept-Encoding": "gzip" }),
  };
  const request = http.get({ host: "127.0.0.1", port, path, agent, headers });
  const [response] = await once(request, "response");
  if (response.statusCode !== 200) throw new Error(`${path} was answered ${response.statusCode}`);
  if (path === "/switches") return { body: await text(response) };
  let length = 0;
  for await (const bytes of response) length += bytes.length;
  return { length };
}

async function ask(child, message) {
  const answered = once(child, "message");
  child.send(message);
  const [answer] = await answered;
  return answer;
}

async function listeningPort({ stderr }) {
  let said = "";
  for await (const bytes of stderr.iterator({ destroyOnReturn: false })) {
    said += bytes;
    const port = /listening on port (\d+)/.exec(said)?.[1];
    if (port === undefined) continue;
    stderr.resume();
    return Number(port);
  }
  throw new Error(`the endpoint ended before it listened: ${said}`);
}
