import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { needPeer, type PrometheusRole } from "./peer.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { until } from "./until.ts";

/** A target of a running Prometheus, as its API describes it. */
export interface ScrapeTarget {
  readonly labels: Readonly<Record<string, string>>;
  readonly health: "up" | "down" | "unknown";
  readonly lastError: string;
}

/** One series of an instant query's result: a float, or a native histogram as the API writes it. */
export interface QueriedSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number | undefined;
  readonly histogram: QueriedHistogram | undefined;
}

/** A native histogram in the HTTP API: buckets are boundary rule, lower, upper, count. */
export interface QueriedHistogram {
  readonly count: string;
  readonly sum: string;
  readonly buckets?: readonly (readonly [number, string, string, string])[];
}

/** How a Prometheus is started. */
export interface PrometheusOptions {
  /** Its configuration; written as JSON, which is YAML too. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly flags?: readonly string[];
  /** The folder of its data, which stays; a new one that is removed when it is missing. */
  readonly data?: string;
}

/** A real Prometheus on a free port of 127.0.0.1, with its data in a temporary folder. */
export interface RunningPrometheus {
  readonly url: string;
  /** Evaluates an instant query now. */
  readonly query: (expr: string) => Promise<QueriedSeries[]>;
  readonly targets: () => Promise<ScrapeTarget[]>;
  /** Waits until it has this many targets and has scraped each at least once, well or not. */
  readonly scraped: (count: number) => Promise<ScrapeTarget[]>;
  /** Its log so far, a line each. */
  readonly logs: () => string[];
  /** The lines of its log that are warnings or errors. */
  readonly complaints: () => string[];
  /** Ends it and removes its data. */
  readonly stop: () => Promise<void>;
}

const STARTS = 3;

/** Starts a real Prometheus and waits until it is ready. Rejects with its log when it does not start. */
export async function startPrometheus(
  role: PrometheusRole,
  options: PrometheusOptions,
): Promise<RunningPrometheus> {
  for (let attempt = 1; ; attempt += 1) {
    const server = await launch(role, options);
    try {
      await until(`${role} to be ready`, async () => {
        if (server.child.exitCode !== null) return "ended";
        return (await fetch(`${server.url}/-/ready`)).ok ? "ready" : undefined;
      });
      if (server.child.exitCode === null) return server;
      throw new Error(`${role} ended at its start:\n${server.logs().join("\n")}`);
    } catch (error) {
      await server.stop();
      // Between looking for a free port and listening on it, another process may take it.
      if (attempt === STARTS || !String(error).includes("address already in use")) throw error;
    }
  }
}

async function launch(
  role: PrometheusRole,
  { config, flags = [], data }: PrometheusOptions,
): Promise<RunningPrometheus & { readonly child: ChildProcess }> {
  const folder = temporaryFolder(role);
  const configFile = join(folder.path, "prometheus.yml");
  writeFileSync(configFile, JSON.stringify(config));
  const address = `127.0.0.1:${await freePort()}`;
  const url = `http://${address}`;
  const args = [
    `--config.file=${configFile}`,
    `--storage.tsdb.path=${data ?? join(folder.path, "data")}`,
    `--web.listen-address=${address}`,
    "--log.level=debug",
    ...flags,
  ];
  const child = spawn(needPeer(role).file("prometheus"), args, {
    cwd: folder.path,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });
  const targets = async (): Promise<ScrapeTarget[]> =>
    (await api<{ activeTargets: ScrapeTarget[] }>(`${url}/api/v1/targets`)).activeTargets;
  const logs = (): string[] => log.split("\n").filter((line) => line !== "");
  return {
    child,
    url,
    logs,
    complaints: () => logs().filter((line) => /\blevel=(?:warn|error)/i.test(line)),
    query: (expr) => instantQuery(url, expr),
    targets,
    scraped: (count) =>
      until(`${role} to scrape ${count} targets`, async () => {
        const known = (await targets()).filter(({ health }) => health !== "unknown");
        return known.length >= count ? known : undefined;
      }),
    stop: async () => {
      await endProcess(child);
      folder.remove();
    },
  };
}

/** Ends a child process by signal and waits for its end; after five seconds it has no choice. */
async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), 5_000);
  await ended;
  clearTimeout(timer);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
  return address.port;
}

interface InstantVector {
  readonly result: readonly {
    readonly metric: Record<string, string>;
    readonly value?: readonly [number, string];
    readonly histogram?: readonly [number, QueriedHistogram];
  }[];
}

async function instantQuery(url: string, expr: string): Promise<QueriedSeries[]> {
  const parameters = new URLSearchParams({ query: expr });
  const { result } = await api<InstantVector>(`${url}/api/v1/query?${parameters}`);
  return result.map(({ metric, value, histogram }) => ({
    labels: metric,
    value: value === undefined ? undefined : parseValue(value[1]),
    histogram: histogram?.[1],
  }));
}

async function api<T>(url: string): Promise<T> {
  const answer = (await (await fetch(url)).json()) as { status: string; data: T; error?: string };
  if (answer.status !== "success") throw new Error(`${url}: ${answer.error ?? answer.status}`);
  return answer.data;
}

function parseValue(text: string): number {
  if (text === "+Inf" || text === "-Inf") return text === "+Inf" ? Infinity : -Infinity;
  return Number(text);
}
