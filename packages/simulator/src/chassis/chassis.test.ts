import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Fabric, Port, Switch } from "../fabric/fabric.ts";
import { fabricOf } from "../fabric/fabric-argument.ts";
import type { Effect } from "../incident/effect.ts";
import { type Simulation, simulate } from "../simulate.ts";
import { farEnd } from "./bgp-session.ts";
import type { ChassisReading } from "./chassis-reading.ts";

const DAY = 86_400;
const fabric = fabricOf("leaf-spine:2x2");
const leaf = fabric.switches.findIndex(({ name }) => name === "leaf1");

const running = (effects: readonly Effect[] = [], of: Fabric = fabric): Simulation =>
  simulate(of, { until: (seconds) => effects.filter(({ from }) => from <= seconds), version: 0 });

const read = (simulation: Simulation, seconds: number, index = leaf): ChassisReading =>
  simulation.chassis[index]?.read(seconds) as ChassisReading;

const celsius = ({ temperatures }: ChassisReading): Record<string, number> =>
  Object.fromEntries(temperatures.map((each) => [each.sensor, each.celsius]));

const watts = ({ supplies }: ChassisReading): number =>
  supplies.reduce((sum, { outputWatts }) => sum + outputWatts, 0);

const calm = running();

describe("Chassis, calm", () => {
  it.each(["leaf-48x25g-8x100g", "spine-32x100g", "campus-48x1g-4x10g", "pair"])(
    "shows plausible numbers within their limits for a week (%s)",
    (name) => {
      const simulation = running([], fabricOf(name));
      const { profile } = simulation.fabric.switches[0] ?? { profile: undefined };
      for (let t = 3600; t <= 7 * DAY; t += DAY / 8) {
        const reading = read(simulation, t, 0);
        for (const { celsius: value, thresholds } of reading.temperatures) {
          expect(value).toBeGreaterThan(15);
          expect(value).toBeLessThan(thresholds.highWarning - 5);
        }
        expect(celsius(reading)["inlet"]).toBeLessThan(27);
        for (const { isUp, rpm } of reading.fans) {
          expect(isUp).toBe(true);
          expect(rpm).toBeGreaterThan(5000);
          expect(rpm).toBeLessThan(9000);
          expect(rpm % 180).toBe(0);
        }
        for (const supply of reading.supplies) {
          expect(supply.isUp).toBe(true);
          expect(supply.inputVolts).toBeGreaterThan(225);
          expect(supply.inputVolts).toBeLessThan(235);
          const efficiency = supply.outputWatts / supply.inputWatts;
          expect(efficiency).toBeGreaterThan(0.8);
          expect(efficiency).toBeLessThan(0.96);
        }
        expect(watts(reading)).toBeGreaterThan(profile?.idleWatts ?? 0);
        for (const usage of reading.cores) expect(usage).toBeLessThan(0.2);
        const available = reading.memory.availableBytes / reading.memory.sizeBytes;
        expect(available).toBeGreaterThan(0.5);
        expect(available).toBeLessThan(0.75);
        expect(reading.macTable.entries).toBeGreaterThan(0);
        expect(reading.macTable.entries).toBeLessThan(reading.macTable.capacity / 10);
        for (const table of Object.values(reading.routeTable))
          expect(table.entries).toBeLessThan(table.capacity / 2);
        for (const { isEstablished, transitions } of reading.sessions)
          expect([isEstablished, transitions]).toEqual([true, 1]);
      }
    },
  );

  it("is warmer, and needs more watts, in the afternoon than before dawn", () => {
    const [dawn, afternoon] = [2.15, 2.6].map((day) => read(calm, day * DAY)) as [
      ChassisReading,
      ChassisReading,
    ];
    for (const sensor of ["inlet", "asic", "cpu", "exhaust"])
      expect(celsius(afternoon)[sensor]).toBeGreaterThan(celsius(dawn)[sensor] as number);
    expect(watts(afternoon)).toBeGreaterThan(watts(dawn));
  });

  it("follows load over minutes, and never from what is still to come", () => {
    const at = 7200;
    const loads = fabric.links
      .filter(({ peer }) => "kind" in peer)
      .map(({ id: link }): Effect => ({ kind: "load", link, ratio: 0.4, from: at, to: Infinity }));
    const busy = running(loads);
    expect(celsius(read(busy, at + 290))).toEqual(celsius(read(calm, at + 290)));
    expect(celsius(read(busy, at + 900))["asic"]).toBeGreaterThan(
      (celsius(read(calm, at + 900))["asic"] as number) + 2,
    );
    const [fast] = read(busy, at + 900).fans;
    const [slow] = read(calm, at + 900).fans;
    expect(fast?.rpm).toBeGreaterThan(slow?.rpm as number);
    expect(watts(read(busy, at + 900))).toBeGreaterThan(watts(read(calm, at + 900)) + 10);
  });

  it("counts moves of stations, which never fall", () => {
    let before = 0;
    for (let t = 0; t < 3 * DAY; t += 1801) {
      const { macMoves } = read(calm, t);
      expect(macMoves).toBeGreaterThanOrEqual(before);
      before = macMoves;
    }
    expect(before).toBeGreaterThan(5);
  });
});

