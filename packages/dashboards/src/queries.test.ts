import { describe, expect, it } from "vitest";
import { type DashboardFile, dashboardQueries } from "./queries.ts";

const file: DashboardFile = {
  uid: "linklight-fabric",
  panels: [
    {
      type: "row",
      title: "Folded",
      panels: [
        {
          type: "timeseries",
          title: "Load",
          targets: [{ refId: "A", expr: 'rate(a{i=~"$instance"}[$__rate_interval])' }],
        },
      ],
    },
    {
      type: "table",
      title: "Alerts firing now",
      targets: [{ refId: "A", expr: 'ALERTS{i=~"[[instance]]"}', instant: true }],
    },
  ],
  annotations: {
    list: [{ name: "Reboots", target: { refId: "A", expr: "boot{i=~'$" + "{instance:regex}'}" } }],
  },
  templating: {
    list: [
      { type: "datasource", name: "datasource", query: "prometheus" },
      { type: "query", name: "port", query: { query: 'label_values(p{i=~"$instance"}, port)' } },
    ],
  },
};

describe("dashboardQueries", () => {
  it("lists what panels, folded or not, annotations and variables ask, filled in", () => {
    const values = { instance: "leaf1", __rate_interval: "20s" };
    const common = { dashboard: "linklight-fabric", refId: "A", instant: false };
    expect(dashboardQueries(file, values)).toEqual([
      { ...common, title: "Load", of: "panel", expr: 'rate(a{i=~"leaf1"}[20s])' },
      {
        ...common,
        title: "Alerts firing now",
        of: "panel",
        expr: 'ALERTS{i=~"leaf1"}',
        instant: true,
        mayBeEmpty: "no alert was firing",
      },
      { ...common, title: "Reboots", of: "annotation", expr: "boot{i=~'leaf1'}" },
      { ...common, title: "port", of: "variable", expr: 'p{i=~"leaf1"}', label: "port" },
    ]);
  });

  it("makes a regular expression of several values", () => {
    const [first] = dashboardQueries(file, {
      instance: ["leaf1", "10.0.0.1"],
      __rate_interval: "1m",
    });
    expect(first?.expr).toBe('rate(a{i=~"(leaf1|10\\\\.0\\\\.0\\\\.1)"}[1m])');
  });

  it("leaves the groups of a regular expression alone", () => {
    const expr = 'label_replace(a, "b", "$1", "c", "(.)")';
    const panels = [{ type: "stat", title: "A", targets: [{ refId: "A", expr }] }];
    expect(dashboardQueries({ panels }, {})[0]?.expr).toBe(expr);
  });

  it("throws where a variable has no value", () => {
    expect(() => dashboardQueries(file, { instance: "leaf1" })).toThrow(
      new RangeError(
        'linklight-fabric, panel "Load", query A: the variable $__rate_interval has no value',
      ),
    );
  });
});
