import { describe, expect, it } from "vitest";
import { grafanaCheck } from "../../packages/linklight/src/doctor-checks/grafana.ts";
import { serviceCheck } from "../../packages/linklight/src/doctor-checks/services.ts";
import { examineFakes, type FakePages, WELL_ENDPOINT } from "../harness/fake-pipeline.ts";

const HEALTH = { "/api/health": { json: { database: "ok", version: "13.2.0" } } };
const LOGIN = { grafanaLogin: "admin:secret" };

const linesOf = async (pages: FakePages, options = {}): Promise<readonly string[]> =>
  (await examineFakes([grafanaCheck], { grafana: { ...HEALTH, ...pages } }, options)).lines;

describe("grafanaCheck", () => {
  it("says that it has not looked without a login", async () => {
    expect(await linesOf({})).toEqual([
      "info not checked whether Grafana's data source works: that needs a login → give one: --grafana-user NAME --grafana-password-file FILE",
    ]);
  });

  it("tells of a database that does not work", async () => {
    const pages = { "/api/health": { json: { database: "failing" } } };
    expect(await linesOf(pages)).toEqual([
      expect.stringMatching(/^wrong Grafana's own database does not work: failing → /),
    ]);
  });

  it("asks each data source whether it works", async () => {
    const pages = {
      "/api/datasources": {
        json: [
          { name: "Prometheus", uid: "prometheus" },
          { name: "Old", uid: "old" },
        ],
      },
      "/api/datasources/uid/prometheus/health": { json: { status: "OK", message: "fine" } },
      "/api/datasources/uid/old/health": {
        json: { status: "ERROR", message: "dial tcp 127.0.0.1:9090: connection refused" },
      },
    };
    expect(await linesOf(pages, LOGIN)).toEqual([
      'ok Grafana\'s data source "Prometheus" works',
      'wrong Grafana\'s data source "Old" does not work: dial tcp 127.0.0.1:9090: connection refused → its URL is asked by Grafana, not by your browser: in compose http://prometheus:9090, never localhost',
    ]);
  });

  it.each([
    [{ status: 401 }, /^warning Grafana refuses this name and password → /],
    [{ status: 403 }, /^warning Grafana does not tell its data sources: status 403 → /],
    [{ json: [] }, /^wrong Grafana has no data source: every panel is empty → provision/],
  ])("tells what it is answered: %j", async (page, expected) => {
    expect(await linesOf({ "/api/datasources": page }, LOGIN)).toEqual([
      expect.stringMatching(expected),
    ]);
  });

  it("sends the login to Grafana's data sources alone", async () => {
    const checks = [grafanaCheck, serviceCheck("endpoint"), serviceCheck("grafana")];
    const servers = {
      endpoint: WELL_ENDPOINT,
      grafana: { ...HEALTH, "/api/datasources": { json: [] } },
    };
    const { requests } = await examineFakes(checks, servers, LOGIN);
    expect(requests.endpoint?.map(({ authorization }) => authorization)).toEqual([undefined]);
    expect(requests.grafana?.map(({ authorization }) => authorization)).toEqual([
      undefined,
      `Basic ${btoa("admin:secret")}`,
    ]);
  });

  it("sends it to nobody where another program answers", async () => {
    const { requests } = await examineFakes([grafanaCheck], { grafana: { "/": "me" } }, LOGIN);
    expect(requests.grafana?.map(({ authorization }) => authorization)).toEqual([
      undefined,
      undefined,
    ]);
  });
});