describe("Chassis, both ends", () => {
  const neighborsAgree = (simulation: Simulation, node: Switch, seconds: number): void => {
    for (const neighbor of simulation.chassis[node.index]?.read(seconds)?.neighbors ?? []) {
      const far = fabric.switches.find(({ name }) => name === neighbor.name);
      if (far === undefined) continue;
      const opposite = simulation.chassis[far.index]
        ?.neighbors(seconds)
        .find(({ port }) => far.ports[port]?.profile.name === neighbor.remotePort);
      expect(neighbor.chassisId).toBe(far.mac);
      expect(opposite).toMatchObject({
        chassisId: node.mac,
        name: node.name,
        remotePort: node.ports[neighbor.port]?.profile.name,
      });
    }
  };
  const sessionsAgree = (simulation: Simulation, node: Switch, seconds: number): void => {
    for (const session of simulation.chassis[node.index]?.read(seconds)?.sessions ?? []) {
      const far = farEnd(node.ports[session.port] as Port) as Port;
      const opposite = simulation.chassis[far.switch?.index]
        ?.read(seconds)
        ?.sessions.find(({ port }) => port === far.index);
      if (opposite === undefined) continue;
      expect(opposite.isEstablished).toBe(session.isEstablished);
      expect(opposite.establishedSince).toBe(session.establishedSince);
      expect(opposite.peer).not.toBe(session.peer);
    }
  };

  it("know each other, and are of one opinion of their sessions, whatever happens", () => {
    const link = fabric.switches[leaf]?.ports.find(({ profile }) => profile.isUplink)?.link?.id;
    const simulation = running([
      { kind: "link-down", link: link as string, from: 1600, to: 1760 },
      { kind: "bgp-down", switch: "spine1", peer: 0, from: 2500, to: 2600 },
      { kind: "reboot", switch: "spine2", from: 3200, to: 3392 },
    ]);
    for (let t = 1500; t < 4000; t += 30) {
      for (const node of fabric.switches) {
        neighborsAgree(simulation, node, t);
        sessionsAgree(simulation, node, t);
      }
    }
  });

  it("have addresses of one network of two, and AS numbers for private use", () => {
    const peers = fabric.switches.flatMap(({ index }) => read(calm, 100, index).sessions);
    const addresses = peers.map(({ peer }) => peer);
    expect(new Set(addresses).size).toBe(addresses.length);
    for (const { peer, remoteAs } of peers) {
      expect(peer).toMatch(/^10\.\d+\.\d+\.\d+$/);
      expect(remoteAs === 64_512 || remoteAs >= 4_200_000_000).toBe(true);
    }
  });
});

