import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fabricOf } from "../fabric/fabric-argument.ts";
import type { Effect, EffectSource } from "../incident/effect.ts";
import { type Simulation, simulate } from "../simulate.ts";
import type { ChassisReading } from "./chassis-reading.ts";
import { withPowerOutages } from "./power-outages.ts";

const fabric = fabricOf("leaf-spine:2x1");

const loss = (psu: number, from: number, to: number, name = "leaf1"): Effect => ({
  kind: "psu-loss",
  switch: name,
  psu,
  from,
  to,
});

function happening(effects: readonly Effect[]): EffectSource {
  const ordered = [...effects].sort((a, b) => a.from - b.from);
  return { version: 0, until: (seconds) => ordered.filter(({ from }) => from <= seconds) };
}

/** The outages that losses lead to, as `from–to`. */
function outages(effects: readonly Effect[], until = 1e9): string[] {
  return withPowerOutages(fabric, happening(effects))
    .until(until)
    .flatMap(({ kind, from, to }) => (kind === "reboot" ? [`${from}–${to}`] : []));
}

describe("a switch without power", () => {
  it("is off from the next slot until a supply is back and it has started again", () => {
    const simulation = simulate(fabric, happening([loss(0, 900, 5000), loss(1, 1000.5, 2000)]));
    const at = (seconds: number) => read(simulation, seconds);
    expect(at(1007)?.supplies.map(({ isUp }) => isUp)).toEqual([false, false]);
    expect([at(1008), at(2191)]).toEqual([undefined, undefined]);
    expect(at(2192)).toMatchObject({ startedAt: 2192, neighbors: [] });
    expect(at(2192)?.supplies.map(({ isUp }) => isUp)).toEqual([false, true]);
    expect(simulation.switches[0]?.read(2192)?.map(({ received }) => received.bytes)).toEqual(
      fabric.switches[0]?.ports.map(() => 0),
    );
    // Its neighbour has lost the links to it.
    const up = (seconds: number) =>
      simulation.switches[2]?.read(seconds)?.filter(({ isUp }) => isUp).length;
    expect(up(1500)).toBeLessThan(up(900) as number);
    expect(up(2192)).toBe(up(900));
  });

  it.each([
    ["one supply is left", [loss(0, 100, 900)], []],
    ["one comes back as the other goes", [loss(0, 100, 500), loss(1, 500, 900)], []],
    ["both go at once", [loss(0, 160, 480), loss(1, 160, 640)], ["160–672"]],
    ["supplies of two switches go", [loss(0, 100, 900), loss(1, 100, 900, "leaf2")], []],
    [
      "nobody knows when one is back",
      [loss(0, 160, Infinity), loss(1, 320, Infinity)],
      ["320–Infinity"],
    ],
    [
      "one is lost again before it was back",
      [loss(0, 0, 320), loss(1, 160, 640), loss(0, 288, 640)],
      ["160–512", "288–832"],
    ],
    [
      "one is lost again after it was back",
      [loss(0, 0, 320), loss(1, 160, 1600), loss(0, 960, 1280)],
      ["160–512", "960–1472"],
    ],
  ])("when %s", (_when, losses, expected) => {
    expect(outages(losses)).toEqual(expected);
  });

  it("is told of as it happens: what is known later changes nothing of before", () => {
    const moment = fc.integer({ min: 0, max: 5000 });
    const drawn = fc.record({
      psu: fc.nat(1),
      from: moment,
      length: fc.integer({ min: 1, max: 2000 }),
    });
    fc.assert(
      fc.property(
        fc.array(drawn, { maxLength: 8 }),
        fc.array(moment, { maxLength: 5 }),
        (all, moments) => {
          const effects = all.map(({ psu, from, length }) => loss(psu, from, from + length));
          const source = withPowerOutages(fabric, happening(effects));
          const whole = withPowerOutages(fabric, happening(effects)).until(1e9);
          for (const t of moments)
            expect(source.until(t)).toEqual(whole.filter(({ from }) => from <= t));
          // It is off whenever no supply has power.
          for (let t = 0; t < 8000; t += 16) {
            const dark = [0, 1].every((psu) =>
              effects.some(
                (each) => "psu" in each && each.psu === psu && each.from <= t && t < each.to,
              ),
            );
            const off = whole.some(
              ({ kind, from, to }) => kind === "reboot" && from <= t && t < to,
            );
            if (dark) expect(off).toBe(true);
          }
        },
      ),
      { seed: 42, numRuns: 60 },
    );
  });

  it("comes back at once in the model when the loss is stopped by hand", () => {
    let [version, effects] = [0, [loss(0, 160, Infinity), loss(1, 160, Infinity)]];
    const source = withPowerOutages(fabric, {
      get version() {
        return version;
      },
      until: (seconds) => effects.filter(({ from }) => from <= seconds),
    });
    expect(source.until(1000)).toHaveLength(3);
    [version, effects] = [1, [loss(0, 160, 800), loss(1, 160, Infinity)]];
    expect(source.until(1000).find(({ kind }) => kind === "reboot")?.to).toBe(992);
  });
});

function read(simulation: Simulation, seconds: number): ChassisReading | undefined {
  return simulation.chassis[0]?.read(seconds);
}
