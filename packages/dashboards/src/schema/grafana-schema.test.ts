import { describe, expect, it } from "vitest";
import { dashboardFiles } from "../dashboards.ts";
import { grafanaSchema } from "./grafana-schema.ts";

interface Override {
  readonly properties: readonly { readonly id: string; readonly value: unknown }[];
}

interface Panel {
  readonly type: string;
  readonly title: string;
  readonly options?: unknown;
  readonly fieldConfig?: {
    readonly defaults: { readonly custom?: unknown };
    readonly overrides: readonly Override[];
  };
}

interface File {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly unknown[] };
  readonly annotations: { readonly list: readonly object[] };
}

// What Prometheus reads of an annotation beyond what Grafana's type has: the query, and how its labels are shown.
const OF_PROMETHEUS = [
  "target",
  "expr",
  "step",
  "titleFormat",
  "textFormat",
  "tagKeys",
  "useValueForTime",
];

const schema = grafanaSchema();
const files = [...dashboardFiles()].map(
  ([name, text]) => [name, JSON.parse(text) as File] as const,
);

describe.each(files)("%s, by the types of Grafana", (_name, file) => {
  it("is a dashboard, apart from its parts", () => {
    const bare = { ...file, panels: [], templating: { list: [] }, annotations: { list: [] } };
    expect(schema.problems(bare, "dashboard")).toEqual([]);
  });

  it("has rows and panels that Grafana knows, and no field more", () => {
    expect(
      file.panels.flatMap((panel) =>
        schema
          .problems(panel, panel.type === "row" ? "row" : "panel")
          .map((problem) => `${panel.title}: ${problem}`),
      ),
    ).toEqual([]);
  });

  it("sets options that its kinds of panels have", () => {
    expect(
      file.panels
        .filter(({ type }) => type !== "row")
        .flatMap(({ type, title, options, fieldConfig }) => [
          ...schema.problems(options, "options", type).map((problem) => `${title}: ${problem}`),
          ...customProblems(type, fieldConfig?.defaults.custom).map(
            (problem) => `${title}: ${problem}`,
          ),
        ]),
    ).toEqual([]);
  });

  it("overrides only what a field of that kind of panel has", () => {
    expect(
      file.panels.flatMap(({ type, title, fieldConfig }) =>
        (fieldConfig?.overrides ?? [])
          .flatMap(({ properties }) => properties)
          .flatMap(({ id, value }) =>
            id.startsWith("custom.")
              ? schema.problems(value, "custom", type, ...id.split(".").slice(1))
              : schema.problems(value, "field", id),
          )
          .map((problem) => `${title}: ${problem}`),
      ),
    ).toEqual([]);
  });

  it("has variables and annotations that Grafana knows", () => {
    expect([
      ...file.templating.list.flatMap((variable) => schema.problems(variable, "variable")),
      ...file.annotations.list.flatMap((annotation) => {
        const known = Object.entries(annotation).filter(([key]) => !OF_PROMETHEUS.includes(key));
        return schema.problems(Object.fromEntries(known), "annotation");
      }),
    ]).toEqual([]);
  });

  function customProblems(type: string, custom: unknown): string[] {
    if (schema.has("custom", type)) return schema.problems(custom ?? {}, "custom", type);
    return custom === undefined ? [] : [`a ${type} has no custom fields`];
  }
});

describe("the schemas", () => {
  it("refuse fields that Grafana does not know, and values of another type", () => {
    const problems = schema.problems({ title: 1, colour: "red", type: "stat" }, "panel");
    expect(problems).toEqual([
      'panel must NOT have additional properties {"additionalProperty":"colour"}',
      'panel/title must be string {"type":"string"}',
    ]);
  });
});