describe("Chassis, when things fail", () => {
  it("answers a failed fan with faster others, and gets 4 to 8 °C warmer within minutes", () => {
    const failed = running([
      { kind: "fan-failure", switch: "leaf1", fan: 1, from: DAY, to: DAY + 3600 },
    ]);
    const rise = (t: number): number =>
      (celsius(read(failed, t))["asic"] as number) - (celsius(read(calm, t))["asic"] as number);
    expect(read(failed, DAY + 10).fans[1]).toEqual({ fan: 2, isUp: false, rpm: 0 });
    const ratio =
      (read(failed, DAY + 10).fans[0]?.rpm as number) /
      (read(calm, DAY + 10).fans[0]?.rpm as number);
    expect(ratio).toBeCloseTo(1.25, 1);
    expect(rise(DAY)).toBe(0);
    expect(rise(DAY + 240) / rise(DAY + 3600)).toBeCloseTo(1 - Math.exp(-1), 1);
    expect(rise(DAY + 3599)).toBeGreaterThanOrEqual(3.9);
    expect(rise(DAY + 3599)).toBeLessThanOrEqual(8.1);
    expect(read(failed, DAY + 3600).fans).toEqual(read(calm, DAY + 3600).fans);
    expect(rise(DAY + 3600 + 480)).toBeLessThan(1.5);
    expect(rise(DAY + 2 * 3600)).toBe(0);
  });

  it("carries the load with the supply that is left", () => {
    const lost = running([{ kind: "psu-loss", switch: "leaf1", psu: 0, from: 1000, to: 2000 }]);
    const [first, second] = read(lost, 1500).supplies;
    expect(first).toEqual({
      psu: 1,
      isUp: false,
      inputWatts: 0,
      outputWatts: 0,
      inputVolts: 0,
    });
    expect(second?.outputWatts).toBeCloseTo(watts(read(calm, 1500)), 0);
    expect(read(lost, 2000).supplies).toEqual(read(calm, 2000).supplies);
  });

  it("gets as much warmer as the air, and says so beyond the warning of the inlet", () => {
    const hot = running([
      { kind: "inlet-heat", switch: "leaf1", celsius: 18, from: DAY, to: DAY + 7200 },
    ]);
    const [now, usual] = [read(hot, DAY + 3600), read(calm, DAY + 3600)];
    for (const sensor of ["inlet", "asic", "cpu", "exhaust"])
      expect((celsius(now)[sensor] as number) - (celsius(usual)[sensor] as number)).toBeCloseTo(
        18,
        0,
      );
    const inlet = now.temperatures[0];
    expect(inlet?.celsius).toBeGreaterThan((inlet?.thresholds.highWarning as number) - 3);
    expect(now.fans[0]?.rpm).toBeGreaterThan(1.3 * (usual.fans[0]?.rpm as number));
    expect(watts(now)).toBeGreaterThan(watts(usual) + 5);
  });

  it("loses memory in a straight line while it leaks, and gets it back at the end", () => {
    const leak = running([
      { kind: "memory-leak", switch: "leaf1", bytesPerSecond: 1e6, from: 1000, to: 5000 },
    ]);
    const missing = (t: number): number =>
      read(calm, t).memory.availableBytes - read(leak, t).memory.availableBytes;
    expect(missing(1000)).toBe(0);
    expect(Math.abs(missing(3000) - 2e9)).toBeLessThan(8192);
    expect(missing(5000)).toBe(0);
    const endless = running([
      { kind: "memory-leak", switch: "leaf1", bytesPerSecond: 1e9, from: 0, to: Infinity },
    ]);
    const { availableBytes, sizeBytes } = read(endless, 1e6).memory;
    expect(availableBytes / sizeBytes).toBeCloseTo(0.02, 3);
  });

  it("learns invented stations until the table is full, and forgets them after five minutes", () => {
    const flood = running([
      { kind: "mac-flood", switch: "leaf1", entriesPerSecond: 2000, from: 1000, to: 1600 },
    ]);
    const more = (t: number): number =>
      read(flood, t).macTable.entries - read(calm, t).macTable.entries;
    const { capacity } = read(flood, 1000).macTable;
    expect(more(1000)).toBe(0);
    expect(more(1010)).toBe(20_000);
    expect(read(flood, 1100).macTable.entries).toBe(capacity);
    expect(read(flood, 1599).macTable.entries).toBe(capacity);
    expect(more(1890)).toBe(20_000);
    expect(more(1900)).toBe(0);
    expect(read(flood, 1599).macMoves).toBeGreaterThan(read(calm, 1599).macMoves + 20_000);
    expect(read(flood, 1500).cores[0]).toBeGreaterThan(
      (read(calm, 1500).cores[0] as number) + 0.15,
    );
  });

  it("loses a session with its link at once, and finds it after the link; routes go with the last", () => {
    const uplinks = fabric.switches[leaf]?.ports.filter(
      ({ profile, link }) => profile.isUplink && link,
    );
    const cuts = (uplinks ?? []).map(
      ({ link }): Effect => ({ kind: "link-down", link: link?.id as string, from: 1600, to: 3200 }),
    );
    const one = running(cuts.slice(0, 1));
    const all = running(cuts);
    const session = (t: number) => read(one, t).sessions[0];
    expect(session(1599)).toMatchObject({ isEstablished: true, establishedSince: 0 });
    expect(session(1600)).toMatchObject({
      isEstablished: false,
      establishedSince: undefined,
      transitions: 1,
      prefixesReceived: { ipv4: 0, ipv6: 0 },
    });
    expect(session(3219)?.isEstablished).toBe(false);
    expect(session(3241)).toMatchObject({ isEstablished: true, transitions: 2 });
    const [late, usual] = [read(one, 3300), read(calm, 3300)];
    expect(late.sessions[0]?.prefixesReceived).toEqual(usual.sessions[0]?.prefixesReceived);
    // One session less tells nothing less, but the network of its link is gone.
    const routes = (simulation: Simulation): number =>
      read(simulation, 2000).routeTable.ipv4.entries;
    expect(routes(one)).toBe(routes(calm) - 1);
    expect(routes(all)).toBeLessThan(routes(calm) / 2);
    expect(read(one, 3245).cores[0]).toBeGreaterThan((read(calm, 3245).cores[0] as number) + 0.05);
  });

  it("loses a session while an effect says so, though the link is up", () => {
    const flap = running([{ kind: "bgp-down", switch: "leaf1", peer: 1, from: 1000, to: 1100 }]);
    const up = (t: number) => read(flap, t).sessions.map(({ isEstablished }) => isEstablished);
    expect(up(1050).filter((each) => !each)).toHaveLength(1);
    expect(up(1050)[1]).toBe(false);
    expect(up(1102)[1]).toBe(false);
    expect(up(1111)[1]).toBe(true);
    expect(read(flap, 1050).neighbors).toEqual(read(calm, 1050).neighbors);
  });

  it("begins anew with a reboot: counts from zero, neighbours and sessions come back later", () => {
    const rebooted = running([{ kind: "reboot", switch: "leaf1", from: 16_000, to: 16_192 }]);
    expect(rebooted.chassis[leaf]?.read(16_100)).toBeUndefined();
    const fresh = read(rebooted, 16_192);
    expect(fresh.startedAt).toBe(16_192);
    expect(fresh.macMoves).toBe(0);
    expect(fresh.neighbors).toEqual([]);
    expect(fresh.macTable.entries).toBeLessThan(5);
    expect(fresh.sessions.map(({ transitions }) => transitions)).toEqual(
      fresh.sessions.map(() => 0),
    );
    expect(fresh.cores[0]).toBeGreaterThan(0.3);
    expect(read(rebooted, 16_192 + 29).neighbors).toEqual([]);
    expect(read(rebooted, 16_192 + 60).neighbors).toEqual(read(calm, 16_252).neighbors);
    const established = (t: number): number =>
      read(rebooted, t).sessions.filter(({ isEstablished }) => isEstablished).length;
    expect(established(16_192 + 59)).toBe(0);
    expect(established(16_192 + 91)).toBe(fresh.sessions.length);
    expect(read(rebooted, 20_000).sessions[0]?.transitions).toBe(1);
    expect(read(rebooted, 20_000).routeTable).toEqual(read(calm, 20_000).routeTable);
  });
});

