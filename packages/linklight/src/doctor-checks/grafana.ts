import { pageOf } from "../commands/server-url.ts";
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

/** Whether Grafana works, and its data sources answer it. */
export const grafanaCheck: Check = {
  name: "data source",
  needs: ["grafana"],
  async run(patient) {
    const { presence, url } = patient.services.grafana;
    const health = presence.state === "here" ? recordOf(jsonOf(presence.answer)) : {};
    if (health["database"] !== "ok") {
      return [
        wrong(
          `Grafana's own database does not work: ${String(health["database"])}`,
          "look into its log, and whether its volume is writable for its user (472) and the disk has room",
        ),
      ];
    }
    if (patient.grafanaLogin === undefined && url.username === "") {
      return [
        info(
          "not checked whether Grafana's data source works: that needs a login",
          "give one: --grafana-user NAME --grafana-password-file FILE",
        ),
      ];
    }
    return dataSourceFindings(patient);
  },
};

async function dataSourceFindings({ ask, services, grafanaLogin }: Patient): Promise<Finding[]> {
  const login = grafanaLogin === undefined ? {} : { login: grafanaLogin };
  const page = (path: string): URL => pageOf(services.grafana.url, path);
  const reply = await ask(page("/api/datasources"), login);
  if (reply.status === 401) {
    return [
      warning(
        "Grafana refuses this name and password",
        "the password in its environment counts at its first start only; reset it: grafana cli admin reset-admin-password",
      ),
    ];
  }
  if (reply.status !== 200) {
    const said = reply.status === undefined ? reply.reason : `status ${reply.status}`;
    return [
      warning(
        `Grafana does not tell its data sources: ${said}`,
        "give the login of an administrator",
      ),
    ];
  }
  const sources = listOf(jsonOf(reply));
  if (sources.length === 0) {
    return [
      wrong(
        "Grafana has no data source: every panel is empty",
        "provision one (deploy/grafana/provisioning/datasources), or add it by hand in Connections",
      ),
    ];
  }
  return Promise.all(
    sources.map(async (source): Promise<Finding> => {
      const name = textIn(source, "name") ?? "?";
      const uid = encodeURIComponent(textIn(source, "uid") ?? "");
      const answer = await ask(page(`/api/datasources/uid/${uid}/health`), login);
      const { status, message } = answer.status === undefined ? {} : recordOf(jsonOf(answer));
      if (status === "OK") return ok(`Grafana's data source "${name}" works`);
      const said = answer.status === undefined ? answer.reason : String(message ?? answer.status);
      return wrong(
        `Grafana's data source "${name}" does not work: ${said}`,
        "its URL is asked by Grafana, not by your browser: in compose http://prometheus:9090, never localhost",
      );
    }),
  );
}
