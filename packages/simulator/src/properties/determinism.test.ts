import { Registry } from "@linklight/client";
import { silentLogger } from "@linklight/toolkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SwitchCollectors } from "../collectors/switch-collector.ts";
import type { Fabric, Switch } from "../fabric/fabric.ts";
import { fabricOf } from "../fabric/fabric-argument.ts";
import { NATIVE_FAMILIES } from "../families/native-families.ts";
import { readSwitch } from "../families/switch-reading.ts";
import { extentOf, incidentEffects } from "../incident/catalogue.ts";
import type { EffectSource } from "../incident/effect.ts";
import type { Incident } from "../incident/incident.ts";
import { readMoment } from "../incident/moment.ts";
import { PageNumbers } from "../incident/page-numbers.ts";
import { IncidentLog } from "../incident-log/incident-log.ts";
import { type Simulation, simulate } from "../simulate.ts";
import { FABRICS, incidentsOf, numbersOf, rehearsing, seriesText } from "./rehearsal.ts";

/** Many times what it takes: other work may go on beside. */
const LIMIT_MS = 60_000;

const HOUR = 3600;
const MONTH = 30 * 86_400;

/** Half of the runs are about ten months after the epoch. */
const offset = fc.oneof(
  fc.integer({ min: 0, max: MONTH }),
  fc.integer({ max: 10 * MONTH + HOUR, min: 10 * MONTH - HOUR }),
);
/** Milliseconds after the offset. */
const delay = fc.integer({ min: 0, max: 4 * HOUR * 1000 });
const numbers = { type: fc.nat(), switch: fc.nat(), port: fc.nat() };
const scene = fc.record({
  name: fc.constantFrom(...FABRICS),
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  offset,
  wishes: fc.array(fc.record({ ...numbers, start: delay }), { maxLength: 4 }),
  moments: fc.array(fc.record({ delay, switch: fc.nat(), family: fc.nat() }), {
    minLength: 2,
    maxLength: 5,
  }),
});

/** Where two pages differ: nothing, if they are the same. */
function differences(pages: PageNumbers, node: Switch, a: Float64Array, b: Float64Array): string[] {
  return numbersOf(pages, node).flatMap((number, i) =>
    Object.is(a[i], b[i]) ? [] : [`${seriesText(number)}: ${a[i]} and ${b[i]}`],
  );
}

/** Asks for one family alone. */
function touch(
  simulation: Simulation,
  fabric: Fabric,
  node: Switch,
  nth: number,
  at: number,
): void {
  const family = NATIVE_FAMILIES[nth % NATIVE_FAMILIES.length];
  const reading = readSwitch(simulation, node, at);
  if (reading === undefined) return;
  for (const series of family?.series(node, "full", fabric) ?? []) series.read(reading);
}

function nodeOf({ switches }: Fabric, n: number): Switch {
  return switches[n % switches.length] as Switch;
}

/** The page of the first switch at the last of these moments, shown at the others before. */
async function pageOf(
  fabric: Fabric,
  source: EffectSource,
  moments: readonly number[],
): Promise<string> {
  let now = 0;
  const collectors = new SwitchCollectors({
    simulation: simulate(fabric, source),
    clock: { speed: 1, seconds: () => now },
    version: "1.2.3",
  });
  const registries = fabric.switches.map((node) =>
    new Registry().register(collectors.ofSwitch(node)),
  );
  let text = "";
  for (now of moments) for (const registry of registries.toReversed()) text = await registry.text();
  return text.slice(0, text.indexOf("# HELP linklight_"));
}

