import { describe, expect, it } from "vitest";
import type { Fabric, Port } from "../fabric/fabric.ts";
import { fabricOf } from "../fabric/fabric-argument.ts";
import { mix } from "../seed/mix.ts";
import { simulate } from "../simulate.ts";
import { LightPath } from "./light-path.ts";
import { type Optic, opticOf, type SensorThresholds } from "./optic.ts";
import type { OpticsReading } from "./transceiver-reading.ts";

const DAY = 86_400;

/** Readings of all ports of a calm fabric over a week, and a month later: each with its port. */
function* readings(fabric: Fabric): Generator<readonly [Port, OpticsReading]> {
  const { optics } = simulate(fabric, { version: 0, until: () => [] });
  for (const t of [0, 0.3, 0.6, 1.6, 2.55, 3.6, 4.6, 5.6, 6.3, 37.6].map((day) => day * DAY)) {
    for (const node of fabric.switches) {
      const all = optics[node.index]?.read(t) ?? [];
      for (const [i, reading] of all.entries()) yield [node.ports[i] as Port, reading];
    }
  }
}

/** How much a value is within warnings, as a share of the span between them; negative when it is beyond. */
function reserve(value: number, { lowWarning, highWarning }: SensorThresholds): number {
  return Math.min(value - lowWarning, highWarning - value) / (highWarning - lowWarning);
}

const PROFILES = ["leaf-48x25g-8x100g", "spine-32x100g", "campus-48x1g-4x10g", "pair"];

describe.each([1, 42, 31_337])("the light of a calm fabric of seed %i", (seed) => {
  it.each([...PROFILES, "leaf-spine:2x2"])(
    "is within all limits with something to spare (%s)",
    (name) => {
      const least: Record<string, number> = {};
      for (const [{ link }, { transceiver, errors }] of readings(fabricOf(name, { seed }))) {
        if (transceiver === undefined) continue;
        const { thresholds, lanes } = transceiver;
        const note = (sensor: string, value: number, limits: SensorThresholds): void => {
          least[sensor] = Math.min(least[sensor] ?? 1, reserve(value, limits));
        };
        note("temperature", transceiver.temperatureCelsius, thresholds.temperature);
        note("voltage", transceiver.voltageVolts, thresholds.voltage);
        if (link === undefined) continue;
        for (const lane of lanes) {
          note("bias", lane.biasAmperes, thresholds.bias);
          note("receive", lane.receivePowerDbm, thresholds.receivePower);
          note("transmit", lane.transmitPowerDbm, thresholds.transmitPower);
        }
        expect([errors.fcsErrors, errors.uncorrectableCodewords]).toEqual([0, 0]);
      }
      expect(Object.entries(least).filter(([, part]) => part < 0.04)).toEqual([]);
      expect(Object.keys(least).length).toBe(5);
    },
  );

  it.each(PROFILES)(
    "has as many lanes as the port, all dark where nothing is linked (%s)",
    (name) => {
      for (const [{ profile, link }, { transceiver }] of readings(fabricOf(name, { seed }))) {
        expect(transceiver?.lanes.length ?? 0).toBe(profile.lanes);
        if (transceiver === undefined || link !== undefined) continue;
        const dark = { biasAmperes: 0, receivePowerDbm: -30, transmitPowerDbm: -30 };
        expect(transceiver.lanes).toEqual(transceiver.lanes.map(() => dark));
        const { receivePower, transmitPower, bias } = transceiver.thresholds;
        expect([
          receivePower.lowAlarm > -30,
          transmitPower.lowAlarm > -30,
          bias.lowAlarm > 0,
        ]).toEqual([true, true, true]);
      }
    },
  );
});

describe("every kind of optic", () => {
  it.each([1e9, 10e9, 25e9, 40e9, 50e9, 100e9, 200e9, 400e9])(
    "has limits in order, and gives and gets light within them (%d bit/s)",
    (speed) => {
      const lanes = 4;
      const optic = opticOf({ name: "x", speed, isUplink: true, formFactor: "x", lanes }) as Optic;
      for (const limits of Object.values(optic.thresholds)) {
        const { lowAlarm, lowWarning, highWarning, highAlarm } = limits;
        const values = [lowAlarm, lowWarning, highWarning, highAlarm];
        expect(values).toEqual(values.toSorted((a, b) => a - b));
        expect(new Set(values).size).toBe(4);
      }
      const { transmitPower, receivePower, bias } = optic.thresholds;
      for (let state = 0; state < 200; state++) {
        const path = new LightPath(optic, lanes, mix(state, 1));
        for (const sent of path.transmitDbm) {
          const arrives = sent - path.lossDb;
          expect(sent).toBeGreaterThan(transmitPower.lowWarning + 0.2);
          expect(sent).toBeLessThan(transmitPower.highWarning - 0.2);
          expect(arrives).toBeGreaterThan(receivePower.lowWarning + 2);
          expect(arrives).toBeLessThan(receivePower.highWarning - 0.2);
        }
      }
      // Five hundredths from laser to laser, and up to 60 °C.
      expect(0.95 * optic.biasAmperes).toBeGreaterThan(bias.lowWarning);
      expect(1.05 * 1.14 * optic.biasAmperes).toBeLessThan(bias.highWarning);
    },
  );
});
