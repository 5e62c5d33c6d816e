import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Incident } from "../incident/incident.ts";
import { TruthTable } from "./incident-truth.ts";

function incident(type: string, on = "leaf1", port?: string): Incident {
  return { id: "x", type, switch: on, port, start: 0, parameters: {}, origin: "request" };
}

/** A table as text: each type and place, and whether it goes on. */
function shown(table: TruthTable, seconds: number, on?: string): readonly string[] {
  return table
    .until(seconds, on)
    .map(
      (each) =>
        `${each.type} ${each.switch} ${each.port ?? "-"} ${each.isActiveAt(seconds) ? 1 : 0}`,
    );
}

describe("TruthTable", () => {
  it("tells by type and place what goes on, and what is over", () => {
    const table = new TruthTable(
      [
        { incident: incident("reboot"), from: 10, to: 20 },
        { incident: incident("link-down", "leaf1", "Ethernet1/1"), from: 5, to: 15 },
        { incident: incident("link-down", "leaf1", "Ethernet1/2"), from: 12, to: Infinity },
        { incident: incident("reboot", "leaf2"), from: 0, to: 3 },
        { incident: incident("reboot"), from: 30, to: 40 },
      ],
      [],
    );
    expect([4, 10, 15, 35].map((seconds) => shown(table, seconds, "leaf1"))).toEqual([
      [],
      ["link-down leaf1 Ethernet1/1 1", "reboot leaf1 - 1"],
      ["link-down leaf1 Ethernet1/1 0", "reboot leaf1 - 1", "link-down leaf1 Ethernet1/2 1"],
      ["link-down leaf1 Ethernet1/1 0", "reboot leaf1 - 1", "link-down leaf1 Ethernet1/2 1"],
    ]);
    expect(shown(table, 2)).toEqual(["reboot leaf2 - 1"]);
    expect(shown(table, 100, "nowhere")).toEqual([]);
  });

  it("agrees with looking at each incident, also where they overlap", () => {
    const spans = fc.array(fc.tuple(fc.nat(50), fc.nat(20)), { maxLength: 12 });
    fc.assert(
      fc.property(spans, fc.nat(80), (all, seconds) => {
        const lasting = all.map(([from, length]) => ({
          ...{ incident: incident("reboot"), from, to: from + length },
        }));
        const begun = lasting.filter(({ from, to }) => from < to && from <= seconds);
        const isActive = begun.some(({ to }) => seconds < to);
        expect(shown(new TruthTable(lasting, []), seconds, "leaf1")).toEqual(
          begun.length === 0 ? [] : [`reboot leaf1 - ${isActive ? 1 : 0}`],
        );
      }),
      { seed: 42 },
    );
  });

  it("tells of all switches no more than a page takes: what goes on, and the newest", () => {
    const lasting = Array.from({ length: 1500 }, (_, i) => ({
      incident: incident("reboot", `leaf${i}`),
      from: i,
      to: i === 7 ? Infinity : i + 1,
    }));
    const told = shown(new TruthTable(lasting, []), 2000);
    expect([told.length, told[0], told[1], told.at(-1)]).toEqual([
      1000,
      "reboot leaf7 - 1",
      "reboot leaf1499 - 0",
      "reboot leaf501 - 0",
    ]);
  });
});
