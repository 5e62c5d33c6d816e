import { isStaleMarker, Labels } from "@linklight/model";
import type { Annotation, Queryable, QueryResult, QueryValue } from "@linklight/promql";
import { SampleColumns } from "@linklight/promql";
import { type QueryEngine, SCRIPT_ENGINE_OPTIONS } from "@linklight/promql/script";
import { type RunningPrometheus, startPrometheus } from "../../harness/prometheus.ts";
import { remoteWrite } from "../samples/remote-write.ts";
import type { SampledSeries } from "../samples/sampled-series.ts";

const FLAGS: readonly string[] = [
  "--enable-feature=promql-experimental-functions,promql-delayed-name-removal",
  "--storage.tsdb.retention.time=100y",
  "--web.enable-remote-write-receiver",
  `--query.max-samples=${SCRIPT_ENGINE_OPTIONS.maxSamples}`,
];

/** A real Prometheus as what runs the queries of scripts; a new one whenever the samples have changed. */
export class RealEngine implements QueryEngine {
  #server: RunningPrometheus | undefined;
  #state = "";

  async instant(
    queryable: Queryable,
    { query, timeMs }: { readonly query: string; readonly timeMs: number },
  ): Promise<QueryResult> {
    return this.#ask(queryable, "query", { query, time: `${timeMs / 1000}` });
  }

  async range(
    queryable: Queryable,
    asked: {
      readonly query: string;
      readonly startMs: number;
      readonly endMs: number;
      readonly stepMs: number;
    },
  ): Promise<QueryResult> {
    return this.#ask(queryable, "query_range", {
      query: asked.query,
      start: `${asked.startMs / 1000}`,
      end: `${asked.endMs / 1000}`,
      step: `${asked.stepMs / 1000}`,
    });
  }

  /** Ends the Prometheus that runs. */
  async stop(): Promise<void> {
    await this.#server?.stop();
    this.#server = undefined;
    this.#state = "";
  }

  async #ask(
    queryable: Queryable,
    path: string,
    parameters: Record<string, string>,
  ): Promise<QueryResult> {
    const url = await this.#serverOf(queryable);
    const body = new URLSearchParams(parameters);
    const response = await fetch(`${url}/api/v1/${path}`, { method: "POST", body });
    const answer = (await response.json()) as Answer;
    if (answer.status === "error") throw new Error(answer.error);
    const query = parameters["query"] as string;
    const annotations = [
      ...(answer.warnings ?? []).map((text) => annotation("warning", text, query)),
      ...(answer.infos ?? []).map((text) => annotation("info", text, query)),
    ];
    return { value: queryValue(answer.data), annotations, storageWarnings: [], peakSamples: 0 };
  }

  async #serverOf(queryable: Queryable): Promise<string> {
    const series = await allSeries(queryable);
    const state = JSON.stringify(
      series.map(({ labels, timestamps, values }) => [
        labels.key,
        [...timestamps],
        Array.from(values, (value) => (isStaleMarker(value) ? "stale" : `${value}`)),
      ]),
    );
    if (this.#server === undefined || state !== this.#state) {
      await this.stop();
      this.#server = await startPrometheus("prometheus-3", { config: {}, flags: FLAGS });
      this.#state = state;
      if (series.length > 0) await remoteWrite(this.#server.url, series);
    }
    return this.#server.url;
  }
}

async function allSeries(queryable: Queryable): Promise<SampledSeries[]> {
  const everything = { minTime: Number.MIN_SAFE_INTEGER, maxTime: Number.MAX_SAFE_INTEGER };
  const { series } = await queryable.select({
    matchers: [],
    ...everything,
    stepMs: 0,
    rangeMs: 0,
    around: undefined,
    signal: undefined,
  });
  const all: SampledSeries[] = [];
  for (const one of series) {
    const columns = new SampleColumns();
    await one.read(columns, everything.minTime, everything.maxTime);
    const timestamps = columns.timestamps.slice(0, columns.length);
    all.push({ labels: one.labels, timestamps, values: columns.values.slice(0, columns.length) });
  }
  return all;
}

type Answer =
  | { readonly status: "error"; readonly error: string }
  | {
      readonly status: "success";
      readonly warnings?: readonly string[];
      readonly infos?: readonly string[];
      readonly data: Data;
    };

type Point = readonly [seconds: number, value: string];

type Data =
  | { readonly resultType: "scalar" | "string"; readonly result: Point }
  | {
      readonly resultType: "vector";
      readonly result: readonly {
        readonly metric: Record<string, string>;
        readonly value: Point;
      }[];
    }
  | {
      readonly resultType: "matrix";
      readonly result: readonly {
        readonly metric: Record<string, string>;
        readonly values: readonly Point[];
      }[];
    };

function queryValue(data: Data): QueryValue {
  switch (data.resultType) {
    case "scalar":
      return { type: "scalar", timestamp: timeOf(data.result), value: floatOf(data.result) };
    case "string":
      return { type: "string", timestamp: timeOf(data.result), value: data.result[1] };
    case "vector": {
      const samples = data.result.map(({ metric, value }) => ({
        labels: Labels.from(metric),
        timestamp: timeOf(value),
        value: floatOf(value),
      }));
      return { type: "vector", samples };
    }
    case "matrix": {
      const series = data.result.map(({ metric, values }) => ({
        labels: Labels.from(metric),
        timestamps: Float64Array.from(values, timeOf),
        values: Float64Array.from(values, floatOf),
        histograms: undefined,
      }));
      return { type: "matrix", series };
    }
  }
}

function timeOf([seconds]: Point): number {
  return Math.round(seconds * 1000);
}

function floatOf([, value]: Point): number {
  return Number(value.replace("Inf", "Infinity"));
}

/** An annotation as the API writes it, its place behind it: `… (1:8)`. */
function annotation(severity: "warning" | "info", text: string, query: string): Annotation {
  const [, words = text, line = "1", column = "1"] = /^(.*) \((\d+):(\d+)\)$/s.exec(text) ?? [];
  const before = query.split("\n").slice(0, Number(line) - 1);
  const start = before.join("\n").length + (before.length > 0 ? 1 : 0) + Number(column) - 1;
  return { severity, text: words, span: { start, end: start } };
}