describe("a simulation", () => {
  it(
    "gives the same numbers whatever was asked before: other moments, switches, families",
    () => {
      fc.assert(
        fc.property(scene, ({ name, seed, offset: start, wishes, moments }) => {
          const fabric = fabricOf(name, { seed });
          const pages = new PageNumbers(fabric, "full");
          const source = () =>
            rehearsing(
              fabric,
              incidentsOf(
                fabric,
                wishes.map((wish) => ({ ...wish, start: start + wish.start / 1000 })),
              ),
            );
          const [forth, back, part] = [source, source, source].map((make) =>
            simulate(fabric, make()),
          ) as [Simulation, Simulation, Simulation];
          const asked = moments.map((each) => ({ ...each, at: start + each.delay / 1000 }));
          const given = asked.map(({ switch: n, at }) => pages.at(forth, nodeOf(fabric, n), at));
          for (const [i, each] of [...asked.entries()].reverse()) {
            const node = nodeOf(fabric, each.switch);
            touch(
              back,
              fabric,
              nodeOf(fabric, each.family),
              each.family,
              start + each.delay / 1300,
            );
            touch(back, fabric, node, each.family + 1, each.at);
            const again = pages.at(back, node, each.at);
            expect(differences(pages, node, given[i] as Float64Array, again)).toEqual([]);
            const reading = readSwitch(part, node, each.at);
            const alone = NATIVE_FAMILIES[each.family % NATIVE_FAMILIES.length]?.name;
            for (const [k, { family, read }] of numbersOf(pages, node).entries())
              if (family === alone)
                expect(reading === undefined ? Number.NaN : read(reading)).toBe(given[i]?.[k]);
          }
        }),
        { seed: 42, numRuns: 10 },
      );
    },
    LIMIT_MS,
  );

  it(
    "gives after an incident was started or stopped what it gives when it always knew of that",
    () => {
      fc.assert(
        fc.property(scene, fc.record(numbers), ({ name, seed, offset: start, moments }, wish) => {
          const fabric = fabricOf(name, { seed });
          const pages = new PageNumbers(fabric, "full");
          let now = start + 2 * HOUR + 0.25;
          const log = IncidentLog.open({ fabric, now: () => now, logger: silentLogger });
          const live = simulate(fabric, log);
          const asked = moments.map((each) => ({
            at: start + each.delay / 1000,
            node: nodeOf(fabric, each.switch),
          }));
          for (const { node, at: t } of asked) if (t <= now) pages.at(live, node, t);
          const [incident] = incidentsOf(fabric, [{ ...wish, start: now }]);
          if (incident === undefined) return;
          const { type, switch: on, port } = incident;
          const listed = log.start({ type, switch: on, port }, (field, message) => {
            throw new Error(`${field.join(".")}: ${message}`);
          });
          const known = {
            ...incident,
            id: listed?.id ?? "",
            start: readMoment(fabric, listed?.start ?? "") ?? Number.NaN,
          };
          const expectAsAlways = (incidentAsKnown: Incident): void => {
            const always = simulate(fabric, rehearsing(fabric, [incidentAsKnown]));
            for (const { node, at: t } of asked) {
              const values = pages.at(live, node, t);
              expect(differences(pages, node, values, pages.at(always, node, t))).toEqual([]);
            }
          };
          now += 4 * HOUR;
          expectAsAlways(known);
          // Stopped within what was read: the past as it was, the rest as if it had been known.
          now = start + 2.5 * HOUR;
          const { to } = extentOf(known, incidentEffects(fabric, known));
          log.stop(known.id);
          const stopped = (Math.floor(now * 1000) + 1) / 1000;
          expectAsAlways(to <= now ? known : { ...known, stopped });
        }),
        { seed: 42, numRuns: 10 },
      );
    },
    LIMIT_MS,
  );

  it.each(FABRICS)(
    "of %s shows the same page, to the byte",
    async (name) => {
      const seed = 7;
      const at = 10 * MONTH + 12_345.678;
      const fabric = fabricOf(name, { seed });
      const wishes = [3, 4, 11, 15].map((type) => ({
        type,
        switch: type,
        port: type,
        start: at - HOUR + 100 * type,
      }));
      const source = rehearsing(fabric, incidentsOf(fabric, wishes));
      const fresh = await pageOf(fabric, source, [at]);
      expect(fresh).toMatch(/^switch_port_up/m);
      expect(await pageOf(fabric, source, [0, at + 9 * HOUR, 5000, at])).toBe(fresh);
    },
    LIMIT_MS,
  );
});
