import { shownUrl } from "../commands/server-url.ts";
import {
  type Check,
  type Finding,
  info,
  ok,
  type Patient,
  SERVICE_TITLES,
  SERVICES,
  type Service,
  warning,
  wrong,
} from "../doctor/check.ts";
import { isLoopback } from "../doctor/explain-scrape-error.ts";
import { findListeningProcess } from "../doctor/listening-process.ts";
import type { ServiceName } from "../doctor/presence.ts";

/** Whether anything of the pipeline runs at all; what others run on its ports is none of it. */
export const pipelineCheck: Check = {
  name: "pipeline",
  needs: [],
  run({ services }) {
    const finding = wrong(
      "nothing is running: no endpoint, no Prometheus, no Alertmanager, no Grafana",
      "start an endpoint with npm start, or all of them with docker compose up --wait",
    );
    return Promise.resolve(isIdle(services) ? [finding] : []);
  },
};

function isIdle(services: Patient["services"]): boolean {
  return SERVICES.every((name) => /^(?:nobody|stranger)$/.test(services[name].presence.state));
}

/** Who has the port of a service. */
export function serviceCheck(name: ServiceName): Check {
  return {
    name,
    needs: [],
    run: async ({ services }: Patient) => [
      await serviceFinding(services[name], isIdle(services) ? undefined : HOW_TO_START[name]),
    ],
  };
}

const HOW_TO_START: Readonly<Record<ServiceName, string>> = {
  endpoint: "to start one: npm start, or linklight endpoint",
  prometheus: "docker compose up --wait starts one",
  alertmanager: "docker compose up --wait starts one",
  grafana: "docker compose up --wait starts one",
};

/** The variables of compose.yaml by which a service gets another port. */
const PORT_VARIABLES: Readonly<Record<ServiceName, string>> = {
  endpoint: "ENDPOINT_PORT",
  prometheus: "PROMETHEUS_PORT",
  alertmanager: "ALERTMANAGER_PORT",
  grafana: "GRAFANA_PORT",
};

async function serviceFinding(
  { name, url, isGiven, presence }: Service,
  howToStart: string | undefined,
): Promise<Finding> {
  const at = shownUrl(url);
  const title = SERVICE_TITLES[name];
  // Who needs no Grafana may have something else on its port; whoever starts the compose file may not.
  const blame = isGiven ? wrong : warning;
  switch (presence.state) {
    case "here":
      return ok(`${presence.title} answers at ${at}`);
    case "starting":
      return warning(
        `${presence.title} at ${at} is still starting`,
        "it reads its data; run linklight doctor again in a minute",
      );
    case "locked":
      return warning(
        `${at} asks for name and password (status ${presence.status}), and was not looked at`,
        `give them: --${name} ${url.protocol}//NAME:PASSWORD@${url.host}`,
      );
    case "nobody": {
      const isRefused = presence.code === "ECONNREFUSED";
      const what = isRefused ? `nothing listens at ${at}` : `${at}: ${presence.reason}`;
      return isGiven
        ? wrong(what, `start ${title}, or correct --${name}`)
        : info(`not running: ${what}`, howToStart);
    }
    case "silent":
      return blame(
        `${await holderOf(url)} takes connections at ${at} and does not answer: ${presence.reason}`,
        presence.isLate
          ? `look what has the port ${portOf(url)}, and end it; or if ${title} is just slow, allow more: --timeout 30s`
          : `correct the address: --${name} URL; or end that program, if it is not ${title}`,
      );
    case "stranger":
      return blame(
        `the port ${portOf(url)} of ${title} is taken by ${await holderOf(url)}: ${at} answers ${presence.says}`,
        `end that program, or let ${title} have another port (compose: ${PORT_VARIABLES[name]}) and name it here: --${name} URL`,
      );
  }
}

function portOf({ port, protocol }: URL): number {
  if (port !== "") return Number(port);
  return protocol === "https:" ? 443 : 80;
}

async function holderOf(url: URL): Promise<string> {
  const holder = isLoopback(url.hostname) ? await findListeningProcess(portOf(url)) : undefined;
  if (holder === undefined) return "another program";
  const { name, pid } = holder;
  // Docker's proxy listens for a container.
  const of = name === "docker-proxy" ? "; a container, docker ps says which" : "";
  return `${name} (process ${pid}${of})`;
}
