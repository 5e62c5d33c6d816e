import { Registry } from "@linklight/client";
import { Labels } from "@linklight/model";
import { describe, expect, it } from "vitest";
import { SwitchCollectors } from "../collectors/switch-collector.ts";
import { fabricOf } from "../fabric/fabric-argument.ts";
import type { Effect, EffectSource } from "../incident/effect.ts";
import type { IncidentTruth } from "../incident-log/incident-truth.ts";
import { simulate } from "../simulate.ts";
import type { MomentGrid, SeriesSource } from "./series-source.ts";
import { type SwitchHistoryOptions, switchHistory } from "./switch-history.ts";

const fabric = fabricOf("leaf-spine:2x1");
const EPOCH_MS = fabric.epoch * 1000;
const GRID: MomentGrid = { fromMs: EPOCH_MS + 86_400_000, stepMs: 60_000, count: 40 };

function effects(...list: readonly Effect[]): EffectSource {
  const sorted = list.toSorted((a, b) => a.from - b.from);
  return { version: 0, until: (seconds) => sorted.filter(({ from }) => from <= seconds) };
}

function history(
  source: EffectSource = effects(),
  options: Partial<SwitchHistoryOptions> = {},
): SeriesSource {
  return switchHistory({
    simulation: simulate(fabric, source),
    grid: GRID,
    targetLabels: ({ name }) => Labels.from({ instance: name }),
    storeBytes: 2 ** 22,
    ...options,
  });
}

/** By series, as an exposition names it: its numbers. */
function numbers(source: SeriesSource): Map<string, number[]> {
  const { count } = source.grid;
  const found = new Map<string, number[]>();
  for (const { name, lines, series } of source.families) {
    for (const each of series()) {
      if (each === undefined) continue;
      const values = new Float64Array(count * lines.length);
      each.fill(values, 0, count);
      for (const [line, { suffix, label, value }] of lines.entries()) {
        const labels = label === undefined ? each.labels : each.labels.with(label, String(value));
        const own = Array.from(
          { length: count },
          (_, i) => values[i * lines.length + line] as number,
        );
        found.set(`${name}${suffix}${labels}`, own);
      }
    }
  }
  return found;
}

