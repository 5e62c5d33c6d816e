import { type RunningPrometheus, startPrometheus } from "../harness/prometheus.ts";
import { remoteWrite } from "./remote-write.ts";
import type { SampledSeries } from "./sampled-series.ts";

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

/** A real Prometheus 3 that holds the series, with feature flags. */
export async function startRealSide(
  series: readonly SampledSeries[],
  features: readonly string[],
): Promise<RunningPrometheus & Side> {
  const server = await startPrometheus("prometheus-3", {
    config: {},
    flags: [
      "--web.enable-remote-write-receiver",
      "--storage.tsdb.retention.time=100y",
      ...(features.length === 0 ? [] : [`--enable-feature=${features.join(",")}`]),
    ],
  });
  try {
    await remoteWrite(server.url, series);
  } catch (error) {
    await server.stop();
    throw error;
  }
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
