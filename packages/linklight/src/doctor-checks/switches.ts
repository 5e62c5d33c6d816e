import { pageOf, shownUrl } from "../commands/server-url.ts";
import { jsonOf } from "../doctor/ask.ts";
import {
  type Check,
  type Finding,
  info,
  ok,
  type Patient,
  warning,
  wrong,
} from "../doctor/check.ts";
import { listOf, recordOf, textIn } from "../doctor/presence.ts";

/** As many switches are asked for their page; one that answers tells of its hundreds of neighbours. */
const MOST_PAGES = 8;

/** Whether the endpoint's service discovery can be read, and its targets answer. */
export const switchesCheck: Check = {
  name: "switches",
  needs: ["endpoint"],
  async run(patient) {
    const url = pageOf(patient.services.endpoint.url, "/sd");
    const reply = await patient.ask(url);
    if (reply.status === 404) return [info("this endpoint has no service discovery (/sd)")];
    if (reply.status !== 200 || !Array.isArray(jsonOf(reply))) {
      const said = reply.status === undefined ? reply.reason : `status ${reply.status}`;
      return [
        wrong(
          `${shownUrl(url)} gives no list of targets: ${said}`,
          "look into the endpoint's log; Prometheus keeps the targets it knows until /sd answers again",
        ),
      ];
    }
    const targets = listOf(jsonOf(reply)).flatMap(discoveredTargets);
    if (targets.length === 0) return [ok("one switch at most, on /metrics; /sd lists none")];
    const problems = await unreachable(targets, patient);
    if (problems.length > 0) return problems;
    return [
      ok(
        `${targets.length} switches in /sd; ${Math.min(targets.length, MOST_PAGES)} asked, all answer`,
      ),
      ...(await undiscovered(url, patient)),
    ];
  },
};

interface DiscoveredTarget {
  readonly name: string;
  readonly url: URL;
}

function discoveredTargets(group: unknown): DiscoveredTarget[] {
  const { targets, labels } = recordOf(group);
  const scheme = textIn(labels, "__scheme__") ?? "http";
  const path = textIn(labels, "__metrics_path__") ?? "/metrics";
  return listOf(targets).flatMap((address) => {
    const text = `${scheme}://${String(address)}${path}`;
    if (!URL.canParse(text)) return [];
    return [{ name: textIn(labels, "instance") ?? String(address), url: new URL(text) }];
  });
}

async function unreachable(
  targets: readonly DiscoveredTarget[],
  { ask, services }: Patient,
): Promise<Finding[]> {
  const { origin, username, password } = services.endpoint.url;
  const asked = await Promise.all(
    targets.slice(0, MOST_PAGES).map(async ({ name, url }) => {
      const page = new URL(url);
      // What was given for the endpoint is for the endpoint alone.
      if (url.origin === origin) Object.assign(page, { username, password });
      return { name, url, reply: await ask(page) };
    }),
  );
  return asked.flatMap(({ name, url, reply }) => {
    if (reply.status === 200) return [];
    const said = reply.status === undefined ? reply.reason : `status ${reply.status}`;
    return [
      wrong(
        `${name}: ${shownUrl(url)} does not give metrics: ${said}`,
        "the addresses in /sd are those by which the endpoint was asked: ask it by a name that reaches it from everywhere",
      ),
    ];
  });
}

async function undiscovered(url: URL, { prometheus, services }: Patient): Promise<Finding[]> {
  if (services.prometheus.presence.state !== "here") return [];
  const { active } = await prometheus.targets();
  if (active.some(({ scrapeUrl }) => scrapeUrl.includes("/switches/"))) return [];
  return [
    warning(
      "Prometheus scrapes none of these switches",
      `let it find them: http_sd_configs with url ${shownUrl(url)} (by a name that Prometheus reaches) in a job of scrape_configs`,
    ),
  ];
}
