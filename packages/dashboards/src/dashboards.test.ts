import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { dashboardFiles } from "./dashboards.ts";
import { GRID_WIDTH } from "./look/layout.ts";
import { MAY_BE_EMPTY } from "./may-be-empty.ts";
import { type DashboardFile, dashboardQueries } from "./queries.ts";

interface GridPos {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: GridPos;
  readonly datasource?: unknown;
  readonly targets?: readonly { readonly expr: string; readonly datasource: unknown }[];
  readonly fieldConfig: {
    readonly defaults: {
      readonly unit?: string;
      readonly mappings?: unknown;
      readonly thresholds?: { readonly steps: readonly unknown[] };
    };
  };
}

interface File extends DashboardFile {
  readonly uid: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly panels: readonly Panel[];
}

const folder = new URL("../../../deploy/grafana/dashboards/", import.meta.url);
const emitted = dashboardFiles();
const files = [...emitted].map(([name, text]) => [name, JSON.parse(text) as File] as const);
const values = {
  instance: "leaf1",
  port: "Ethernet1/49",
  far_instance: "spine1",
  far_port: "Ethernet1/1",
  __rate_interval: "1m",
  __range: "1h",
};

describe("the files of the dashboards", () => {
  it("are those in deploy/grafana/dashboards, to the byte (else: npm run dashboards)", () => {
    const committed = readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .map((name) => [name, readFileSync(new URL(name, folder), "utf8")] as const)
      // Files of somebody's own may lie beside ours.
      .filter(([, text]) => /^ {2}"uid": "linklight-/m.test(text));
    expect(Object.fromEntries(committed)).toEqual(Object.fromEntries(emitted));
  });

  it("are the same at every call", () => {
    expect(dashboardFiles()).toEqual(emitted);
  });

  it("have the agreed uids and no title twice", () => {
    expect(files.map(([name, { uid }]) => [name, uid])).toEqual([
      ["first-steps.json", "linklight-first-steps"],
      ["fabric.json", "linklight-fabric"],
      ["switch.json", "linklight-switch"],
      ["port.json", "linklight-port"],
    ]);
    expect(new Set(files.map(([, { title }]) => title)).size).toBe(files.length);
  });

  it("ask far more than forty things", () => {
    const queries = files.flatMap(([, file]) => dashboardQueries(file, values));
    expect(queries.length).toBeGreaterThan(150);
  });

  it("name only metrics that the reference lists, or that Prometheus and our rules make", () => {
    const asked = files.flatMap(([, file]) => dashboardQueries(file, values));
    const named = new Set(asked.flatMap(({ expr }) => metricNames(expr)));
    const known = new Set([...referenceNames(), ...recordedNames(), "ALERTS"]);
    expect([...named].filter((name) => !known.has(name))).toEqual([]);
    // Nothing of a switch that the reference lists is left out without a reason.
    expect(named.size).toBeGreaterThan(60);
  });

  it("name only existing panels, annotations and queries among those that may be empty", () => {
    const asked = files.flatMap(([, file]) => dashboardQueries(file, values));
    for (const { dashboard, titles, queries = ["A"] } of MAY_BE_EMPTY) {
      for (const title of titles) {
        const found = asked.filter((one) => one.dashboard === dashboard && one.title === title);
        expect([title, found.some(({ refId }) => queries.includes(refId))]).toEqual([title, true]);
      }
    }
  });
});

describe.each(files)("%s", (_name, file) => {
  const panels = file.panels.filter(({ type }) => type !== "row");
  const asking = panels.filter(({ type }) => type !== "text");

  it("fills the grid: no two panels overlap, and no place is left empty", () => {
    const cells = new Map<string, number>();
    let bottom = 0;
    for (const { gridPos, id } of file.panels) {
      const { x, y, w, h } = gridPos;
      expect([id, x >= 0 && w > 0 && h > 0 && x + w <= GRID_WIDTH]).toEqual([id, true]);
      bottom = Math.max(bottom, y + h);
      for (let row = y; row < y + h; row++) {
        for (let column = x; column < x + w; column++) {
          const cell = `${row} ${column}`;
          cells.set(cell, (cells.get(cell) ?? 0) + 1);
        }
      }
    }
    expect([...cells.values()].every((count) => count === 1)).toBe(true);
    expect(cells.size).toBe(bottom * GRID_WIDTH);
  });

  it("numbers its panels, each once", () => {
    expect(file.panels.map(({ id }) => id)).toEqual(file.panels.map((_, i) => i + 1));
  });

  it("says of each panel what it shows, in sentences", () => {
    for (const { title, description = "" } of asking) {
      expect([title, /^[A-Z].*[.!]$/s.test(description)]).toEqual([title, true]);
    }
  });

  it("gives every number a unit, words, or the rank of a plain count", () => {
    const counts = asking.filter(({ fieldConfig }) => {
      const { unit, mappings } = fieldConfig.defaults;
      return unit === undefined && mappings === undefined;
    });
    // A table's columns have units of their own.
    const plain = counts.filter(({ type }) => type !== "table").map(({ title }) => title);
    expect(plain.filter((title) => !COUNTS.has(title))).toEqual([]);
    for (const { fieldConfig, title } of asking)
      expect([title, fieldConfig.defaults.thresholds?.steps.length ?? 0]).not.toEqual([title, 0]);
  });

  it("asks the chosen data source and nothing else", () => {
    const chosen = { type: "prometheus", uid: "$" + "{datasource}" };
    for (const { datasource, targets = [] } of asking) {
      expect([datasource, ...targets.map((target) => target.datasource)]).toEqual(
        Array.from({ length: targets.length + 1 }, () => chosen),
      );
    }
  });

  it("takes rates over the interval that fits the zoom", () => {
    for (const { targets = [] } of asking) {
      for (const { expr } of targets)
        expect(expr).not.toMatch(/\brate\([^[]*\[(?!\$__rate_interval\])/);
    }
  });
});

function text(path: string): string {
  return readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
}

function referenceNames(): string[] {
  return [...text("docs/reference/metrics.md").matchAll(/^\| `(\w+)` \| (\w+)/gm)].flatMap(
    ([, name = "", type]) =>
      type === "histogram" ? ["_bucket", "_sum", "_count"].map((end) => name + end) : [name],
  );
}

function recordedNames(): string[] {
  const rules = text("deploy/prometheus/rules/recording.yml");
  return [...rules.matchAll(/^ *- record: (\S+)$/gm)].map(([, name = ""]) => name);
}

/** What is left of an expression without strings, braces, brackets, lists of labels and functions. */
function metricNames(expr: string): string[] {
  const bare = expr
    .replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, " ")
    .replace(/\{[^}]*\}|\[[^\]]*\]/g, " ")
    .replace(/\b(?:by|without|on|ignoring|group_left|group_right) *\([^)]*\)/g, " ");
  const names = [...bare.matchAll(/(?<![\w:])[a-zA-Z_:][\w:]*(?! *\()(?![\w:])/g)];
  return names.map(([name]) => name).filter((name) => !["and", "or", "unless"].includes(name));
}

// Things that are counted: their unit is what the title says.
const COUNTS: ReadonlySet<string> = new Set([
  "Switches answering",
  "Switches silent",
  "Uplinks down",
  "Ports up",
  "Ports down",
  "BGP sessions down",
  "Alerts firing",
  "Link changes",
  "Networks learned by BGP",
  "All states now",
]);
