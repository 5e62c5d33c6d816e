import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../harness/temporary-folder.ts";
import { readDashboards } from "./dashboard-files.ts";
import { readDataSources, readProviders } from "./provisioning.ts";

const folder = temporaryFolder("grafana-checker-provisioning");
afterAll(folder.remove);
let folders = 0;

/** A provisioning folder with one file of data sources and one of providers. */
function provisioning(datasources: string, providers = "apiVersion: 1"): string {
  const path = join(folder.path, String(++folders));
  for (const [name, text] of [
    ["datasources", datasources],
    ["dashboards", providers],
  ] as const) {
    mkdirSync(join(path, name), { recursive: true });
    writeFileSync(join(path, name, "a.yml"), text);
  }
  return path;
}

const source = (name: string, uid: string, more = ""): string =>
  `  - {name: ${name}, uid: ${uid}, type: prometheus, url: 'http://p:9090'${more}}\n`;

describe("readDataSources", () => {
  it("reads those of the stack", () => {
    const path = fileURLToPath(new URL("../../../deploy/grafana/provisioning", import.meta.url));
    expect(readDataSources(path)).toEqual([
      {
        name: "Prometheus",
        uid: "prometheus",
        type: "prometheus",
        url: "http://prometheus:9090",
        isDefault: true,
      },
      {
        name: "Alertmanager",
        uid: "alertmanager",
        type: "alertmanager",
        url: "http://alertmanager:9093",
        isDefault: false,
      },
    ]);
    expect(readProviders(path)).toEqual([
      { name: "linklight", folder: "linklight", path: "/var/lib/linklight/dashboards" },
    ]);
  });

  it.each([
    ["YAML that is none", "apiVersion: 1\ndatasources: [", /a\.yml/],
    ["a file without apiVersion", "datasources: []", /apiVersion must be 1/],
    [
      "a source without a type",
      "apiVersion: 1\ndatasources: [{name: a, uid: a, url: u}]",
      /type is missing/,
    ],
    [
      "a uid that is there twice",
      `apiVersion: 1\ndatasources:\n${source("a", "x")}${source("b", "x")}`,
      /uid x is there twice/,
    ],
    [
      "two defaults",
      `apiVersion: 1\ndatasources:\n${source("a", "x", ", isDefault: true")}${source("b", "y", ", isDefault: true")}`,
      /Only one datasource/,
    ],
  ])("refuses %s", (_, text, message) => {
    expect(() => readDataSources(provisioning(text))).toThrow(message);
  });
});

describe("readDashboards", () => {
  const problemsOf = (files: Readonly<Record<string, unknown>>): string[] => {
    const path = join(folder.path, String(++folders));
    mkdirSync(path);
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(
        join(path, name),
        typeof content === "string" ? content : JSON.stringify(content),
      );
    }
    return readDashboards({ name: "p", folder: "f", path }).problems.map(({ what }) => what);
  };
  const dashboard = { uid: "one", title: "One", schemaVersion: 42, panels: [] };

  it("finds nothing wrong with a dashboard in classic JSON", () => {
    expect(problemsOf({ "a.json": dashboard })).toEqual([]);
  });

  it.each([
    [
      "two of one uid",
      { "a.json": dashboard, "b.json": { ...dashboard, title: "Two" } },
      /same UID/,
    ],
    [
      "two of one title",
      { "a.json": dashboard, "b.json": { ...dashboard, uid: "two" } },
      /title is not unique/,
    ],
    ["one in the newer model", { "a.json": { kind: "Dashboard", spec: {} } }, /v2 format/],
    ["one without a uid", { "a.json": { ...dashboard, uid: "" } }, /uid {2}is none/],
    [
      "one of a schema to come",
      { "a.json": { ...dashboard, schemaVersion: 43 } },
      /42 is the newest/,
    ],
    ["a file that is no JSON", { "a.json": "{" }, /SyntaxError/],
    [
      "two panels of one id",
      {
        "a.json": { ...dashboard, panels: [1, 1].map((id) => ({ id, type: "text", gridPos: {} })) },
      },
      /panel id 1 is there twice/,
    ],
  ])("names %s", (_, files, message) => {
    expect(problemsOf(files)).toEqual(expect.arrayContaining([expect.stringMatching(message)]));
  });

  it("names a folder with no dashboard", () => {
    expect(problemsOf({})).toEqual(["no dashboard in it"]);
  });
});
