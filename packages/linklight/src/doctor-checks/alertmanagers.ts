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
import { isLoopback } from "../doctor/explain-scrape-error.ts";
import { listOf, recordOf, textIn } from "../doctor/presence.ts";
import { hasOtherLoopback } from "./targets.ts";

const START = "start it (docker compose start alertmanager); alerts that still fire are sent again";

/** Whether what fires in Prometheus arrives in an Alertmanager. */
export const alertmanagersCheck: Check = {
  name: "notifications",
  needs: ["prometheus"],
  async run(patient) {
    const data = recordOf(await patient.prometheus.data("alertmanagers"));
    const urls = listOf(data["activeAlertmanagers"]).flatMap((each) => {
      const text = textIn(each, "url");
      return text !== undefined && URL.canParse(text) ? [new URL(text)] : [];
    });
    if (urls.length === 0)
      return [noneFinding(listOf(data["droppedAlertmanagers"]).length, patient)];
    const found = await Promise.all(urls.map((url) => alertmanagerFinding(url, patient)));
    return [...found, ...(await lostFindings(patient))];
  },
};

/** Whether Alertmanager passes on what it gets, as far as it tells. */
export const alertmanagerCheck: Check = {
  name: "alerts",
  needs: ["alertmanager"],
  async run({ ask, services }) {
    const { presence, url } = services.alertmanager;
    const status = presence.state === "here" ? recordOf(jsonOf(presence.answer)) : {};
    const cluster = textIn(status["cluster"], "status");
    const [alerts, silences] = await Promise.all(
      ["alerts", "silences"].map(async (what) => {
        const reply = await ask(pageOf(url, `/api/v2/${what}`));
        return reply.status === 200 ? listOf(jsonOf(reply)) : [];
      }),
    );
    const silenced = (alerts ?? []).filter(
      (alert) => textIn(recordOf(alert)["status"], "state") === "suppressed",
    ).length;
    const active = (silences ?? []).filter(
      (silence) => textIn(recordOf(silence)["status"], "state") === "active",
    ).length;
    const counted = ok(`${alerts?.length ?? 0} alerts, ${silenced} of them silenced or inhibited`);
    return [
      counted,
      ...(active === 0
        ? []
        : [info(`${active} silences are active: what they match is told to nobody`)]),
      ...(cluster === undefined || /^(?:ready|disabled)$/.test(cluster)
        ? []
        : [
            warning(
              `Alertmanager waits for its cluster (${cluster}), and notifies later`,
              "one that is alone wants --cluster.listen-address= (empty)",
            ),
          ]),
    ];
  },
};

function noneFinding(dropped: number, { services }: Patient): Finding {
  if (dropped > 0) {
    return warning(
      `Prometheus sends alerts to nobody: relabelling drops all ${dropped} Alertmanagers that it discovers`,
      "correct alert_relabel_configs or relabel_configs under alerting of its configuration",
    );
  }
  const message = "Prometheus sends alerts to nobody: it knows no Alertmanager";
  const remedy =
    "name one under alerting: alertmanagers: static_configs of Prometheus' configuration";
  return services.alertmanager.presence.state === "here"
    ? warning(message, remedy)
    : info(message, remedy);
}

/** What Prometheus posts alerts to; the server itself is below another path. */
async function alertmanagerFinding(url: URL, patient: Patient): Promise<Finding> {
  const page = new URL(url);
  page.pathname = url.pathname.replace(/\/api\/v[12]\/alerts$/, "/-/healthy");
  // What stands in Prometheus' configuration is not ours to send.
  page.username = "";
  page.password = "";
  const reply = await patient.ask(page);
  const at = url.host;
  if (reply.status === 200 && isLoopback(url.hostname) && (await hasOtherLoopback(patient))) {
    return wrong(
      `Prometheus sends alerts to ${at}, which answers here, but not Prometheus: it runs in a container, or elsewhere, and ${url.hostname} is that container itself`,
      "give it the name by which the container reaches Alertmanager: the service's name in compose, or host.docker.internal",
    );
  }
  if (reply.status === 200) return ok(`alerts go to the Alertmanager at ${at}`);
  if (reply.status === 401) return ok(`alerts go to ${at}, which asks for name and password`);
  if (reply.status !== undefined) {
    return wrong(
      `Prometheus sends alerts to ${at}, which answers ${reply.status}`,
      "correct the address under alerting of Prometheus' configuration",
    );
  }
  const { alertmanager } = patient.services;
  if (reply.code === "ECONNREFUSED") return refusedFinding(at, url, patient);
  // Looking for a name that only containers know can take all the time there is.
  const isUnknown = /^(?:ENOTFOUND|EAI_AGAIN|TIMEOUT)$/.test(reply.code) && !reply.isConnected;
  if (!isUnknown) {
    return wrong(`Prometheus sends alerts to ${at}, which does not answer: ${reply.reason}`, START);
  }
  if (alertmanager.presence.state === "here") {
    const here = shownUrl(alertmanager.url);
    return ok(
      `alerts go to ${at}, a name inside of containers; an Alertmanager answers at ${here}`,
    );
  }
  return wrong(
    `Prometheus sends alerts to ${at}, a name that is not known here, and no Alertmanager answers at ${shownUrl(alertmanager.url)}`,
    `${START}; or name it here: --alertmanager URL`,
  );
}

function refusedFinding(at: string, url: URL, { services }: Patient): Finding {
  const elsewhere = shownUrl(services.alertmanager.url);
  const isInContainer = isLoopback(url.hostname) && services.alertmanager.presence.state === "here";
  return isInContainer
    ? wrong(
        `Prometheus sends alerts to ${at}, where nothing listens, while an Alertmanager answers at ${elsewhere}`,
        "correct the address under alerting of Prometheus' configuration",
      )
    : wrong(`the Alertmanager at ${at}, to which Prometheus sends alerts, is stopped`, START);
}

async function lostFindings({ prometheus }: Patient): Promise<Finding[]> {
  const dropped = await prometheus
    .ownTotal("prometheus_notifications_dropped_total")
    .catch(() => undefined);
  if (dropped === undefined || dropped === 0) return [];
  return [
    warning(
      `Prometheus has lost ${dropped} notifications since it started`,
      "Alertmanager was stopped or too slow then; alerts that still fire are sent again",
    ),
  ];
}
