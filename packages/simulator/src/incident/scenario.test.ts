import { YamlError } from "@linklight/toolkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fabricOf } from "../fabric/fabric-argument.ts";
import type { Incident } from "./incident.ts";
import { formatMoment, parseMoment, readMoment } from "./moment.ts";
import { readScenario } from "./scenario.ts";

const fabric = fabricOf("leaf-48x25g-8x100g");
const name = fabric.switches[0]?.name;
const read = (text: string, origin = 1000) => readScenario(text, { file: "s.yml", fabric, origin });
const brief = ({ id, type, start }: Incident) => [id, type, start] as const;

function problemsOf(text: string): readonly string[] {
  try {
    read(text);
    return [];
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    return error.message.split("\n");
  }
}

describe("readScenario", () => {
  it("reads a mapping with incidents, and a plain list", () => {
    const list = "- {at: 2h, type: link-down, port: 49, duration: 10m}\n";
    const expected: Incident = {
      id: "scenario-1",
      type: "link-down",
      ...(name !== undefined && { switch: name }),
      switch: name ?? "",
      port: "Ethernet1/49",
      start: 8200,
      duration: 600,
      parameters: {},
      origin: "scenario",
    };
    expect(read(list).incidentsUntil(1e6)).toEqual([expected]);
    expect(read(`incidents:\n  ${list}`).incidentsUntil(1e6)).toEqual([expected]);
  });

  it.each(["", "incidents:\n", "incidents: []\n", "[]"])("takes %j for none", (text) => {
    expect(read(text).incidentsUntil(1e9)).toEqual([]);
  });

  it("takes absolute times in UTC, or in the zone that is given, and knows them from relative ones", () => {
    const text = `- {at: 2026-01-06, type: reboot}
- {at: 2026-01-06 12:30, type: reboot}
- {at: 2026-01-06T12:30:15+02:00, type: reboot}
`;
    const scenario = read(text);
    expect([scenario.isRelative, scenario.incidentsUntil(1e9).map(({ start }) => start)]).toEqual([
      false,
      [86_400, 86_400 + 37_815, 86_400 + 45_000],
    ]);
    expect(read("- {at: 0, type: reboot}").isRelative).toBe(true);
  });

  it("repeats an incident as often as it is told, each with its own id, in the order of their start", () => {
    const text = `- {at: 0s, type: incast, every: 1h, times: 3}
- {at: 30m, type: reboot, every: 1d}
`;
    const scenario = read(text, 0);
    expect(scenario.incidentsUntil(2 * 86_400).map(brief)).toEqual([
      ["scenario-1", "incast", 0],
      ["scenario-2", "reboot", 1800],
      ["scenario-1.2", "incast", 3600],
      ["scenario-1.3", "incast", 7200],
      ["scenario-2.2", "reboot", 88_200],
    ]);
  });

  it("says the same whatever was asked before, a longer list being an extension of a shorter one", () => {
    const text =
      "- {at: 5m, type: incast, every: 7m}\n- {at: 1m, type: reboot, every: 11m, times: 50}\n";
    const all = read(text, 0).incidentsUntil(100_000);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 10 }), (times) => {
        const scenario = read(text, 0);
        for (const t of times)
          expect(scenario.incidentsUntil(t)).toEqual(all.filter(({ start }) => start <= t));
      }),
      { seed: 42, numRuns: 30 },
    );
  });

  it("lists every problem with its place", () => {
    const text = `incidents:
  - at: soon
    type: link-dwn
  - at: 1h
    type: dirty-optic
    port: Ethernet1/490
    parameters:
      loss: 99
  - at: 2026-02-30
    type: reboot
    switch: nowhere
  - at: 2020-01-01
    type: reboot
  - at: 1h
    type: link-down
    every: 5m
  - {at: 1h, type: reboot, times: 2}
  - {at: 1h, type: fan-failure, duration: forever, every: 1d}
`;
    expect(problemsOf(text)).toEqual([
      's.yml:2:9: expected a time such as 2h or 2026-02-01 12:30, found "soon"',
      's.yml:3:11: unknown incident "link-dwn"; did you mean link-down?',
      `s.yml:6:11: unknown port "Ethernet1/490" on ${name}; did you mean Ethernet1/40? Its ports are Ethernet1/1 to Ethernet1/56`,
      "s.yml:8:13: expected 0.1 dB to 30 dB for loss, found 99",
      's.yml:9:9: no such date: "2026-02-30"',
      `s.yml:11:13: unknown switch "nowhere"; known: ${name}`,
      "s.yml:12:9: 2020-01-01 is before the simulation begins, 2026-01-05T00:00:00.000Z",
      "s.yml:16:12: expected 10m or more, so that one ends before the next begins, found 5m",
      "s.yml:17:35: times needs every, such as every: 1d",
      "s.yml:18:59: an incident that goes on forever cannot come again",
    ]);
  });

  it("names unknown fields and what is missing", () => {
    expect(problemsOf("incidents:\n  - {at: 1h, typ: reboot}\n")).toEqual([
      "s.yml:2:5: field type is missing",
      "s.yml:2:14: field typ not found; did you mean type?",
    ]);
    // What has the right form is looked at all the same.
    expect(
      problemsOf("- {at: 1h, type: link-dwn}\n- {type: reboot}\n- {at: soon, type: reboot}\n"),
    ).toEqual([
      's.yml:1:18: unknown incident "link-dwn"; did you mean link-down?',
      "s.yml:2:3: field at is missing",
      's.yml:3:8: expected a time such as 2h or 2026-02-01 12:30, found "soon"',
    ]);
    expect(problemsOf("incident: []\n")).toEqual([
      "s.yml:1:1: field incident not found; did you mean incidents?",
    ]);
  });
});

describe("moments", () => {
  it("are read back as the same number", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e12 }), (milliseconds) => {
        const seconds = milliseconds / 1000;
        expect(readMoment(fabric, formatMoment(fabric, seconds))).toBe(seconds);
      }),
      { seed: 42 },
    );
  });

  it("are nothing else", () => {
    expect([readMoment(fabric, "2026-01-05"), readMoment(fabric, "x")]).toEqual([
      undefined,
      undefined,
    ]);
    expect(() => parseMoment("2026-13-01", 0)).toThrow('no such date: "2026-13-01"');
    expect(() => parseMoment("2026-01-01 25:00", 0)).toThrow("no such date");
  });
});
