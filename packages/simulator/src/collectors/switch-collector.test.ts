import { lintExposition, Registry } from "@linklight/client";
import { describe, expect, it } from "vitest";
import { fabricOf } from "../fabric/fabric-argument.ts";
import type { Detail } from "../families/switch-family.ts";
import type { Effect } from "../incident/effect.ts";
import type { IncidentTruth } from "../incident-log/incident-truth.ts";
import { simulate } from "../simulate.ts";
import { SwitchCollectors } from "./switch-collector.ts";

const DAY = 86_400;
const FAMILY = "linklight_incident_active";

interface Setting {
  readonly fabric?: string;
  readonly seed?: number;
  readonly effects?: readonly Effect[];
  readonly incidents?: readonly IncidentTruth[];
  readonly detail?: Detail;
}

/** Makes the collectors of a simulation at a moment that may be moved, and pages of its switches. */
function run({ fabric: argument = "pair", seed = 1, effects = [], incidents, detail }: Setting) {
  const fabric = fabricOf(argument, { seed });
  const source = {
    version: 0,
    until: (seconds: number) => effects.filter(({ from }) => from <= seconds),
  };
  let now = 3 * DAY + 40_000;
  const collectors = new SwitchCollectors({
    simulation: simulate(fabric, source),
    clock: { speed: 1, seconds: () => now },
    version: "1.2.3",
    ...(detail && { detail }),
    ...(incidents && {
      incidents: {
        truthUntil: (_seconds, on) =>
          incidents.filter((each) => on === undefined || each.switch === on),
      },
    }),
  });
  const registries = fabric.switches.map((node) =>
    new Registry().register(collectors.ofSwitch(node)),
  );
  return {
    fabric,
    collectors,
    at: (seconds: number) => {
      now = seconds;
    },
    page: async (i = 0): Promise<string> => {
      const text = (await registries[i]?.text()) ?? "";
      return text.slice(0, text.indexOf("# HELP linklight_collector_"));
    },
  };
}

function lines(page: string, name: string): string[] {
  return page
    .split("\n")
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
}

function seriesOf(page: string): string[] {
  return page.split("\n").filter((line) => line.startsWith("switch_"));
}

function readValue(page: string, series: string): number {
  const line = page.split("\n").find((each) => each.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1));
}

