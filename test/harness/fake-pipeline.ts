import type { IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { type Check, SERVICES } from "../../packages/linklight/src/doctor/check.ts";
import { type ExamineOptions, examine } from "../../packages/linklight/src/doctor/examine.ts";
import type { ServiceName } from "../../packages/linklight/src/doctor/presence.ts";
import { startServer, type TestServer } from "./http-server.ts";

/** A page of a fake server: a text, something to be written as JSON, or an answer in full. */
export type FakePage = string | FakeAnswer | { readonly json: unknown };

/** An answer in full. */
export interface FakeAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The pages of a fake server, by path with query or without; everything else is answered with 404. */
export type FakePages = Readonly<Record<string, FakePage>>;

/** What a fake Prometheus answers when all is well, below `/api/v1`. */
export const WELL_PROMETHEUS: FakePages = {
  "/api/v1/status/buildinfo": api({ version: "3.5.0" }),
  "/api/v1/status/runtimeinfo": api({ reloadConfigSuccess: true, storageRetention: "15d" }),
  "/api/v1/status/tsdb": api({ headStats: { numSeries: 42 } }),
  "/api/v1/status/flags": api({ "config.file": "prometheus.yml" }),
  "/api/v1/status/config": api({ yaml: "" }),
  "/api/v1/targets": api({ activeTargets: [], droppedTargets: [] }),
  "/api/v1/rules": api({ groups: [] }),
  "/api/v1/alertmanagers": api({ activeAlertmanagers: [], droppedAlertmanagers: [] }),
  "/api/v1/query": api({ resultType: "vector", result: [] }),
  "/metrics": "prometheus_config_last_reload_successful 1\n",
};

/** What a fake endpoint answers when all is well. */
export const WELL_ENDPOINT: FakePages = {
  "/-/healthy": "linklight is Healthy.\n",
  "/-/ready": "linklight is Ready.\n",
  "/metrics": "# HELP room_celsius Air\n# TYPE room_celsius gauge\nroom_celsius 21\n",
};

/** What the API of Prometheus answers with. */
export function api(data: unknown): FakePage {
  return { json: { status: "success", data } };
}

/** What a check found, a line each: `severity message → remedy`, with the names of servers for their addresses. */
export interface Examination {
  readonly lines: readonly string[];
  /** The headers of what each server was asked with. */
  readonly requests: Readonly<Partial<Record<ServiceName, readonly IncomingHttpHeaders[]>>>;
}

/** Nobody listens there: the system keeps such ports for root. */
const NOBODY = "http://127.0.0.1:1";

/**
 * Runs checks against fake servers: those that are missing do not run. In pages and options `ENDPOINT`, `PROMETHEUS`,
 * `ALERTMANAGER` and `GRAFANA` stand for the addresses of the servers.
 */
export async function examineFakes(
  checks: readonly Check[],
  pages: Readonly<Partial<Record<ServiceName, FakePages>>>,
  options: Partial<ExamineOptions> & { readonly given?: readonly ServiceName[] } = {},
): Promise<Examination> {
  const servers = new Map<ServiceName, TestServer>();
  const withAddresses = (text: string): string =>
    [...servers].reduce((all, [name, { address }]) => {
      return all.replaceAll(name.toUpperCase(), address);
    }, text);
  for (const name of SERVICES) {
    const own = pages[name];
    if (own !== undefined) servers.set(name, await fakeServer(own, withAddresses));
  }
  const address = (name: ServiceName): { readonly url: URL; readonly isGiven: boolean } => {
    const server = servers.get(name);
    const url = new URL(server === undefined ? NOBODY : `http://${server.address}`);
    return { url, isGiven: options.given?.includes(name) ?? false };
  };
  try {
    const findings = await examine(checks, {
      addresses: {
        endpoint: address("endpoint"),
        prometheus: address("prometheus"),
        alertmanager: address("alertmanager"),
        grafana: address("grafana"),
      },
      timeoutMs: 5000,
      folder: tmpdir(),
      env: {},
      ...options,
    });
    const lines = findings.map(({ severity, message, remedy }) => {
      const line = `${severity} ${message}${remedy === undefined ? "" : ` → ${remedy}`}`;
      return [...servers].reduce(
        (all, [name, server]) => all.replaceAll(server.address, name.toUpperCase()),
        line,
      );
    });
    const requests = Object.fromEntries([...servers].map(([name, each]) => [name, each.requests]));
    return { lines, requests };
  } finally {
    await Promise.all([...servers.values()].map((server) => server.close()));
  }
}

function fakeServer(
  pages: FakePages,
  withAddresses: (text: string) => string,
): Promise<TestServer> {
  return startServer((request, response) => {
    const path = request.url ?? "/";
    const page = pages[path] ?? pages[path.split("?")[0] ?? ""] ?? { status: 404 };
    const isJson = typeof page === "object" && "json" in page;
    const {
      status = 200,
      headers = {},
      body = "",
    } = isJson
      ? { body: JSON.stringify(page.json), headers: { "Content-Type": "application/json" } }
      : typeof page === "string"
        ? { body: page, headers: { "Content-Type": "text/plain; version=0.0.4" } }
        : page;
    response.writeHead(status, headers).end(withAddresses(body));
  });
}
