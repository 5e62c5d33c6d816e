import { describe, expect, it } from "vitest";
import type { ServiceName } from "../../packages/linklight/src/doctor/presence.ts";
import {
  pipelineCheck,
  serviceCheck,
} from "../../packages/linklight/src/doctor-checks/services.ts";
import {
  examineFakes,
  type FakePages,
  WELL_ENDPOINT,
  WELL_PROMETHEUS,
} from "../harness/fake-pipeline.ts";

const linesOf = async (
  name: ServiceName,
  pages: FakePages,
  given: readonly ServiceName[] = [],
): Promise<readonly string[]> =>
  (await examineFakes([serviceCheck(name)], { [name]: pages }, { given })).lines;

describe("serviceCheck", () => {
  it.each<[ServiceName, FakePages, string]>([
    ["endpoint", WELL_ENDPOINT, "ok linklight answers at http://ENDPOINT"],
    [
      "endpoint",
      { "/metrics": "# TYPE a gauge\na 1\n" },
      "ok an exporter answers at http://ENDPOINT",
    ],
    ["prometheus", WELL_PROMETHEUS, "ok Prometheus 3.5.0 answers at http://PROMETHEUS"],
    [
      "alertmanager",
      { "/api/v2/status": { json: { versionInfo: { version: "0.33.1" } } } },
      "ok Alertmanager 0.33.1 answers at http://ALERTMANAGER",
    ],
    [
      "grafana",
      { "/api/health": { json: { database: "ok", version: "13.2.0" } } },
      "ok Grafana 13.2.0 answers at http://GRAFANA",
    ],
  ])("recognises the %s", async (name, pages, expected) => {
    expect(await linesOf(name, pages)).toEqual([expected]);
  });

  it("says that Prometheus is still starting", async () => {
    const pages = {
      "/api/v1/status/buildinfo": { status: 503, body: "Service Unavailable" },
      "/-/healthy": "Prometheus Server is Healthy.\n",
    };
    expect(await linesOf("prometheus", pages)).toEqual([
      "warning Prometheus at http://PROMETHEUS is still starting → it reads its data; run linklight doctor again in a minute",
    ]);
  });

  it("asks for the name and password that a server asks for", async () => {
    expect(await linesOf("endpoint", { "/-/healthy": { status: 401 } })).toEqual([
      "warning http://ENDPOINT asks for name and password (status 401), and was not looked at → give them: --endpoint http://NAME:PASSWORD@ENDPOINT",
    ]);
  });

  it("does not take a Prometheus for an endpoint", async () => {
    const pages = {
      "/-/healthy": "Prometheus Server is Healthy.\n",
      "/metrics": "# TYPE up gauge\nup 1\n",
    };
    const [line] = await linesOf("endpoint", pages);
    expect(line).toMatch(
      /^warning the port \d+ of the endpoint is taken by .* answers "Prometheus Server is Healthy\.", status 200 /,
    );
  });

  it.each([
    [{ status: 404, headers: { Server: "nginx" } }, '"nginx", status 404'],
    [{ body: "<html><title>My app</title>" }, '"My app", status 200'],
    [{ status: 204 }, "status 204"],
  ])("says of a stranger how it shows itself", async (page, expected) => {
    const [line] = await linesOf("grafana", { "/api/health": page }, ["grafana"]);
    expect(line).toMatch(/^wrong the port/);
    expect(line).toContain(`answers ${expected} →`);
  });

  it("says that a service does not run, which is wrong only where it was named", async () => {
    const lines = async (given: readonly ServiceName[]): Promise<readonly string[]> =>
      (await examineFakes([serviceCheck("grafana")], { endpoint: WELL_ENDPOINT }, { given })).lines;
    expect(await lines([])).toEqual([
      "info not running: nothing listens at http://127.0.0.1:1 → docker compose up --wait starts one",
    ]);
    expect(await lines(["grafana"])).toEqual([
      "wrong nothing listens at http://127.0.0.1:1 → start Grafana, or correct --grafana",
    ]);
  });
});

describe("pipelineCheck", () => {
  it("is wrong when nothing of the pipeline runs, whoever else does", async () => {
    const { lines } = await examineFakes([pipelineCheck], { grafana: { "/": "something else" } });
    expect(lines).toEqual([expect.stringMatching(/^wrong nothing is running: /)]);
  });

  it("has nothing to say otherwise", async () => {
    const { lines } = await examineFakes([pipelineCheck], { prometheus: { ...WELL_PROMETHEUS } });
    expect(lines).toEqual([]);
  });
});