describe("the collector switch", () => {
  it("says what a port is in one series, and names it by its port alone in all others", async () => {
    const page = await run({}).page();
    expect(lines(page, "switch_port_info")[1]).toMatch(
      /^switch_port_info\{alias="[^"]+",ifindex="\d+",mac="02:[0-9a-f:]+",port="Ethernet1\/2",portnum="2",speed="50GBPS",type="Ethernet"\} 1$/,
    );
    expect(lines(page, "switch_port_speed_bytes")).toEqual([
      'switch_port_speed_bytes{port="Ethernet1/1"} 1.25e+10',
      'switch_port_speed_bytes{port="Ethernet1/2"} 6.25e+09',
    ]);
  });

  it("shows about 1,200 series of the default leaf, and every queue and sensor when asked", async () => {
    const fabric = "leaf-48x25g-8x100g";
    const normal = seriesOf(await run({ fabric }).page()).length;
    expect([normal >= 1100, normal <= 1450]).toEqual([true, true]);
    const full = await run({ fabric, detail: "full" }).page();
    expect(lines(full, "switch_queue_depth_bytes")).toHaveLength(56 * 8);
    expect(seriesOf(full).length).toBeGreaterThan(normal + 3000);
  });

  it.each(["leaf-48x25g-8x100g", "spine-32x100g", "campus-48x1g-4x10g", "pair"])(
    "shows of a %s what the lint finds nothing wrong with",
    async (fabric) => {
      for (const detail of ["normal", "full"] as const)
        expect(lintExposition("text-0.0.4", await run({ fabric, detail }).page())).toEqual({
          problems: [],
          findings: [],
        });
    },
  );

  it("shows the same bytes for the same seed and moment, and others for another seed", async () => {
    const fabric = "leaf-48x25g-8x100g";
    const [a, b, other] = [run({ fabric }), run({ fabric }), run({ fabric, seed: 2 })];
    // One has been asked before, the other has not.
    b.at(100);
    await b.page();
    b.at(3 * DAY + 40_000);
    expect(await b.page()).toBe(await a.page());
    expect(await other.page()).not.toBe(await a.page());
  });

  it("splits packets into casts, and frames into sizes, that add up", async () => {
    const page = await run({ detail: "full" }).page();
    const casts = ["unicast", "multicast", "broadcast"].map((cast) =>
      readValue(page, `switch_port_receive_packets_total{cast="${cast}",port="Ethernet1/1"}`),
    );
    const frames = 'switch_port_receive_frame_size_bytes_count{port="Ethernet1/1"}';
    expect(casts.reduce((sum, count) => sum + count)).toBe(readValue(page, frames));
    expect(readValue(page, 'switch_port_receive_frame_size_bytes_sum{port="Ethernet1/1"}')).toBe(
      readValue(page, 'switch_port_receive_bytes_total{port="Ethernet1/1"}'),
    );
  });

  it("counts link changes, and tells since when a link is down", async () => {
    const link = "pair1:Ethernet1/1";
    const down = { kind: "link-down", link, from: 3 * DAY, to: 4 * DAY } as const;
    const { page, fabric } = run({ effects: [down] });
    const text = await page();
    expect(readValue(text, 'switch_port_up{port="Ethernet1/1"}')).toBe(0);
    expect(readValue(text, 'switch_port_admin_up{port="Ethernet1/1"}')).toBe(1);
    expect(lines(text, "switch_port_link_changes_total").slice(0, 2)).toEqual([
      'switch_port_link_changes_total{port="Ethernet1/1",to="up"} 0',
      'switch_port_link_changes_total{port="Ethernet1/1",to="down"} 1',
    ]);
    const since = 'switch_port_last_change_timestamp_seconds{port="Ethernet1/1"}';
    expect(readValue(text, since)).toBe(fabric.epoch + 3 * DAY);
    expect(text).not.toContain('switch_lldp_neighbor_info{port="Ethernet1/1"');
  });

  it("shows a queue from when it was first too full, and drops as discards", async () => {
    const access = 'switch_queue_dropped_packets_total{port="Ethernet1/2",queue="0"}';
    const load = { kind: "load", link: "pair1:Ethernet1/1", ratio: 0.9 } as const;
    const { page, at } = run({ effects: [{ ...load, from: 3 * DAY, to: 3 * DAY + 3200 }] });
    at(3 * DAY - 16);
    expect(await page()).not.toContain(access);
    at(3 * DAY + 6400);
    const text = await page();
    expect(readValue(text, access)).toBeGreaterThan(0);
    expect(
      readValue(text, 'switch_port_transmit_discards_total{port="Ethernet1/2",reason="tail"}'),
    ).toBe(readValue(text, access));
  });

  it("shows no switch while it is off, and counters from zero after it", async () => {
    const off = { kind: "reboot", switch: "pair1", from: 3 * DAY, to: 3 * DAY + 160 } as const;
    const { page, at, fabric } = run({ effects: [off] });
    at(3 * DAY - 1);
    const before = await page();
    at(3 * DAY + 80);
    const during = await page();
    at(3 * DAY + 176);
    const after = await page();
    expect(seriesOf(during)).toEqual([]);
    expect(
      [before, during, after].map((text) => readValue(text, "linklight_sim_switch_up")),
    ).toEqual([1, 0, 1]);
    expect(readValue(after, "switch_boot_time_seconds")).toBe(fabric.epoch + 3 * DAY + 160);
    const counters = [...after.matchAll(/^# TYPE (\S+) counter$/gm)].map(([, name]) => name ?? "");
    const grown = counters
      .flatMap((name) => lines(after, name))
      .filter((line) => Number(line.split(" ")[1]) > readValue(before, line.split(" ")[0] ?? ""));
    expect(grown).toEqual([]);
  });

  it("tells the truth about incidents, each page about its own switch", async () => {
    const incidents: IncidentTruth[] = [
      { type: "link-down", switch: "leaf1", port: "Ethernet1/49", isActiveAt: () => true },
      { type: "reboot", switch: "spine1", isActiveAt: () => false },
    ];
    const { page, collectors } = run({ fabric: "leaf-spine:1x1", incidents });
    // The target of a page names its switch; a page about all of them does it itself.
    expect([await page(0), await page(1)].map((each) => lines(each, FAMILY))).toEqual([
      [`${FAMILY}{incident="link-down",port="Ethernet1/49"} 1`],
      [`${FAMILY}{incident="reboot"} 0`],
    ]);
    const all = await new Registry().register(collectors.ofSimulation()).text();
    expect(lines(all, FAMILY)).toEqual([
      `${FAMILY}{incident="link-down",port="Ethernet1/49",switch="leaf1"} 1`,
      `${FAMILY}{incident="reboot",switch="spine1"} 0`,
    ]);
    const alone = run({ fabric: "leaf-48x25g-8x100g", incidents });
    expect(lines(await alone.page(), FAMILY)).toEqual([
      `${FAMILY}{incident="link-down",port="Ethernet1/49",switch="leaf1"} 1`,
    ]);
    expect(seriesOf(all)).toEqual([]);
  });

  it("shows switches of one profile side by side, each with its own numbers", async () => {
    const both = run({ fabric: "leaf-spine:2x1" });
    const [first, second] = await Promise.all([both.page(0), both.page(1)]);
    expect(first).toBe(await run({ fabric: "leaf-spine:2x1" }).page(0));
    expect(second).toBe(await run({ fabric: "leaf-spine:2x1" }).page(1));
    expect(lines(second, "switch_info")[0]).toContain('name="leaf2"');
  });
});
