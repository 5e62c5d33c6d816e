import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { platform } from "node:process";
import { afterAll, describe, expect, it } from "vitest";
import type { ServiceName } from "../../packages/linklight/src/doctor/presence.ts";
import { composeCheck } from "../../packages/linklight/src/doctor-checks/compose.ts";
import { examineFakes, type FakePages } from "../harness/fake-pipeline.ts";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "linklight-compose-"));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text, { mode: 0o644 });
    chmodSync(dirname(join(folder, name)), 0o755);
  }
  return folder;
}

const linesOf = async (
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
  servers: Readonly<Partial<Record<ServiceName, FakePages>>> = {},
): Promise<readonly string[]> =>
  (await examineFakes([composeCheck], servers, { folder: folderWith(files), env })).lines;

const GRAFANA = `
services:
  web:
    image: grafana/grafana:13.2.0
    environment:
      - GF_SECURITY_ADMIN_PASSWORD=\${GRAFANA_ADMIN_PASSWORD:-}
      - GF_SECURITY_ADMIN_PASSWORD__FILE=/run/secrets/password
    ports: ["\${BIND:-127.0.0.1}:3000:3000"]
    secrets: [password]
    volumes: ["./dashboards:/dashboards:ro", "data:/var/lib/grafana"]
secrets:
  password: {file: "\${PASSWORD_FILE:-./password}"}
volumes: {data: }
`;
const WELL = { "compose.yaml": GRAFANA, password: "admin\n", "dashboards/a.json": "{}" };

describe("composeCheck", () => {
  it("has nothing to look at without a compose file", async () => {
    expect(await linesOf({})).toEqual(["info no compose file in this folder"]);
  });

  it("is content with one that can be started", async () => {
    expect(await linesOf(WELL)).toEqual(["ok compose.yaml: 1 services"]);
  });

  it("names a password file that is missing, also by a variable of .env", async () => {
    const { password: _, ...without } = WELL;
    expect(await linesOf(without)).toEqual([
      expect.stringMatching(/^wrong the file of the secret password is missing: password → write/),
    ]);
    expect(await linesOf({ ...WELL, ".env": "PASSWORD_FILE=./other # mine\n" })).toEqual([
      expect.stringMatching(/^wrong the file of the secret password is missing: other → /),
    ]);
  });

  it("names what is mounted and missing", async () => {
    const { "dashboards/a.json": _, ...without } = WELL;
    expect(await linesOf(without)).toEqual([
      expect.stringMatching(/^wrong web: dashboards, mounted at \/dashboards, is missing → /),
    ]);
  });

  it.each([
    ["dashboards/a.json", 0o600],
    ["dashboards", 0o711],
  ])("names %s when the container's user may not read it", async (name, mode) => {
    if (platform !== "linux") return;
    const folder = folderWith(WELL);
    chmodSync(join(folder, name), mode);
    const { lines } = await examineFakes([composeCheck], {}, { folder });
    // Its group is 0: files of root's group are read by the group's bits.
    expect(lines).toEqual([
      expect.stringMatching(
        new RegExp(`^wrong web: its user \\(472\\) may not read ${name} → chmod -R o\\+rX ${name}`),
      ),
    ]);
  });

  it("refuses an open Grafana whose password is admin, and no other", async () => {
    const BIND = "0.0.0.0";
    expect(await linesOf(WELL, { BIND })).toEqual([
      "wrong web is open to other machines (port 3000 on 0.0.0.0) with no password but admin → set GRAFANA_ADMIN_PASSWORD or GRAFANA_ADMIN_PASSWORD_FILE, or unset BIND",
    ]);
    const well = ["ok compose.yaml: 1 services"];
    expect(await linesOf(WELL, { BIND, GRAFANA_ADMIN_PASSWORD: "tea" })).toEqual(well);
    expect(await linesOf({ ...WELL, password: "tea" }, { BIND })).toEqual(well);
  });

  it("warns of an open service that asks nobody", async () => {
    const text = 'services: {prometheus: {image: prom/prometheus, ports: ["9090:9090"]}}\n';
    expect(await linesOf({ "compose.yml": text })).toContainEqual(
      expect.stringMatching(
        /^warning prometheus is open to other machines \(port 9090 on all addresses\) and asks nobody for a password → publish it on loopback: "127\.0\.0\.1:9090:9090"$/,
      ),
    );
  });

  it("passes on what a compose file says by a path that does not exist", async () => {
    const text = `services: {a: {image: x, env_file: "./a.env\${BIND:+/../BIND needs a password}"}}\n`;
    const files = { "compose.yaml": text, "a.env": "" };
    expect(await linesOf(files)).toEqual(["ok compose.yaml: 1 services"]);
    expect(await linesOf(files, { BIND: "0.0.0.0" })).toEqual([
      "wrong a: the compose file refuses: BIND needs a password → do what it says",
    ]);
  });

  it.each([
    [
      "a volume that is not declared",
      "services: {a: {image: x, volumes: ['data:/d']}}",
      /^wrong a: the volume data is not declared → name it under volumes:/,
    ],
    [
      "a variable that is asked for",
      `services: {a: {image: '\${TAG:?give a tag}'}}`,
      /^wrong the compose file needs a variable: TAG is not set: give a tag → set it/,
    ],
    [
      "what is no YAML",
      "services: [",
      /^wrong the compose file cannot be read: compose\.yaml:2:1: not valid YAML/,
    ],
    [
      "an env_file that is missing",
      "services: {a: {image: x, env_file: [some.env]}}",
      /^wrong a: the env_file some\.env is missing → restore/,
    ],
  ])("tells of %s", async (_, text, expected) => {
    expect(await linesOf({ "compose.yaml": `${text}\n` })).toEqual([
      expect.stringMatching(expected),
    ]);
  });

  it("says where else to look, and who is in the way", async () => {
    const text = (port: string): string =>
      `services: {grafana: {image: x, ports: ["127.0.0.1:${port}:3000"]}}\n`;
    expect(await linesOf({ "compose.yaml": text("3001") })).toContain(
      "info the compose file has grafana on port 3001 → look there: --grafana http://127.0.0.1:3001",
    );
  });
});
