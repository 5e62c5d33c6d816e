import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Fabric } from "../fabric/fabric.ts";
import { fabricOf } from "../fabric/fabric-argument.ts";
import { incidentEffects, incidentType } from "../incident/catalogue.ts";
import type { Effect, EffectSource } from "../incident/effect.ts";
import type { Incident } from "../incident/incident.ts";
import { lightPath } from "../optics/light-path.ts";
import { poisson } from "./draw.ts";
import { FAILURE_RATES, type FailureRatesName, NO_FAILURES } from "./failure-rates.ts";
import { Life } from "./life.ts";
import { mergeSources } from "./merge-sources.ts";

const DAY = 86_400;
const YEAR = 365 * DAY;
const fabric = fabricOf("leaf-spine:4x2");
const life = (rates: FailureRatesName = "frequent", of: Fabric = fabric): Life =>
  new Life({ fabric: of, rates });

describe("Life", () => {
  it("says the same whatever was asked before, and a longer list begins with a shorter one", () => {
    const moment = fc.integer({ min: 0, max: 90 * DAY });
    fc.assert(
      fc.property(fc.array(moment, { minLength: 2, maxLength: 8 }), (moments) => {
        const asked = life();
        const longest = Math.max(...moments);
        const all = { effects: life().until(longest), incidents: life().incidentsUntil(longest) };
        for (const t of moments) {
          expect(asked.until(t)).toEqual(all.effects.filter(({ from }) => from <= t));
          expect(asked.incidentsUntil(t)).toEqual(all.incidents.filter(({ start }) => start <= t));
        }
      }),
      { seed: 42, numRuns: 30 },
    );
  });

  it("lists incidents and effects by their start, with ids that are unique and last", () => {
    const incidents = life().incidentsUntil(YEAR);
    expect(incidents.length).toBeGreaterThan(200);
    expect(incidents.map(({ start }) => start)).toEqual(
      incidents.map(({ start }) => start).sort((a, b) => a - b),
    );
    expect(new Set(incidents.map(({ id }) => id)).size).toBe(incidents.length);
    const starts = life()
      .until(YEAR)
      .map(({ from }) => from);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
  });

  it("gives the effects that the catalogue makes of its incidents", () => {
    const made = life()
      .incidentsUntil(YEAR)
      .flatMap((incident) => incidentEffects(fabric, incident))
      .filter(({ from }) => from <= YEAR - DAY);
    expect(
      new Set(
        life()
          .until(YEAR - DAY)
          .map(text),
      ),
    ).toEqual(new Set(made.map(text)));
  });

  it("stays within what the catalogue allows", () => {
    for (const incident of life().incidentsUntil(5 * YEAR)) expect(flaws(incident)).toEqual([]);
  });

  it("has all kinds of failures, at about their rates", () => {
    const years = 20;
    const counts = new Map<string, number>();
    for (const { type } of life("usual").incidentsUntil(years * YEAR))
      counts.set(type, (counts.get(type) ?? 0) + 1);
    const links = fabric.links.length;
    const lasers = fabric.switches.flatMap(({ ports }) => ports.filter(({ link }) => link)).length;
    const expected = {
      "flap-train": 0.02 * links,
      "link-down": 0.015 * links,
      reboot: 1.06 * 6,
      "fan-failure": 0.02 * 36,
      "psu-loss": 0.03 * 12,
      "dirty-optic": 0.02 * lasers,
      "ageing-laser": 0.004 * lasers,
    };
    for (const [type, perYear] of Object.entries(expected)) {
      const mean = perYear * years;
      // Four deviations of a Poisson variable.
      expect(Math.abs((counts.get(type) ?? 0) - mean)).toBeLessThan(4 * Math.sqrt(mean) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(Object.keys(expected).sort());
  });

  it("leaves one switch in peace for most weeks, and for good when there are no rates", () => {
    const leaf = fabricOf("leaf-48x25g-8x100g");
    const weeks = 520;
    const incidents = life("usual", leaf).incidentsUntil(weeks * 7 * DAY);
    const troubled = new Set(incidents.map(({ start }) => Math.floor(start / (7 * DAY))));
    expect(troubled.size / weeks).toBeGreaterThan(0.03);
    expect(troubled.size / weeks).toBeLessThan(0.2);
    expect(life("none", leaf).incidentsUntil(20 * YEAR)).toEqual([]);
    expect(life("none", leaf).until(20 * YEAR)).toEqual([]);
  });

  it("is calm in the first week of the default switch", () => {
    expect(life("usual", fabricOf("leaf-48x25g-8x100g")).incidentsUntil(7 * DAY)).toEqual([]);
  });

  it("corrupts packets on a share of links from the epoch on, at 1e-8 to 1e-3 of packets", () => {
    const large = fabricOf("leaf-spine:16x4");
    const { effects, share } = {
      effects: new Life({
        fabric: large,
        rates: { ...NO_FAILURES, corruptLinkShare: 0.05 },
      }).until(0),
      share: 0.05 * large.links.length,
    };
    expect(Math.abs(effects.length - share)).toBeLessThan(4 * Math.sqrt(share));
    for (const effect of effects) {
      if (effect.kind !== "receive-loss") throw new Error(effect.kind);
      const port = large.switches.find(({ name }) => name === effect.switch)?.ports[effect.port];
      const path = port?.link && lightPath(large, port.link, "to-port");
      const ratio = path?.quality(effect.decibels).frameErrorRatio;
      expect(ratio).toBeGreaterThan(0.9e-8);
      expect(ratio).toBeLessThan(1.1e-3);
      expect(effect.to).toBe(Infinity);
    }
  });

  it("draws another life for another seed, or for another fabric", () => {
    const ids = (of: Fabric): string[] =>
      life("frequent", of)
        .incidentsUntil(90 * DAY)
        .map(text);
    expect(ids(fabricOf("leaf-spine:4x2", { seed: 2 }))).not.toEqual(ids(fabric));
  });

  it("refuses rates that do not exist, and moments that never come", () => {
    expect(() => new Life({ fabric, rates: "often" as FailureRatesName })).toThrow(
      new RangeError('unknown failure rates "often"; there are none, usual, frequent'),
    );
    expect(() => life().until(Infinity)).toThrow(RangeError);
    expect(() => life().until(Number.NaN)).toThrow(RangeError);
    expect([...FAILURE_RATES.keys()]).toEqual(["none", "usual", "frequent"]);
  });

  it("lasts about as long as it takes to mend, and keeps within the catalogue for any rates", () => {
    const incidents = life().incidentsUntil(20 * YEAR);
    const means = { "link-down": 7200, "fan-failure": 2 * DAY, "dirty-optic": 2 * DAY } as const;
    for (const [type, mean] of Object.entries(means)) {
      const durations = incidents.flatMap((each) =>
        each.type === type && each.duration !== undefined ? [each.duration] : [],
      );
      const average = durations.reduce((sum, duration) => sum + duration, 0) / durations.length;
      // Five deviations of a mean of exponential times.
      expect(Math.abs(average / mean - 1)).toBeLessThan(5 / Math.sqrt(durations.length) + 0.02);
    }
    for (const repairSeconds of [0.001, 90 * DAY]) {
      const rate = { perYear: 2, repairSeconds };
      const { corruptLinkShare, ...kinds } = NO_FAILURES;
      const rates = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, rate]));
      const all = new Life({ fabric, rates: { ...NO_FAILURES, ...rates, corruptLinkShare } });
      const found = all.incidentsUntil(30 * DAY);
      expect(found.length).toBeGreaterThan(20);
      expect(found.flatMap(flaws)).toEqual([]);
    }
  });
});

