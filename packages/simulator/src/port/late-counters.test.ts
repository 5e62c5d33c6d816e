import { describe, expect, it } from "vitest";
import { isPort } from "../fabric/fabric.ts";
import { fabricOf } from "../fabric/fabric-argument.ts";
import { Life } from "../life/life.ts";
import { simulate } from "../simulate.ts";
import type { PortReading } from "./port-reading.ts";

const LIMIT_MS = 60_000;
/** Ten months, and then five years: 100G ports have carried more bytes than 2^53 by then. */
const LATE = [304 * 86_400, 1826 * 86_400].map((seconds) => Math.floor(seconds / 16) * 16);

describe.each(["spine-32x100g", "leaf-spine:3x2"])("counters of %s, late", (name) => {
  const fabric = fabricOf(name);
  // No reboots: they begin anew.
  const simulation = simulate(fabric, { version: 0, until: () => [] });
  const read = (node: number, at: number): readonly PortReading[] =>
    simulation.switches[node]?.read(at) as readonly PortReading[];

  it.each(LATE)(
    "still add up, to the last packet and to what a double holds of bytes, after %d s",
    (at) => {
      for (const { index } of fabric.switches) {
        const ports = read(index, at);
        const sum = (of: (port: PortReading) => number): bigint =>
          ports.reduce((total, port) => total + BigInt(of(port)), 0n);
        const missing = (unit: "bytes" | "packets"): bigint =>
          sum(({ received }) => received[unit]) -
          sum(({ transmitted }) => transmitted[unit]) -
          sum(({ discarded }) => discarded[unit]);
        expect(missing("packets")).toBe(0n);
        const rounding = Number(sum(({ received }) => received.bytes)) / 2 ** 53;
        expect(Math.abs(Number(missing("bytes")))).toBeLessThanOrEqual(rounding * ports.length);
      }
    },
    LIMIT_MS,
  );

  it.each(LATE)(
    "still never decrease, however short the time, after %d s",
    (late) => {
      for (const { index } of fabric.switches) {
        let before: readonly PortReading[] | undefined;
        for (let step = 0; step < 120; step++) {
          const now = read(index, late + 7 * (step >> 3) + (step & 7) / 1000);
          for (const [i, port] of now.entries()) {
            const last = before?.[i];
            for (const way of ["received", "transmitted", "discarded"] as const)
              for (const unit of ["bytes", "packets"] as const)
                expect(port[way][unit]).toBeGreaterThanOrEqual(last?.[way][unit] ?? 0);
          }
          before = now;
        }
      }
    },
    LIMIT_MS,
  );

  it.each(LATE)("are still the same at both ends of links, after %d s", (late) => {
    const at = late + 3.25;
    for (const { port, peer } of fabric.links) {
      if (!isPort(peer)) continue;
      const near = read(port.switch.index, at)[port.index];
      const far = read(peer.switch.index, at)[peer.index];
      expect([near?.transmitted, near?.received]).toEqual([far?.received, far?.transmitted]);
    }
  });
});

describe("a reading after ten months in which things have failed", () => {
  it("is the same when somebody has read all along, and when nobody has", () => {
    const fabric = fabricOf("leaf-spine:2x2", { seed: 9 });
    const rates = "frequent" as const;
    const at = 304 * 86_400 + 5;
    const watched = simulate(fabric, new Life({ fabric, rates }));
    for (let early = 0; early < at; early += 300_007)
      for (const { index } of fabric.switches) watched.switches[index]?.read(early);
    const fresh = simulate(fabric, new Life({ fabric, rates }));
    for (const { index } of fabric.switches)
      expect(watched.switches[index]?.read(at)).toEqual(fresh.switches[index]?.read(at));
  });
});
