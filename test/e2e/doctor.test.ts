import { writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { startServer } from "../harness/http-server.ts";
import { temporaryFolder } from "../harness/temporary-folder.ts";
import { linklight, SLOW, start, stopAll } from "./linklight.ts";

const folder = temporaryFolder("doctor");
afterAll(() => folder.remove());
afterEach(stopAll);

// Port 1 is nobody's. Given addresses would be missed: defaults are what users have, and busy machines too.
const NOWHERE = "http://127.0.0.1:1";
const env = { DOCKER_HOST: `unix://${folder.path}/none.sock` };
const doctor = (...args: string[]) => linklight(["doctor", ...args], { cwd: folder.path, env });

const addresses = (given: Readonly<Record<string, string>>): string[] =>
  ["endpoint", "prometheus", "alertmanager", "grafana"].flatMap((name) => [
    `--${name}`,
    given[name] ?? NOWHERE,
  ]);

interface Report {
  readonly healthy: boolean;
  readonly findings: readonly {
    readonly check: string;
    readonly severity: string;
    readonly message: string;
    readonly remedy?: string;
  }[];
}

async function report(...args: string[]): Promise<Report & { readonly code: number | null }> {
  const { code, stdout, stderr } = await doctor("--format=json", ...args);
  expect(stderr).toBe("");
  return { code, ...(JSON.parse(stdout) as Report) };
}

describe("linklight doctor", SLOW, () => {
  it("says of a fabric that all its switches answer", async () => {
    const endpoint = await start("--fabric", "leaf-spine:2x2");
    const { findings } = await report("--endpoint", `http://${endpoint.address}`);
    const of = (wanted: string) =>
      findings
        .filter(({ check }) => check === wanted)
        .map(({ severity, message }) => `${severity} ${message.replace(/\d+ ms/, "N ms")}`);
    expect(of("endpoint")).toEqual([`ok linklight answers at http://${endpoint.address}`]);
    expect(of("metrics page")).toEqual([
      expect.stringMatching(/^ok http:\/\/.*\/metrics: \d+ families, \d+ metrics in N ms$/),
    ]);
    expect(of("switches")).toContain("ok 4 switches in /sd; 4 asked, all answer");
    expect(of("node")).toEqual([`ok Node ${process.versions.node}`]);
  });

  it("says that nothing runs and what to start, and ends with 1", async () => {
    const { code, healthy, findings } = await report(...addresses({}));
    expect([code, healthy, findings[0]]).toEqual([
      1,
      false,
      {
        check: "pipeline",
        severity: "wrong",
        message: "nothing is running: no endpoint, no Prometheus, no Alertmanager, no Grafana",
        remedy: "start an endpoint with npm start, or all of them with docker compose up --wait",
      },
    ]);
  });

  it("says who has a port that is taken", async () => {
    const stranger = await startServer((_, response) => {
      response.setHeader("Server", "coffee-machine/1.0");
      response.writeHead(418).end("I'm a teapot");
    });
    try {
      const { code, findings } = await report(
        ...addresses({ prometheus: `http://${stranger.address}` }),
      );
      const [finding] = findings.filter(({ check }) => check === "prometheus");
      expect(code).toBe(1);
      expect(finding?.message).toContain('answers "coffee-machine/1.0", status 418');
      if (process.platform === "linux") {
        expect(finding?.message).toContain(`(process ${process.pid})`);
      }
      expect(finding?.remedy).toContain("PROMETHEUS_PORT");
    } finally {
      await stranger.close();
    }
  });

  it("waits for a server that takes connections and says nothing no longer than told", async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as AddressInfo;
    try {
      const url = `http://127.0.0.1:${port}`;
      const { findings } = await report("--timeout=200ms", ...addresses({ grafana: url }));
      const [finding] = findings.filter(({ check }) => check === "grafana");
      expect(finding?.message).toMatch(/takes connections .* nothing within 0\.2 s$/);
    } finally {
      silent.close();
    }
  });

  it("says that https is asked of a server that speaks http", async () => {
    const endpoint = await start();
    const { findings } = await report("--endpoint", `https://${endpoint.address}`);
    const [finding] = findings.filter(({ check }) => check === "endpoint");
    expect(finding?.message).toMatch(/it does not speak TLS; perhaps it speaks http$/);
    expect(finding?.remedy).toMatch(/^correct the address: --endpoint URL/);
  });

  it("prints a line each, and what to do, without colours where there is no terminal", async () => {
    const { code, stdout } = await doctor(...addresses({}));
    expect(code).toBe(1);
    expect(stdout).toMatch(/^wrong {4}pipeline +nothing is running: .*\n +→ start an endpoint/);
    expect(stdout).not.toContain("\u001b");
    expect(stdout).toMatch(/\n5 wrong\n$/);
  });

  it("reads the compose file of the folder", async () => {
    const file = join(folder.path, "compose.yaml");
    writeFileSync(
      file,
      "services: {web: {image: grafana/grafana, secrets: [password]}}\nsecrets: {password: {file: ./nowhere}}\n",
    );
    const { findings } = await report();
    expect(findings.filter(({ check }) => check === "compose")).toMatchObject([
      { severity: "wrong", message: "the file of the secret password is missing: nowhere" },
    ]);
  });

  it.each([
    ["an address that is none", ["--endpoint", "localhost"]],
    ["a time that is none", ["--timeout", "soon"]],
    ["a time that is too long", ["--timeout", "1h"]],
    ["a user without a password", ["--grafana-user", "admin"]],
    [
      "a password file that is not there",
      ["--grafana-user", "admin", "--grafana-password-file", "nowhere"],
    ],
    ["an argument", ["now"]],
  ])("ends with 2 for %s", async (_, args) => {
    const { code, stdout, stderr } = await doctor(...args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^error: .*\n$/);
  });
});