describe("poisson", () => {
  it.each([0.2, 1, 20, 499, 1700])("has a mean and a variance of %d", (mean) => {
    const counts = Array.from({ length: 4000 }, (_, i) => poisson(mean, i * 7919));
    const average = counts.reduce((a, b) => a + b, 0) / counts.length;
    const variance = counts.reduce((sum, n) => sum + (n - average) ** 2, 0) / counts.length;
    expect(Math.abs(average - mean)).toBeLessThan(5 * Math.sqrt(mean / 4000) + 0.001);
    expect(variance / mean).toBeGreaterThan(0.8);
    expect(variance / mean).toBeLessThan(1.2);
  });
});

describe("mergeSources", () => {
  const effect = (from: number, link: string): Effect => ({
    kind: "link-down",
    link,
    from,
    to: from + 16,
  });
  const source = (effects: readonly Effect[], version = 0): EffectSource => ({
    until: (seconds) => effects.filter(({ from }) => from <= seconds),
    version,
  });

  it("gives all effects by their start, those that begin together by their source", () => {
    const merged = mergeSources(
      source([effect(1, "a1"), effect(5, "a2"), effect(9, "a3")]),
      source([effect(0, "b1"), effect(5, "b2")]),
    );
    const links = (t: number): string[] =>
      merged.until(t).map((each) => ("link" in each ? each.link : ""));
    expect(links(0)).toEqual(["b1"]);
    expect(links(5)).toEqual(["b1", "a1", "a2", "b2"]);
    expect(links(3)).toEqual(["b1", "a1"]);
    expect(links(100)).toEqual(["b1", "a1", "a2", "b2", "a3"]);
  });

  it("gives the same array again, is one source itself, and may be empty", () => {
    const one = source([effect(1, "a")]);
    expect(mergeSources(one)).toBe(one);
    expect(mergeSources().until(5)).toEqual([]);
    const merged = mergeSources(one, source([]));
    expect(merged.until(5)).toBe(merged.until(6));
  });

  it("begins anew when any version changes", () => {
    let effects = [effect(1, "a"), effect(2, "b")];
    let version = 0;
    const merged = mergeSources(source([effect(3, "c")]), {
      until: () => effects,
      get version() {
        return version;
      },
    });
    expect(merged.until(10)).toHaveLength(3);
    effects = [effect(2, "b")];
    version = 1;
    expect(merged.until(10)).toEqual([effect(2, "b"), effect(3, "c")]);
    expect(merged.version).toBe(1);
  });
});

function text(value: Effect | Incident): string {
  return JSON.stringify(value);
}

/** What of an incident the catalogue would refuse. */
function flaws({ type, switch: name, port, duration, parameters }: Incident): string[] {
  const entry = incidentType(type);
  const on = fabric.switches.find((each) => each.name === name);
  if (entry === undefined || on === undefined) return [`${type} on ${name}`];
  const at = on.ports.find(({ profile }) => profile.name === port);
  const found = Object.entries(parameters).flatMap(([key, value]) => {
    const parameter = entry.parameters.find((each) => each.name === key);
    const most = Math.min(parameter?.maximum ?? -1, parameter?.limit?.(on) ?? Infinity);
    return value >= (parameter?.minimum ?? 0) && value <= most ? [] : [`${type} ${key} ${value}`];
  });
  if (entry.target !== "switch" && at?.link === undefined) found.push(`${type} at ${port}`);
  const { minimum, maximum } = entry.duration;
  if (duration !== undefined && (duration < minimum || duration > maximum))
    found.push(`${type} lasts ${duration}`);
  const refusal = entry.refuse?.(on, at);
  return refusal === undefined ? found : [...found, refusal];
}
