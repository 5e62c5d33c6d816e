import { lintExposition } from "@linklight/client";
import { checkFamilies, expositionFormatOf } from "@linklight/exposition";
import { parseDuration } from "@linklight/model";
import { pageOf, shownUrl } from "../commands/server-url.ts";
import type { Answer } from "../doctor/ask.ts";
import { type Check, type Finding, ok, type Patient, warning, wrong } from "../doctor/check.ts";
import { targetOfEndpoint } from "./targets.ts";

/** Prometheus' default. */
const DEFAULT_SCRAPE_TIMEOUT = "10s";

/** Whether the endpoint is ready, and its page is one that Prometheus reads, in time. */
export const metricsPageCheck: Check = {
  name: "metrics page",
  needs: ["endpoint"],
  async run(patient) {
    const { url, presence } = patient.services.endpoint;
    const at = shownUrl(pageOf(url, "/metrics"));
    const isOurs = presence.state === "here" && presence.title === "linklight";
    const [page, ready] = await Promise.all([
      patient.endpointPage(),
      isOurs ? patient.ask(pageOf(url, "/-/ready")) : undefined,
    ]);
    if (ready !== undefined && ready.status !== 200) {
      return [
        wrong(
          `the endpoint is not ready: /-/ready answers ${ready.status ?? ready.reason}`,
          "wait until it has started; its log says what it waits for",
        ),
      ];
    }
    if (page.status === undefined) {
      return [wrong(`${at} does not answer: ${page.reason}`, "look into the endpoint's log")];
    }
    if (page.status !== 200) {
      const remedy =
        page.status === 401 ? "give name and password: --endpoint http://NAME:PASSWORD@HOST" : "";
      return [wrong(`${at} answers ${page.status}`, remedy || "look into the endpoint's log")];
    }
    const timeout = await scrapeTimeout(patient);
    const findings = [...contentFindings(at, page), ...timeFindings(at, page.tookMs, timeout)];
    return findings.length > 0 ? findings : [ok(wellText(at, page))];
  },
};

function wellText(at: string, page: Answer): string {
  const { families } = checkFamilies(formatOf(page) ?? "text-0.0.4", page.body);
  const series = families.reduce((sum, { metrics }) => sum + metrics.length, 0);
  return `${at}: ${families.length} families, ${series} metrics in ${Math.round(page.tookMs)} ms`;
}

function formatOf({ headers }: Answer): ReturnType<typeof expositionFormatOf> {
  return expositionFormatOf(headers["content-type"]);
}

/** What is wrong with what stands on the page. */
function contentFindings(at: string, page: Answer): Finding[] {
  const format = formatOf(page);
  if (format === undefined) {
    const type = page.headers["content-type"];
    return [
      wrong(
        `${at} does not say that it is metrics: ${type === undefined ? "no Content-Type" : `Content-Type ${type}`}, which Prometheus 3 refuses`,
        "let it send Content-Type: text/plain; version=0.0.4",
      ),
    ];
  }
  const { problems, findings } = lintExposition(format, page.body);
  const [problem] = problems;
  const command = `curl -s ${at} | linklight check metrics`;
  if (problem !== undefined) {
    const all = problems.length === 1 ? "" : ` (and ${problems.length - 1} more)`;
    return [
      wrong(
        `${at} cannot be read: line ${problem.line}, column ${problem.column}: ${problem.problem}${all}`,
        `mend the collector that writes it; all of it: ${command}`,
      ),
    ];
  }
  const [finding] = findings;
  const more = findings.length < 2 ? "" : ` (and ${findings.length - 1} more)`;
  return [
    ...failedCollectors(page).map((name) =>
      wrong(
        `the collector ${name} has failed: its metrics are missing`,
        "the endpoint's log says why",
      ),
    ),
    ...(finding === undefined
      ? []
      : [warning(`${finding.metric} ${finding.text}${more}`, `all of it: ${command}`)]),
  ];
}

function failedCollectors(page: Answer): string[] {
  const { families } = checkFamilies(formatOf(page) ?? "text-0.0.4", page.body);
  const success = families.find(({ name }) => name === "linklight_collector_success");
  return (success?.metrics ?? []).flatMap((metric) =>
    "value" in metric && metric.value === 0 ? [metric.labels.get("collector") ?? ""] : [],
  );
}

/** What is to be said of the time that a page took, beside the scrape timeout, a duration of Prometheus. */
export function timeFindings(at: string, tookMs: number, timeout: string): Finding[] {
  const timeoutMs = parseDuration(timeout);
  const took = `${at} took ${(tookMs / 1000).toFixed(1)} s`;
  const remedy = "make the collector faster, or scrape_timeout (and scrape_interval) longer";
  if (tookMs > timeoutMs) {
    return [wrong(`${took}, longer than the scrape timeout of ${timeout}`, remedy)];
  }
  return tookMs > timeoutMs / 2
    ? [warning(`${took}, more than half of the scrape timeout of ${timeout}`, remedy)]
    : [];
}

async function scrapeTimeout({ services, prometheus }: Patient): Promise<string> {
  if (services.prometheus.presence.state !== "here") return DEFAULT_SCRAPE_TIMEOUT;
  const targets = await prometheus.targets().catch(() => undefined);
  const target = targetOfEndpoint(targets?.active ?? [], services.endpoint.url);
  return target?.scrapeTimeout || DEFAULT_SCRAPE_TIMEOUT;
}
