import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Link } from "../fabric/fabric.ts";
import { fabricOf } from "../fabric/fabric-argument.ts";
import type { Effect, EffectSource } from "../incident/effect.ts";
import { lightPath } from "./light-path.ts";
import { opticalOutages, withOpticalOutages } from "./optical-outages.ts";

const DAY = 86_400;
const fabric = fabricOf("leaf-spine:2x1");
const uplink = fabric.switches[0]?.ports.find(({ profile }) => profile.isUplink)?.link as Link;
const budget = (direction: "to-port" | "to-peer"): number =>
  lightPath(fabric, uplink, direction)?.budgetDb as number;

const dirt = (from: number, to: number, decibels: number, decibelsPerDay = 0): Effect => ({
  kind: "receive-loss",
  switch: "leaf1",
  port: uplink.port.index,
  from,
  to,
  decibels,
  decibelsPerDay,
});
const outage = (from: number, to: number): Effect => ({
  kind: "link-down",
  link: uplink.id,
  isDim: true,
  from,
  to,
});

/** A source of a fixed list, which must be in order. */
const sourceOf = (effects: readonly Effect[]): EffectSource => ({
  until: (seconds) => effects.filter(({ from }) => from <= seconds),
  version: 0,
});

describe("opticalOutages", () => {
  it("is none while receivers have enough light", () => {
    expect(opticalOutages(fabric, [])).toEqual([]);
    expect(opticalOutages(fabric, [dirt(100, 200, budget("to-port") - 0.01)])).toEqual([]);
    expect(
      opticalOutages(fabric, [{ kind: "reboot", switch: "leaf1", from: 16, to: 160 }]),
    ).toEqual([]);
  });

  it("lasts as long as too much light is lost, in whole slots", () => {
    expect(opticalOutages(fabric, [dirt(100, 1000, 30)])).toEqual([outage(112, 1008)]);
    expect(opticalOutages(fabric, [dirt(101, 103, 30)])).toEqual([outage(112, 128)]);
  });

  it("begins when what is lost each day is too much, for a laser as for dirt", () => {
    const [grown] = opticalOutages(fabric, [dirt(0, Infinity, 0, 1)]);
    expect(grown).toEqual(outage(Math.ceil((budget("to-port") * DAY) / 16) * 16, Infinity));
    const ageing = { kind: "laser-ageing", switch: "leaf1", port: uplink.port.index } as const;
    const [aged] = opticalOutages(fabric, [
      { ...ageing, from: 0, to: 90 * DAY, decibelsPerDay: 2 },
    ]);
    expect(aged).toEqual(outage(Math.ceil((budget("to-peer") * DAY) / 32) * 16, 90 * DAY));
  });

  it("adds up what several effects take", () => {
    const half = budget("to-port") * 0.6;
    expect(opticalOutages(fabric, [dirt(0, 1600, half), dirt(800, 3200, half)])).toEqual([
      outage(800, 1600),
    ]);
  });

  it("goes on, as another one, when something else takes too much at its end", () => {
    expect(opticalOutages(fabric, [dirt(0, 1600, 30), dirt(800, 3200, 30)])).toEqual([
      outage(0, 1600),
      outage(1600, 3200),
    ]);
  });
});

describe("withOpticalOutages", () => {
  it("only ever makes the list longer, whenever it is asked, and the same list in the end", () => {
    const effect = fc
      .tuple(
        fc.integer({ min: 0, max: 5000 }),
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 0, max: 14 }),
        fc.integer({ min: 0, max: 400 }),
      )
      .map(([from, length, loss, growth]) => dirt(from, from + length, loss, growth));
    fc.assert(
      fc.property(
        fc.array(effect, { maxLength: 6 }),
        fc.array(fc.integer({ min: 0, max: 12_000 }), { minLength: 1, maxLength: 12 }),
        (unsorted, moments) => {
          const source = sourceOf([...unsorted].sort((a, b) => a.from - b.from));
          const asked = withOpticalOutages(fabric, source);
          let before: readonly Effect[] = [];
          for (const moment of [...moments].sort((a, b) => a - b)) {
            const now = asked.until(moment);
            expect(now.slice(0, before.length)).toEqual(before);
            expect(now).toEqual(withOpticalOutages(fabric, source).until(moment));
            before = now;
          }
          for (const moment of moments)
            expect(asked.until(moment)).toEqual(withOpticalOutages(fabric, source).until(moment));
        },
      ),
      { seed: 42 },
    );
  });

  it("begins anew when the version of its source changes", () => {
    let effects: readonly Effect[] = [dirt(0, 1600, 30)];
    let version = 0;
    const asked = withOpticalOutages(fabric, {
      until: () => effects,
      get version() {
        return version;
      },
    });
    expect(asked.until(5000)).toEqual([dirt(0, 1600, 30), outage(0, 1600)]);
    effects = [dirt(0, 800, 30)];
    version = 1;
    expect(asked.until(5000)).toEqual([dirt(0, 800, 30), outage(0, 800)]);
  });
});
