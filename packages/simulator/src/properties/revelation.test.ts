import { silentLogger } from "@linklight/toolkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Fabric, Switch } from "../fabric/fabric.ts";
import { fabricOf } from "../fabric/fabric-argument.ts";
import { CATALOGUE } from "../incident/catalogue.ts";
import type { EffectSource } from "../incident/effect.ts";
import type { Incident } from "../incident/incident.ts";
import { readMoment } from "../incident/moment.ts";
import { PageNumbers } from "../incident/page-numbers.ts";
import { IncidentLog } from "../incident-log/incident-log.ts";
import { type Simulation, simulate } from "../simulate.ts";
import { incidentsOf, numbersOf, rehearsing, seriesText } from "./rehearsal.ts";

/** Many times what it takes: other work may go on beside. */
const LIMIT_MS = 60_000;

const HOUR = 3600;
const DAY = 86_400;

/** What takes links away, or fills them: sums of one switch rest on what others do then. */
const ABOUT_TRAFFIC = [
  "link-down",
  "flap-train",
  "reboot",
  "uplink-saturation",
  "incast",
  "ecmp-polarisation",
];
const OTHERS = CATALOGUE.map(({ name }) => name).filter((name) => !ABOUT_TRAFFIC.includes(name));

/** Something happens some seconds after the last, and is looked at before and after. */
const step = fc.record({
  after: fc.integer({ min: 1, max: 1800 }),
  type: fc.nat(),
  switch: fc.nat(),
  port: fc.nat(),
  isAboutTraffic: fc.boolean(),
  /** Switches that are read right then, and how long before. */
  looks: fc.array(fc.record({ switch: fc.nat(), ago: fc.nat(400) }), { maxLength: 3 }),
});
const scene = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  offset: fc.integer({ min: 0, max: 5 * DAY }),
  steps: fc.array(step, { minLength: 2, maxLength: 6 }),
  later: fc.integer({ min: 0, max: 2 * HOUR }),
});

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function nodeOf({ switches }: Fabric, n: number): Switch {
  return switches[n % switches.length] as Switch;
}

/** A process that runs on: it is read while things happen, and every number is compared with one that was just started. */
class Running {
  readonly #fabric: Fabric;
  readonly #pages: PageNumbers;
  readonly #live: Simulation;

  constructor(fabric: Fabric, source: EffectSource) {
    this.#fabric = fabric;
    this.#pages = new PageNumbers(fabric, "full");
    this.#live = simulate(fabric, source);
  }

  look({ looks }: Step, now: number): void {
    for (const { switch: n, ago } of looks)
      this.#pages.at(this.#live, nodeOf(this.#fabric, n), Math.max(0, now - ago));
  }

  expectAsRestarted(incidents: readonly Incident[], moments: readonly number[]): void {
    const restarted = simulate(this.#fabric, rehearsing(this.#fabric, incidents));
    for (const at of moments) {
      for (const node of this.#fabric.switches) {
        const [a, b] = [this.#live, restarted].map((each) => this.#pages.at(each, node, at));
        const wrong = numbersOf(this.#pages, node).flatMap((number, i) =>
          Object.is(a?.[i], b?.[i]) ? [] : [`${at} ${seriesText(number)}: ${a?.[i]} and ${b?.[i]}`],
        );
        expect(wrong).toEqual([]);
      }
    }
  }
}

/** What happens at a step. */
function incidentsAt(fabric: Fabric, each: Step, start: number, i: number): readonly Incident[] {
  const without = each.isAboutTraffic ? OTHERS : [];
  return incidentsOf(fabric, [{ ...each, start }], without).map((incident) => ({
    ...incident,
    id: `step-${i}`,
  }));
}

describe("a process that was running while things happened on several switches", () => {
  const fabricFor = (seed: number): Fabric => fabricOf("leaf-spine:2x2", { seed });

  it(
    "shows what one shows that is started afterwards, when they happen by themselves",
    () => {
      fc.assert(
        fc.property(scene, ({ seed, offset, steps, later }) => {
          const fabric = fabricFor(seed);
          let now = offset;
          const moments = steps.map(({ after }) => (now += after));
          const incidents = steps.flatMap((each, i) =>
            incidentsAt(fabric, each, moments[i] as number, i),
          );
          const running = new Running(fabric, rehearsing(fabric, incidents));
          for (const [i, each] of steps.entries()) running.look(each, moments[i] as number);
          running.expectAsRestarted(incidents, [now + later, now]);
        }),
        { seed: 42, numRuns: 30 },
      );
    },
    LIMIT_MS,
  );

  it(
    "shows what one shows that is started afterwards, when somebody asks for them",
    () => {
      fc.assert(
        fc.property(scene, ({ seed, offset, steps, later }) => {
          const fabric = fabricFor(seed);
          let now = offset + 0.25;
          const log = IncidentLog.open({ fabric, now: () => now, logger: silentLogger });
          const running = new Running(fabric, log);
          const incidents: Incident[] = [];
          for (const [i, each] of steps.entries()) {
            now += each.after;
            running.look(each, now);
            for (const incident of incidentsAt(fabric, each, now, i)) {
              const { type, switch: on, port } = incident;
              const listed = log.start({ type, switch: on, port }, () => {});
              // Refused when the same is happening there already.
              if (listed === undefined) continue;
              const start = readMoment(fabric, listed.start) ?? Number.NaN;
              incidents.push({ ...incident, id: listed.id, start });
            }
          }
          running.expectAsRestarted(incidents, [now + later, now]);
        }),
        { seed: 42, numRuns: 30 },
      );
    },
    LIMIT_MS,
  );
});
