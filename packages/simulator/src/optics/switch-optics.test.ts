import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Link, Port } from "../fabric/fabric.ts";
import { fabricOf } from "../fabric/fabric-argument.ts";
import type { Effect } from "../incident/effect.ts";
import { type Simulation, simulate } from "../simulate.ts";
import { lightPath } from "./light-path.ts";
import type { OpticsReading, TransceiverReading } from "./transceiver-reading.ts";

const DAY = 86_400;
const fabric = fabricOf("leaf-spine:2x1");
const leaf = fabric.switches.findIndex(({ name }) => name === "leaf1");
const spine = fabric.switches.findIndex(({ name }) => name === "spine1");
const uplink = fabric.switches[leaf]?.ports.find(({ profile }) => profile.isUplink) as Port;
const link = uplink.link as Link;
const far = link.peer as Port;
const budget = lightPath(fabric, link, "to-port")?.budgetDb as number;

const running = (...effects: readonly Effect[]): Simulation =>
  simulate(fabric, {
    until: (seconds) => effects.filter(({ from }) => from <= seconds),
    version: 0,
  });
const near = (simulation: Simulation, seconds: number): OpticsReading =>
  simulation.optics[leaf]?.read(seconds)?.[uplink.index] as OpticsReading;
const opposite = (simulation: Simulation, seconds: number): OpticsReading =>
  simulation.optics[spine]?.read(seconds)?.[far.index] as OpticsReading;
const light = ({ transceiver }: OpticsReading): readonly number[] =>
  (transceiver as TransceiverReading).lanes.map(({ receivePowerDbm }) => receivePowerDbm);
const sent = ({ transceiver }: OpticsReading): readonly number[] =>
  (transceiver as TransceiverReading).lanes.map(({ transmitPowerDbm }) => transmitPowerDbm);

const dirt = (from: number, to: number, decibels: number): Effect => ({
  kind: "receive-loss",
  switch: "leaf1",
  port: uplink.index,
  from,
  to,
  decibels,
  decibelsPerDay: 0,
});
const ageing = (from: number, decibelsPerDay: number): Effect => ({
  kind: "laser-ageing",
  switch: "spine1",
  port: far.index,
  from,
  to: Infinity,
  decibelsPerDay,
});

describe("SwitchOptics, calm", () => {
  const calm = running();

  it("receives what the far end sends, less what the fibre takes, on every lane at every moment", () => {
    const fibre = lightPath(fabric, link, "to-port")?.lossDb as number;
    for (let t = 0; t < 3 * DAY; t += 5000) {
      const arriving = light(near(calm, t));
      for (const [lane, power] of sent(opposite(calm, t)).entries())
        expect(Math.abs(power - fibre - (arriving[lane] as number))).toBeLessThan(0.0101);
    }
  });

  it("shows every sensor well within its warnings, and no error that reaches a packet, for a week", () => {
    for (const name of ["leaf-48x25g-8x100g", "campus-48x1g-4x10g", "pair"]) {
      const { optics } = simulate(fabricOf(name), { until: () => [], version: 0 });
      for (let t = 0; t <= 7 * DAY; t += DAY / 4) {
        for (const { transceiver, errors } of optics[0]?.read(t) ?? []) {
          expect(errors.uncorrectableCodewords + errors.fcsErrors).toBe(0);
          expect(errors.preFecBitErrorRatio).toBeLessThan(1e-6);
          for (const lane of transceiver?.lanes ?? []) {
            if (lane.biasAmperes === 0) continue;
            const { thresholds } = transceiver as TransceiverReading;
            const within = (
              value: number,
              limit: { lowWarning: number; highWarning: number },
            ): void => {
              expect(value).toBeGreaterThan(limit.lowWarning);
              expect(value).toBeLessThan(limit.highWarning);
            };
            within(lane.receivePowerDbm, thresholds.receivePower);
            within(lane.transmitPowerDbm, thresholds.transmitPower);
            within(lane.biasAmperes, thresholds.bias);
            within(transceiver?.temperatureCelsius as number, thresholds.temperature);
            within(transceiver?.voltageVolts as number, thresholds.voltage);
            // As measured on real ones, with air of 18 … 27 °C.
            expect(transceiver?.temperatureCelsius).toBeGreaterThan(35);
            expect(transceiver?.temperatureCelsius).toBeLessThan(55);
          }
        }
      }
    }
  });

  it("keeps a free port dark, and knows no transceiver in copper", () => {
    const free = fabric.switches[leaf]?.ports.find((port) => port.link === undefined) as Port;
    const reading = calm.optics[leaf]?.readPort(free.index, 1000) as OpticsReading;
    expect(reading.transceiver?.lanes).toEqual([
      { biasAmperes: 0, receivePowerDbm: -30, transmitPowerDbm: -30 },
    ]);
    expect(reading.errors).toEqual({
      preFecBitErrorRatio: 0,
      correctedCodewords: 0,
      uncorrectableCodewords: 0,
      fcsErrors: 0,
    });
    const campus = simulate(fabricOf("campus-48x1g-4x10g"), { until: () => [], version: 0 });
    expect(campus.optics[0]?.readPort(0, 1000).transceiver).toBeUndefined();
  });
});

