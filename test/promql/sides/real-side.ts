import { join } from "node:path";
import { type RunningPrometheus, startPrometheus } from "../../harness/prometheus.ts";
import { remoteWrite } from "../samples/remote-write.ts";
import type { SampledSeries } from "../samples/sampled-series.ts";

/** What is asked of both sides: at one time, or from start to end each step; all in seconds. */
export type Question =
  | { readonly query: string; readonly time: number }
  | {
      readonly query: string;
      readonly start: number;
      readonly end: number;
      readonly step: number;
    };

/** Who answers questions with the JSON of Prometheus' API. */
export interface Side {
  readonly ask: (question: Question) => Promise<string>;
}

const ALWAYS: readonly string[] = ["--storage.tsdb.retention.time=100y"];

/**
 * Makes a data folder of a Prometheus that holds the series, in a folder. They go through the head of a
 * Prometheus, which takes every bit of them, into a block, which sorts them as a storage of ours does.
 */
export async function storeSeries(
  series: readonly SampledSeries[],
  folder: string,
): Promise<string> {
  const data = join(folder, "data");
  const writable = ["--web.enable-remote-write-receiver", "--web.enable-admin-api"];
  const flags = [...ALWAYS, ...writable];
  const server = await startPrometheus("prometheus-3", { config: {}, flags, data });
  try {
    await remoteWrite(server.url, series);
    const response = await fetch(`${server.url}/api/v1/admin/tsdb/snapshot`, { method: "POST" });
    const { data: made } = (await response.json()) as { data: { name: string } };
    return join(data, "snapshots", made.name);
  } finally {
    await server.stop();
  }
}

/** A real Prometheus 3 over a data folder, with feature flags. */
export async function startRealSide(
  data: string,
  features: readonly string[],
): Promise<RunningPrometheus & Side> {
  const chosen = features.length === 0 ? [] : [`--enable-feature=${features.join(",")}`];
  const flags = [...ALWAYS, ...chosen];
  const server = await startPrometheus("prometheus-3", { config: {}, flags, data });
  return { ...server, ask: (question) => ask(server.url, question) };
}

async function ask(url: string, question: Question): Promise<string> {
  const path = "time" in question ? "query" : "query_range";
  const body = new URLSearchParams(
    Object.entries(question).map(([name, value]): [string, string] => [name, String(value)]),
  );
  const response = await fetch(`${url}/api/v1/${path}`, { method: "POST", body });
  return await response.text();
}
