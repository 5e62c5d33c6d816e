import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Switch } from "../fabric/fabric.ts";
import { fabricOf } from "../fabric/fabric-argument.ts";
import type { Effect } from "../incident/effect.ts";
import { PageNumbers } from "../incident/page-numbers.ts";
import {
  COUNTERS,
  FABRICS,
  happening,
  incidentsOf,
  numbersOf,
  Rehearsal,
  rehearsing,
  seriesText,
} from "./rehearsal.ts";

/** Many times what it takes: other work may go on beside. */
const LIMIT_MS = 60_000;
const HOUR = 3600;
const SLOT = 16;

const fabricName = fc.constantFrom(...FABRICS);
const seed = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const offset = fc.integer({ min: 0, max: 300 * 24 * HOUR });

/** The counters of a page that are less than before, or gone. */
function fallen(
  stage: Rehearsal,
  node: Switch,
  before: Float64Array,
  after: Float64Array,
): string[] {
  return numbersOf(stage.pages, node).flatMap((number, i) =>
    COUNTERS.has(number.family) && !((after[i] as number) >= (before[i] as number))
      ? [`${seriesText(number)}: ${before[i]}, then ${after[i]}`]
      : [],
  );
}

describe("counters", () => {
  it(
    "never fall, nor go, while a switch is on, whatever happens",
    () => {
      const scene = fc.record({
        name: fabricName,
        seed,
        offset,
        wishes: fc.array(
          fc.record({ type: fc.nat(), switch: fc.nat(), port: fc.nat(), start: fc.nat(2 * HOUR) }),
          { maxLength: 5 },
        ),
        delays: fc.array(fc.nat(4 * HOUR * 1000), { minLength: 3, maxLength: 6 }),
      });
      fc.assert(
        fc.property(scene, ({ name, seed: of, offset: start, wishes, delays }) => {
          const fabric = fabricOf(name, { seed: of });
          const moved = wishes.map((wish) => ({ ...wish, start: start + wish.start }));
          // A counter that wraps, and one that begins anew, fall: that is what these incidents are.
          const incidents = incidentsOf(fabric, moved, ["counter-wrap", "reboot"]);
          const stage = new Rehearsal(
            fabric,
            rehearsing(fabric, incidents),
            new PageNumbers(fabric, "full"),
          );
          const node = fabric.switches[of % fabric.switches.length] as Switch;
          const moments = delays.map((delay) => start + delay / 1000).sort((a, b) => a - b);
          for (const [i, at] of moments.slice(1).entries())
            expect(
              fallen(stage, node, stage.values(node, moments[i] as number), stage.values(node, at)),
            ).toEqual([]);
        }),
        { seed: 42, numRuns: 25 },
      );
    },
    LIMIT_MS,
  );

  it(
    "of a switch that starts again all begin at 0 together, after a gap, with nothing left of before",
    () => {
      const reboot = fc.record({
        name: fabricName,
        seed,
        switch: fc.nat(),
        from: fc.integer({ min: 100, max: 200_000 }).map((slot) => slot * SLOT),
        slots: fc.integer({ min: 1, max: 40 }),
        later: fc.integer({ min: 1, max: HOUR * 1000 }),
      });
      fc.assert(
        fc.property(reboot, ({ name, seed: of, switch: n, from, slots, later }) => {
          const fabric = fabricOf(name, { seed: of });
          const node = fabric.switches[n % fabric.switches.length] as Switch;
          const to = from + slots * SLOT;
          const off: Effect = { kind: "reboot", switch: node.name, from, to };
          const stage = new Rehearsal(fabric, happening([off]), new PageNumbers(fabric, "full"));
          const read = (at: number, family: string, ...by: string[]) =>
            Object.fromEntries(stage.family(node, at, family, ...by));
          // A gap of the whole page, and of no other.
          const last = stage.values(node, from - 0.001);
          expect(fallen(stage, node, stage.values(node, from - 60), last)).toEqual([]);
          for (const at of [from, to - 0.001])
            expect(stage.values(node, at).every(Number.isNaN)).toBe(true);
          for (const other of fabric.switches)
            if (other !== node) expect(stage.values(other, from).every(Number.isNaN)).toBe(false);
          // All counters at 0, and the boot time says so.
          const first = stage.values(node, to);
          expect(
            numbersOf(stage.pages, node).flatMap((number, i) =>
              COUNTERS.has(number.family) && first[i] !== 0
                ? [`${seriesText(number)}: ${first[i]}`]
                : [],
            ),
          ).toEqual([]);
          expect(read(to, "switch_boot_time_seconds")).toEqual({ "": fabric.epoch + to });
          // Then they grow again, by what can have come since and not more.
          const at = to + later / 1000;
          expect(fallen(stage, node, first, stage.values(node, at))).toEqual([]);
          for (const way of ["receive", "transmit"]) {
            const bytes = read(at, `switch_port_${way}_bytes_total`, "port");
            for (const { profile } of node.ports)
              expect(bytes[profile.name]).toBeLessThanOrEqual((profile.speed / 8) * (at - to) + 1);
          }
          // Whom it is linked to and what they tell is known later than that.
          const known = (moment: number) => [
            stage.total(node, moment, "switch_bgp_peer_up"),
            BigInt(
              [...stage.family(node, moment, "switch_lldp_neighbor_info", "port").values()].filter(
                (value) => value === 1,
              ).length,
            ),
          ];
          expect(known(to + 1)).toEqual([0n, 0n]);
          expect(known(to + 91)).toEqual(known(from - 1));
        }),
        { seed: 42, numRuns: 15 },
      );
    },
    LIMIT_MS,
  );
});