describe("SwitchOptics, with less light", () => {
  it("shows dirt at once at the port, and nowhere else", () => {
    const [calm, dirty] = [running(), running(dirt(1000, 9000, 6))];
    expect(near(dirty, 999)).toEqual(near(calm, 999));
    expect(opposite(dirty, 5000)).toEqual(opposite(calm, 5000));
    for (const [lane, power] of light(near(dirty, 5000)).entries())
      expect((light(near(calm, 5000))[lane] as number) - power).toBeCloseTo(6, 1);
    const ratio = (simulation: Simulation): number =>
      near(simulation, 5000).errors.preFecBitErrorRatio;
    expect(ratio(dirty)).toBeGreaterThan(100 * ratio(calm));
    expect(light(near(dirty, 9000))).toEqual(light(near(calm, 9000)));
  });

  it("shows an ageing laser: bias up, power down at both ends, errors, and in the end no link", () => {
    const old = running(ageing(0, 2));
    const bias = (t: number): number =>
      opposite(old, t).transceiver?.lanes[0]?.biasAmperes as number;
    const days = [1, 2, 3, 4].map((day) => day * DAY);
    const rising = days.map(bias);
    expect(rising).toEqual([...rising].sort((a, b) => a - b));
    for (const day of days) {
      const lost = (2 * day) / DAY;
      const [now, calm] = [sent(opposite(old, day))[0], sent(opposite(running(), day))[0]];
      expect((calm as number) - (now as number)).toBeCloseTo(lost, 1);
    }
    const end = (budget / 2) * DAY;
    const before = near(old, end - 600).errors;
    expect(before.correctedCodewords).toBeGreaterThan(1e9);
    expect(before.uncorrectableCodewords).toBeGreaterThan(1000);
    expect(before.fcsErrors).toBeGreaterThan(1000);
    expect(near(old, end - DAY).errors.fcsErrors).toBe(0);
    expect(old.switches[leaf]?.read(end - 600)?.[uplink.index]?.isUp).toBe(true);
    expect(old.switches[leaf]?.read(end + 600)?.[uplink.index]?.isUp).toBe(false);
    // The light that is left is still seen, and nothing is counted any more.
    expect(light(near(old, end + 600))[0]).toBeLessThan(-9);
    expect(light(near(old, end + 600))[0]).toBeGreaterThan(-14);
    expect(near(old, end + DAY).errors).toEqual(near(old, end + 2 * DAY).errors);
    expect(near(old, end + DAY).errors.preFecBitErrorRatio).toBe(0);
  });

  it("counts broken packets as a share of those that arrive, exactly while the loss is constant", () => {
    const path = lightPath(fabric, link, "to-port");
    const loss = path?.lossForFrameErrors(1e-4) as number;
    const dirty = running(dirt(1600, 8000, loss));
    const { frameErrorRatio } = path?.quality(loss) ?? { frameErrorRatio: 0 };
    const packets = (t: number): number =>
      dirty.switches[leaf]?.read(t)?.[uplink.index]?.received.packets as number;
    for (const t of [1600, 3000, 7999, 8000, 20_000]) {
      const expected = (packets(Math.min(t, 8000)) - packets(1600)) * frameErrorRatio;
      expect(near(dirty, t).errors.fcsErrors).toBe(Math.floor(expected));
    }
  });

  it("is dark at both ends of a cut link, and beside a switch that is off, though lasers go on", () => {
    const cut = running({ kind: "link-down", link: link.id, from: 1600, to: 3200 });
    for (const end of [near, opposite]) {
      expect(light(end(cut, 2000))).toEqual([-30, -30, -30, -30]);
      expect(sent(end(cut, 2000))).toEqual(sent(end(running(), 2000)));
      expect(light(end(cut, 3200))).toEqual(light(end(running(), 3200)));
    }
    const off = running({ kind: "reboot", switch: "spine1", from: 1600, to: 3200 });
    expect(light(near(off, 2000))).toEqual([-30, -30, -30, -30]);
    expect(off.optics[spine]?.read(2000)).toBeUndefined();
    expect(light(near(off, 3200))).toEqual(light(near(running(), 3200)));
  });

  it("follows the warmth of the air: lasers draw more current", () => {
    const hot = running({
      kind: "inlet-heat",
      switch: "leaf1",
      from: 0,
      to: Infinity,
      celsius: 18,
    });
    const [warm, cool] = [near(hot, 5000), near(running(), 5000)].map(
      (reading) => reading.transceiver as TransceiverReading,
    );
    const rise = (warm?.temperatureCelsius as number) - (cool?.temperatureCelsius as number);
    expect(rise).toBeCloseTo(18, 1);
    expect(warm?.lanes[0]?.biasAmperes).toBeGreaterThan(
      (cool?.lanes[0]?.biasAmperes as number) * 1.05,
    );
    expect(sent(near(hot, 5000))).toEqual(sent(near(running(), 5000)));
  });
});