describe("switchHistory", () => {
  it("shows what the collector shows at each moment, and no more", async () => {
    const source = effects({
      kind: "link-down",
      link: "leaf1:Ethernet1/49",
      from: 87_000,
      to: 87_900,
    });
    const all = numbers(history(source));
    const node = fabric.switches[0];
    for (const i of [0, 17, 39]) {
      const seconds = (GRID.fromMs + i * GRID.stepMs) / 1000 - fabric.epoch;
      const collector = new SwitchCollectors({
        simulation: simulate(fabric, source),
        clock: { speed: 1, seconds: () => seconds },
        version: "",
      }).ofSwitch(node as NonNullable<typeof node>);
      const shown = new Map<string, number>();
      for (const { name, parts } of (await new Registry().register(collector).gather()).families) {
        if (!name.startsWith("switch_")) continue;
        for (const { lines, series, size, values } of parts) {
          for (let at = 0; at < size * lines.length; at++) {
            const own = series.labels[Math.floor(at / lines.length)] as Labels;
            const { suffix, label, value } = lines[at % lines.length] as (typeof lines)[number];
            const labels = label === undefined ? own : own.with(label, String(value));
            shown.set(`${name}${suffix}${labels.with("instance", "leaf1")}`, values[at] as number);
          }
        }
      }
      const recorded = [...all].flatMap(([series, values]): [string, number][] =>
        series.startsWith("switch_") &&
        series.includes('instance="leaf1"') &&
        !Number.isNaN(values[i])
          ? [[series, values[i] as number]]
          : [],
      );
      expect(new Map(recorded)).toEqual(shown);
      expect(shown.size).toBeGreaterThan(500);
    }
  });

  it("has a gap while a switch is off, and says so in up", () => {
    // From the third moment to before the seventh.
    const [from, to] = [86_400 + 110, 86_400 + 350];
    const all = numbers(history(effects({ kind: "reboot", switch: "leaf2", from, to })));
    const isOff = (i: number): boolean => i >= 2 && i < 6;
    for (const [series, values] of all) {
      if (!series.includes('instance="leaf2"')) continue;
      if (/^(?:up|linklight_sim_switch_up)\{/.test(series))
        expect(values).toEqual(values.map((_, i) => (isOff(i) ? 0 : 1)));
      else expect(values.slice(2, 6)).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
    }
    const bytes = all.get('switch_port_receive_bytes_total{instance="leaf2", port="Ethernet1/1"}');
    expect(bytes?.[6]).toBeLessThan(bytes?.[1] as number);
    expect(all.get('up{instance="leaf1"}')).toEqual(Array.from({ length: 40 }, () => 1));
  });

  it("has every family once, with the series of all switches together", () => {
    const source = history();
    expect(new Set(source.families.map(({ name }) => name)).size).toBe(source.families.length);
    const names = [...numbers(source).keys()].filter((series) =>
      series.startsWith("switch_port_up"),
    );
    expect(names.length).toBe(56 + 56 + 32);
    expect(source.progress).toBe(1);
  });

  it("shows only the metrics asked for, and up", () => {
    const source = history(effects(), { metrics: ["switch_port_up", "switch_port_mtu_bytes"] });
    expect(source.families.map(({ name }) => name)).toEqual([
      "up",
      "switch_port_up",
      "switch_port_mtu_bytes",
    ]);
    expect(numbers(source).size).toBe(source.size);
  });

  it("tells of the incidents of each switch when they went on, and when not", () => {
    const [minute, day] = [60, 86_400];
    const truth = (type: string, on: string, port: string | undefined, from: number, to: number) =>
      ({
        ...{ type, switch: on, port },
        isActiveAt: (seconds) => from <= seconds && seconds < to,
      }) satisfies IncidentTruth;
    const all = [
      truth("link-down", "leaf1", "Ethernet1/49", day + 2 * minute, day + 4 * minute),
      truth("dirty-optic", "leaf2", undefined, 0, day + 1),
    ];
    const asked: number[] = [];
    const found = numbers(
      history(effects(), {
        metrics: ["linklight_incident_active"],
        grid: { ...GRID, count: 8 },
        incidents: {
          truthUntil(seconds, on) {
            asked.push(seconds);
            return all.filter((each) => each.switch === on);
          },
        },
      }),
    );
    const name = "linklight_incident_active";
    // The name of the switch is a label of its target.
    expect([...found].filter(([series]) => series.startsWith(name))).toEqual([
      [
        `${name}{incident="link-down", instance="leaf1", port="Ethernet1/49"}`,
        [0, 0, 1, 1, 0, 0, 0, 0],
      ],
      [`${name}{incident="dirty-optic", instance="leaf2"}`, [1, 0, 0, 0, 0, 0, 0, 0]],
    ]);
    expect(new Set(asked)).toEqual(new Set([day + 7 * minute]));
  });

  it("suggests the nearest metric for each that there is not", () => {
    const metrics = ["switch_prt_up", "up", "switch_port_receive_bytes", "zzz"];
    expect(() => history(effects(), { metrics })).toThrow(
      new RangeError(`there is no metric "switch_prt_up"; did you mean switch_port_up?
there is no metric "switch_port_receive_bytes"; did you mean switch_port_receive_bytes_total?
there is no metric "zzz"; those of a history are up, linklight_incident_active, linklight_sim_switch_up and all of the switch_ families`),
    );
  });

  it("refuses to begin before the simulation does", () => {
    expect(() => history(effects(), { grid: { ...GRID, fromMs: EPOCH_MS - 1 } })).toThrow(
      RangeError,
    );
  });
});