describe("Chassis", () => {
  it("gives the same reading whatever was read before", () => {
    const effects: readonly Effect[] = [
      { kind: "fan-failure", switch: "leaf1", fan: 0, from: 500, to: 4000 },
      { kind: "mac-flood", switch: "leaf1", entriesPerSecond: 100, from: 3000, to: 5000 },
      { kind: "bgp-down", switch: "leaf1", peer: 0, from: 4000, to: 4100 },
      { kind: "reboot", switch: "leaf1", from: 8000, to: 8192 },
      { kind: "inlet-heat", switch: "leaf1", celsius: 10, from: 9000, to: 12_000 },
    ];
    const moment = fc.integer({ min: 0, max: 15_000 });
    fc.assert(
      fc.property(fc.array(moment, { minLength: 2, maxLength: 6 }), (moments) => {
        const warm = running(effects);
        for (const t of moments)
          expect(warm.chassis[leaf]?.read(t)).toEqual(running(effects).chassis[leaf]?.read(t));
      }),
      { seed: 42, numRuns: 12 },
    );
  });

  it("gives each part alone as it gives it with the others", () => {
    const chassis = calm.chassis[leaf];
    const all = read(calm, 12_345);
    expect({
      startedAt: chassis?.startedAt(12_345),
      temperatures: chassis?.temperatures(12_345),
      fans: chassis?.fans(12_345),
      supplies: chassis?.supplies(12_345),
      cores: chassis?.cores(12_345),
      memory: chassis?.memory(12_345),
      macTable: chassis?.macTable(12_345),
      macMoves: chassis?.macMoves(12_345),
      routeTable: chassis?.routeTable(12_345),
      neighbors: chassis?.neighbors(12_345),
      sessions: chassis?.sessions(12_345),
    }).toEqual(all);
  });
});
