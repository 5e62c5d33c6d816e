import { parseDuration } from "@linklight/model";
import { shownUrl } from "../commands/server-url.ts";
import {
  type Check,
  type Finding,
  info,
  ok,
  type Patient,
  warning,
  wrong,
} from "../doctor/check.ts";
import { seriesOfEndpoint } from "../doctor/endpoint-page.ts";
import { explainScrapeError, isLoopback } from "../doctor/explain-scrape-error.ts";
import type { Target } from "../doctor/prometheus-api.ts";

/** Prometheus' `--query.lookback-delta` unless told otherwise. */
const DEFAULT_LOOKBACK = "5m";

/** Whether Prometheus reaches what it scrapes, this endpoint among it, and often enough. */
export const targetsCheck: Check = {
  name: "targets",
  needs: ["prometheus"],
  async run(patient) {
    const { active, dropped } = await patient.prometheus.targets();
    const down = active.filter(({ health }) => health === "down");
    const pending = active.filter(({ health }) => health === "unknown").length;
    const up = active.length - down.length - pending;
    return [
      ...(up > 0 ? [ok(up === 1 ? "1 target is up" : `${up} targets are up`)] : []),
      ...(pending > 0 ? [info(`${pending} not scraped yet`)] : []),
      ...(await downFindings(down, patient)),
      ...emptyFindings(active.length, dropped),
      ...(await endpointFindings(active, patient)),
      ...(await intervalFindings(active, patient)),
    ];
  },
};

/** The target, if any, whose address is that of an endpoint; all names of the loopback are one. */
export function targetOfEndpoint(active: readonly Target[], endpoint: URL): Target | undefined {
  const wanted = addressOf(endpoint);
  return active.find(({ scrapeUrl }) => {
    const url = URL.canParse(scrapeUrl) ? new URL(scrapeUrl) : undefined;
    return url !== undefined && addressOf(url) === wanted;
  });
}

function addressOf({ hostname, port, protocol }: URL): string {
  const name = isLoopback(hostname) ? "loopback" : hostname;
  return `${name}:${port || (protocol === "https:" ? "443" : "80")}`;
}

/** One finding for all targets of a job that are down for the same reason. */
async function downFindings(down: readonly Target[], patient: Patient): Promise<Finding[]> {
  const answering = await answeringHere(down, patient);
  const groups = new Map<string, { readonly first: Finding; readonly names: string[] }>();
  for (const target of down) {
    const url = new URL(URL.canParse(target.scrapeUrl) ? target.scrapeUrl : "http://unknown");
    const { means, remedy } = explainScrapeError(target.lastError, {
      address: url.host,
      host: url.hostname,
      path: url.pathname,
      job: target.job,
      timeout: target.scrapeTimeout,
      answersHere: answering.has(url.host),
    });
    const key = JSON.stringify([target.job, url.host, means.replace(url.pathname, "")]);
    const group = groups.get(key) ?? { first: wrong(means, remedy), names: [] };
    group.names.push(target.instance);
    groups.set(key, group);
  }
  return [...groups].map(([key, { first, names }]) => {
    const [job, host] = JSON.parse(key) as [string, string];
    const more = names.length === 1 ? "" : ` and ${names.length - 1} more`;
    const at = names[0] === host ? "" : ` at ${host}`;
    return {
      ...first,
      message: `${names[0]}${more}${at} (job "${job}") is down: ${first.message}`,
    };
  });
}

/** As many addresses of targets are asked whether they answer here. */
const MOST_ADDRESSES = 16;

/** The addresses of targets that Prometheus does not reach, and that answer here. */
async function answeringHere(down: readonly Target[], { ask }: Patient): Promise<Set<string>> {
  const doubtful = down.filter(({ lastError, scrapeUrl }) => {
    return /refused|deadline|timeout/.test(lastError) && URL.canParse(scrapeUrl);
  });
  const byHost = new Map(doubtful.map(({ scrapeUrl }) => [new URL(scrapeUrl).host, scrapeUrl]));
  const asked = await Promise.all(
    [...byHost].slice(0, MOST_ADDRESSES).map(async ([host, scrapeUrl]) => {
      const { origin, pathname } = new URL(scrapeUrl);
      return (await ask(new URL(pathname, origin))).status === undefined ? [] : [host];
    }),
  );
  return new Set(asked.flat());
}

/**
 * Whether Prometheus' loopback is seen to be another than ours, as that of a container is: nothing listens
 * there where something listens here.
 */
export async function hasOtherLoopback(patient: Patient): Promise<boolean> {
  const { active } = await patient.prometheus.targets();
  const refused = active.filter(
    ({ health, lastError, scrapeUrl }) =>
      health === "down" &&
      lastError.includes("connection refused") &&
      URL.canParse(scrapeUrl) &&
      isLoopback(new URL(scrapeUrl).hostname),
  );
  return (await answeringHere(refused, patient)).size > 0;
}

function emptyFindings(active: number, dropped: number): Finding[] {
  if (active === 0) {
    const but = dropped === 0 ? "" : `; its relabel_configs drop all ${dropped} that it discovers`;
    return [
      warning(
        `Prometheus has no targets${but}`,
        dropped === 0
          ? "name some in scrape_configs of its configuration; if they come from http_sd_configs, look into Prometheus' log whether /sd answers it"
          : "correct keep and drop in relabel_configs",
      ),
    ];
  }
  return dropped === 0
    ? []
    : [info(`${dropped} discovered targets are dropped by relabel_configs`)];
}

async function endpointFindings(active: readonly Target[], patient: Patient): Promise<Finding[]> {
  const { endpoint } = patient.services;
  if (endpoint.presence.state !== "here" || active.length === 0) return [];
  if (targetOfEndpoint(active, endpoint.url) !== undefined) return [];
  // By another name, as from inside a container: then its series are there.
  if ((await seriesOfEndpoint(patient)).length > 0) return [];
  return [
    warning(
      `Prometheus does not scrape the endpoint at ${shownUrl(endpoint.url)}`,
      `add a job to scrape_configs with static_configs: [{targets: ["${endpoint.url.host}"]}] (from a container by a name that it knows)`,
    ),
  ];
}

async function intervalFindings(
  active: readonly Target[],
  { prometheus }: Patient,
): Promise<Finding[]> {
  const flag = (await prometheus.flags())["query.lookback-delta"];
  const lookback = typeof flag === "string" && flag !== "" ? flag : DEFAULT_LOOKBACK;
  const slow = new Map(
    active
      .filter(({ scrapeInterval }) => isLonger(scrapeInterval, lookback))
      .map(({ job, scrapeInterval }) => [job, scrapeInterval]),
  );
  return [...slow].map(([job, interval]) =>
    warning(
      `the job "${job}" is scraped every ${interval}, and queries look back ${lookback} only: its graphs have gaps`,
      "scrape it every 2m or more often",
    ),
  );
}

function isLonger(interval: string, lookback: string): boolean {
  try {
    return parseDuration(interval) > parseDuration(lookback);
  } catch {
    // Another server may write durations in another way.
    return false;
  }
}
