import { checkFamilies } from "@linklight/exposition";
import type { MetricFamily } from "@linklight/model";
import { pageOf } from "../commands/server-url.ts";
import { type Answer, jsonOf, type Reply } from "./ask.ts";
import { listOf, recordOf, textIn } from "./presence.ts";

/** An active target, as Prometheus tells of it. */
export interface Target {
  readonly job: string;
  readonly instance: string;
  readonly scrapeUrl: string;
  readonly health: string;
  readonly lastError: string;
  /** Prometheus' durations, such as `15s`; empty where it does not say. */
  readonly scrapeInterval: string;
  readonly scrapeTimeout: string;
}

/** What a Prometheus knows of its targets. */
export interface Targets {
  readonly active: readonly Target[];
  readonly dropped: number;
}

/** One sample of an instant query. */
export interface QueriedSample {
  readonly labels: Readonly<Record<string, unknown>>;
  readonly value: number;
}

/**
 * The HTTP API of a Prometheus, for all checks together: each page is asked for once. What it answers is
 * taken apart with care, because not only Prometheus speaks this API. Rejects with an Error whose message
 * says which page gave what, for the check that wanted it.
 */
export class PrometheusApi {
  readonly #url: URL;
  readonly #ask: (url: URL) => Promise<Reply>;
  readonly #answers = new Map<string, Promise<Answer>>();
  #families: Promise<readonly MetricFamily[]> | undefined;

  constructor(url: URL, ask: (url: URL) => Promise<Reply>) {
    this.#url = url;
    this.#ask = ask;
  }

  /** The field `data` of an answer of `/api/v1`. */
  async data(path: string): Promise<unknown> {
    const answer = await this.#page(`/api/v1/${path}`);
    const { status, data, error } = recordOf(jsonOf(answer));
    if (status === "success") return data;
    const said = typeof error === "string" ? error : `status ${answer.status}`;
    throw new Error(`/api/v1/${path} answers: ${said}`);
  }

  async targets(): Promise<Targets> {
    const data = recordOf(await this.data("targets"));
    // From Prometheus 2.45 on the list of dropped ones may be cut; the counts are not.
    const counts = Object.values(recordOf(data["droppedTargetCounts"])).map(Number);
    return {
      active: listOf(data["activeTargets"]).map(targetOf),
      dropped: Math.max(
        listOf(data["droppedTargets"]).length,
        counts.reduce((sum, count) => sum + count, 0),
      ),
    };
  }

  /** Evaluates an expression now. The numbers of scalars and of instant vectors. */
  async query(expr: string): Promise<readonly QueriedSample[]> {
    const { resultType, result } = recordOf(
      await this.data(`query?${new URLSearchParams({ query: expr })}`),
    );
    if (resultType === "scalar") return [{ labels: {}, value: Number(listOf(result)[1]) }];
    return listOf(result).map((series) => ({
      labels: recordOf(recordOf(series)["metric"]),
      value: Number(listOf(recordOf(series)["value"])[1]),
    }));
  }

  /** The command-line flags, by name; empty where they are not told. */
  async flags(): Promise<Readonly<Record<string, unknown>>> {
    return recordOf(await this.data("status/flags").catch(() => ({})));
  }

  /** The sum of a family's values on Prometheus' own page; undefined where the family is missing. */
  async ownTotal(family: string): Promise<number | undefined> {
    const metrics = (await this.#ownFamilies()).find(({ name }) => name === family)?.metrics;
    if (metrics === undefined) return undefined;
    return metrics.reduce((sum, metric) => sum + ("value" in metric ? Number(metric.value) : 0), 0);
  }

  #ownFamilies(): Promise<readonly MetricFamily[]> {
    this.#families ??= this.#page("/metrics").then(
      ({ body }) => checkFamilies("text-0.0.4", body).families,
    );
    return this.#families;
  }

  #page(path: string): Promise<Answer> {
    const known = this.#answers.get(path);
    if (known !== undefined) return known;
    const asked = this.#fetch(path);
    // Whoever waits for it hears of the failure.
    asked.catch(() => undefined);
    this.#answers.set(path, asked);
    return asked;
  }

  async #fetch(path: string): Promise<Answer> {
    const [pathname = "", query] = path.split("?");
    const page = pageOf(this.#url, pathname);
    if (query !== undefined) page.search = query;
    const reply = await this.#ask(page);
    if (reply.status === undefined) throw new Error(`${pathname} does not answer: ${reply.reason}`);
    return reply;
  }
}

function targetOf(value: unknown): Target {
  const labels = recordOf(value)["labels"];
  return {
    job: textIn(labels, "job") ?? textIn(value, "scrapePool") ?? "",
    instance: textIn(labels, "instance") ?? "",
    scrapeUrl: textIn(value, "scrapeUrl") ?? "",
    health: textIn(value, "health") ?? "unknown",
    lastError: textIn(value, "lastError") ?? "",
    scrapeInterval: textIn(value, "scrapeInterval") ?? "",
    scrapeTimeout: textIn(value, "scrapeTimeout") ?? "",
  };
}
