import { readdirSync, readFileSync } from "node:fs";
import { CATALOGUE, fabricOf, readScenario } from "@linklight/simulator";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ALERTS_FILE, alertingRules, familiesOf } from "./alerting-rules.ts";
import { badWeek, scenarioText } from "./bad-week.ts";
import { MEANINGS, NOT_SIMULATED } from "./meanings.ts";
import { runbooks } from "./runbooks.ts";

const rules = alertingRules();
const names = rules.map(({ alert }) => alert);
const books = runbooks();
const fabric = fabricOf("leaf-spine:2x1");

describe("alerting rules", () => {
  it("have a page each, and no page is without its rule", () => {
    expect(books.map(({ alert }) => alert).sort()).toEqual([...names].sort());
  });

  it.each(rules.map((rule) => [rule.alert, rule] as const))("say what %s needs", (alert, rule) => {
    expect(Object.keys(rule.annotations).sort()).toEqual([
      "description",
      "runbook",
      "summary",
      "target_delay",
    ]);
    expect(rule.annotations["runbook"]).toBe(`docs/runbooks/${alert}.md`);
    expect(["critical", "warning", "info"]).toContain(rule.severity);
    expect(rule.targetDelay).toBeGreaterThanOrEqual(rule.hold + rule.interval);
  });

  it("are each meant for something, or known to be about nothing that is simulated", () => {
    expect([...Object.keys(MEANINGS), ...NOT_SIMULATED].sort()).toEqual([...names].sort());
  });

  it("are enough for every incident of the catalogue", () => {
    const found = new Set(Object.values(MEANINGS).flatMap(({ meantFor }) => Object.keys(meantFor)));
    expect([...found].sort()).toEqual(CATALOGUE.map(({ name }) => name).sort());
  });

  it("name only families that there are", () => {
    const page = readFileSync(new URL("../../docs/reference/metrics.md", import.meta.url), "utf8");
    const known = new Set([...page.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name));
    const ofPrometheus = /^(?:up|scrape_duration_seconds|prometheus_target_\w+)$/;
    const named = [...familiesOf(rules)].filter((name) => !ofPrometheus.test(name));
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  it("are each tried by promtool: before, while and after", () => {
    const folder = new URL("./", ALERTS_FILE);
    const tried = new Map<string, string>();
    for (const file of readdirSync(folder).filter((name) => name.endsWith(".test.yml"))) {
      const { tests } = parse(readFileSync(new URL(file, folder), "utf8")) as RuleTests;
      for (const { alert_rule_test: checks } of tests) {
        const [alert] = checks.map(({ alertname }) => alertname);
        const course = checks.map(({ exp_alerts }) => (exp_alerts.length > 0 ? "1" : "0")).join("");
        tried.set(alert ?? "", `${tried.get(alert ?? "") ?? ""} ${course}`);
      }
    }
    expect(names.filter((alert) => !/0+1+0/.test(tried.get(alert) ?? ""))).toEqual([]);
  });
});

interface RuleTests {
  readonly tests: readonly {
    readonly alert_rule_test: readonly {
      readonly alertname: string;
      readonly exp_alerts: readonly unknown[];
    }[];
  }[];
}

describe("runbooks", () => {
  const headings = [
    "What it means",
    "What to look at",
    "Likely causes",
    "What to do",
    "When it is a false alarm",
  ];

  it.each(books.map((book) => [book.alert, book] as const))(
    "answer the questions on %s",
    (alert, { text, queries }) => {
      const found = [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading as string);
      expect(found.filter((heading) => heading !== "Try it")).toEqual(headings);
      expect(found.includes("Try it")).toBe(
        !NOT_SIMULATED.includes(alert) || alert === "TargetDown",
      );
      expect(queries.length).toBeGreaterThan(0);
    },
  );

  const commands = books.flatMap(({ alert, commands: all }) =>
    all
      .filter((command) => command.startsWith("linklight incident"))
      .map((command) => [alert, command] as const),
  );

  it.each(commands)("raise %s by what it is meant for: %s", (alert, command) => {
    const type = /^linklight incident start (\S+)/.exec(command)?.[1] ?? "";
    expect(Object.keys(MEANINGS[alert]?.meantFor ?? {})).toContain(type);
    const option = (name: string): string | undefined =>
      new RegExp(`--${name} (\\S+)`).exec(command)?.[1];
    const parameters = Object.fromEntries(
      [...command.matchAll(/--set (\w+)=(\S+)/g)].map(([, name, value]) => [name, Number(value)]),
    );
    const request = {
      at: "1h",
      type,
      switch: option("switch"),
      port: option("port"),
      duration: option("duration"),
      parameters,
    };
    const text = JSON.stringify([request]);
    expect(readScenario(text, { file: "runbook", fabric, origin: 0 }).planned).toHaveLength(1);
  });
});

describe("a bad week", () => {
  const week = badWeek(fabric, 26);

  it("has every incident of the catalogue five times or more", () => {
    const counts = new Map<string, number>();
    for (const { type } of week) counts.set(type, (counts.get(type) ?? 0) + 1);
    expect([...counts.keys()].sort()).toEqual(CATALOGUE.map(({ name }) => name).sort());
    expect(Math.min(...counts.values())).toBeGreaterThanOrEqual(5);
  });

  it("has one after the other, but for lasers that age, and ends in time", () => {
    const [first, ...others] = week.filter(({ type }) => type !== "ageing-laser");
    let end = (first?.at ?? 0) + (first?.duration ?? 0);
    for (const { at, duration } of others) {
      expect(at).toBeGreaterThan(end + 10 * 60);
      end = at + duration;
    }
    expect(end).toBeLessThan(7 * 86_400);
  });

  it("is a scenario, and the same for the same seed alone", () => {
    const text = scenarioText(week, fabric.epoch);
    expect(readScenario(text, { file: "week", fabric, origin: 0 }).planned).toHaveLength(
      week.length,
    );
    expect(badWeek(fabric, 26)).toEqual(week);
    expect(badWeek(fabric, 27)).not.toEqual(week);
  });
});