describe("SwitchOptics, counting", () => {
  const effects: readonly Effect[] = [
    ageing(0, 40),
    dirt(3000, 12_000, budget - 1),
    { kind: "reboot", switch: "leaf1", from: 16_000, to: 16_208 },
    dirt(18_000, 30_000, 2),
  ];

  it("never falls while the switch is on, and begins at zero when it starts", () => {
    const simulation = running(...effects);
    let before = near(simulation, 0).errors;
    for (let t = 0; t < 40_000; t += 32) {
      const reading = simulation.optics[leaf]?.read(t)?.[uplink.index]?.errors;
      if (reading === undefined) continue;
      const isFresh = t >= 16_208 && t < 16_208 + 32;
      for (const key of ["correctedCodewords", "uncorrectableCodewords", "fcsErrors"] as const)
        if (!isFresh) expect(reading[key]).toBeGreaterThanOrEqual(before[key]);
      before = reading;
    }
    expect(near(simulation, 16_208).errors).toMatchObject({
      correctedCodewords: 0,
      uncorrectableCodewords: 0,
      fcsErrors: 0,
    });
    expect(near(simulation, 15_999).errors.fcsErrors).toBeGreaterThan(0);
  });

  it("gives the same reading whatever was read before", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 40_000 }), { minLength: 2, maxLength: 8 }),
        (moments) => {
          const warm = running(...effects);
          for (const t of moments)
            expect(warm.optics[leaf]?.readPort(uplink.index, t)).toEqual(
              running(...effects).optics[leaf]?.readPort(uplink.index, t),
            );
        },
      ),
      { seed: 42, numRuns: 10 },
    );
  });

  it("comes within a few hundredths of the integral while light fades", () => {
    const fading = running(ageing(0, 20));
    const path = lightPath(fabric, link, "to-port");
    let sum = 0;
    for (let t = 0; t < 30_000; t += 1)
      sum +=
        (path?.codewordsPerSecond ?? 0) *
        (path?.quality((20 * (t + 0.5)) / DAY).correctedCodewords ?? 0);
    expect(near(fading, 30_000).errors.correctedCodewords / sum).toBeCloseTo(1, 2);
  });
});
