import { describe, expect, it } from "vitest";
import { type Fabric, isPort } from "../fabric/fabric.ts";
import { fabricOf } from "../fabric/fabric-argument.ts";
import type { Effect, EffectSource } from "../incident/effect.ts";
import { type Simulation, simulate } from "../simulate.ts";
import type { PortReading, QueueReading } from "./port-reading.ts";

const DAY = 86_400;
const SLOT = 16;

function happening(...effects: readonly Effect[]): EffectSource {
  const ordered = [...effects].sort((a, b) => a.from - b.from);
  return {
    until: (seconds) => ordered.filter(({ from }) => from < seconds || from === 0),
    version: 0,
  };
}

function read(simulation: Simulation, index: number, seconds: number): readonly PortReading[] {
  return simulation.switches[index]?.read(seconds) as readonly PortReading[];
}

function sum(ports: readonly PortReading[], of: (port: PortReading) => number): number {
  return ports.reduce((total, port) => total + of(port), 0);
}

const leaf = fabricOf("leaf-48x25g-8x100g", { seed: 7 });
const leafSpine: Fabric = fabricOf("leaf-spine:3x2");
/** An access port is sent three times what it can take, for an hour of the third day. */
const incast: Effect = {
  kind: "forwarding",
  switch: leaf.switches[0]?.name ?? "",
  factors: new Map([[2, 60]]),
  from: 2 * DAY,
  to: 2 * DAY + 3600,
};

describe("the traffic of a switch", () => {
  it("is the same whatever was read before", () => {
    const times = [3 * DAY + 7.3, 5, 3 * DAY, 40_000.25, 3 * DAY + 7.3, 900_000];
    const warm = simulate(leafSpine, happening(incast));
    for (const t of times)
      expect(read(warm, 1, t)).toEqual(read(simulate(leafSpine, happening(incast)), 1, t));
  });

  it.each([
    ["one leaf", leaf],
    ["leaves and spines", leafSpine],
  ] as const)(
    "of %s: what arrives leaves or is dropped, at the end of every slot",
    (_name, fabric) => {
      const simulation = simulate(fabric, happening(incast));
      for (const t of [SLOT, DAY, 2 * DAY + 15 * 60, 2 * DAY + 3600, 3 * DAY].map(
        (time) => Math.floor(time / SLOT) * SLOT,
      )) {
        for (const { index } of fabric.switches) {
          const ports = read(simulation, index, t);
          expect(sum(ports, (p) => p.received.bytes)).toBe(
            sum(ports, (p) => p.transmitted.bytes + p.discarded.bytes),
          );
          expect(sum(ports, (p) => p.received.packets)).toBe(
            sum(ports, (p) => p.transmitted.packets + p.discarded.packets),
          );
        }
      }
    },
  );

  it("that one end of a link transmits is what the other end receives, at any moment", () => {
    const simulation = simulate(leafSpine, happening());
    for (const t of [1, 77_777.7, 2 * DAY + 3]) {
      for (const { port, peer } of leafSpine.links) {
        if (!isPort(peer)) continue;
        const near = read(simulation, port.switch.index, t)[port.index] as PortReading;
        const far = read(simulation, peer.switch.index, t)[peer.index] as PortReading;
        expect([near.transmitted, near.received]).toEqual([far.received, far.transmitted]);
      }
    }
  });

  it("never decreases, and never exceeds the line rate", () => {
    const simulation = simulate(leaf, happening(incast));
    let before = read(simulation, 0, 2 * DAY - 300);
    for (let t = 2 * DAY - 285; t < 2 * DAY + 1200; t += 15) {
      const now = read(simulation, 0, t);
      now.forEach((port, i) => {
        const speed = leaf.switches[0]?.ports[i]?.profile.speed as number;
        for (const way of ["received", "transmitted"] as const) {
          const rate = ((port[way].bytes - (before[i] as PortReading)[way].bytes) * 8) / 15;
          expect(rate).toBeGreaterThanOrEqual(0);
          expect(rate).toBeLessThanOrEqual(speed * 1.000001);
        }
      });
      before = now;
    }
  });

  it("is calm without incidents: nothing is dropped, and no queue comes near its limit", () => {
    const ports = read(simulate(leaf, happening()), 0, 7 * DAY);
    const trouble = (queue: QueueReading): number =>
      queue.dropped.packets + queue.ecnMarkedPackets + queue.pausedSeconds;
    const queues = ports.flatMap((port) => port.queues);
    expect(queues.reduce((total, queue) => total + trouble(queue), 0)).toBe(0);
    for (const queue of queues) expect(queue.watermarkBytes).toBeLessThan(queue.limitBytes / 2);
  });
});

describe("a port that is offered more than its line takes", () => {
  const simulation = simulate(leaf, happening(incast));
  const during = read(simulation, 0, 2 * DAY + 1800)[2] as PortReading;

  it("fills its queues, marks, pauses and drops", () => {
    expect(during.load).toBeGreaterThan(1);
    const [bestEffort, storage] = during.queues as [QueueReading, QueueReading];
    for (const queue of [bestEffort, storage]) {
      expect(queue.depthBytes).toBeGreaterThan(queue.limitBytes * 0.8);
      expect(queue.depthBytes).toBeLessThanOrEqual(queue.limitBytes);
    }
    for (const n of [
      bestEffort.dropped.bytes,
      bestEffort.dropped.packets,
      storage.ecnMarkedPackets,
      storage.pausedSeconds,
    ])
      expect(n).toBeGreaterThan(0);
  });

  it("drops what the closed form says", () => {
    const [a, b] = [
      read(simulation, 0, 2 * DAY + 1600),
      read(simulation, 0, 2 * DAY + 1600 + SLOT),
    ].map((ports) => ports[2] as PortReading) as [PortReading, PortReading];
    const dropped = b.discarded.bytes - a.discarded.bytes;
    const offered = dropped + b.transmitted.bytes - a.transmitted.bytes;
    expect(dropped / offered).toBeCloseTo(1 - 1 / a.load, 2);
  });

  it("drops no more once it is over", () => {
    const [end, later] = [2 * DAY + 3616, 3 * DAY].map(
      (t) => (read(simulation, 0, t)[2] as PortReading).discarded.packets,
    );
    expect(later).toBe(end);
  });
});

describe("a reboot", () => {
  const name = leaf.switches[0]?.name ?? "";
  const reboot: Effect = { kind: "reboot", switch: name, from: DAY, to: DAY + 180 };
  const simulation = simulate(leaf, happening(reboot));

  it("leaves a gap, and then all counters begin at zero together", () => {
    expect(simulation.switches[0]?.read(DAY + 60)).toBe(undefined);
    const after = read(simulation, 0, DAY + 180);
    expect(sum(after, (p) => p.received.bytes + p.transmitted.bytes + p.discarded.bytes)).toBe(0);
    expect(simulation.switches[0]?.startedAt(DAY + 200)).toBe(DAY + 180);
    expect(sum(read(simulation, 0, DAY + 240), (p) => p.received.bytes)).toBeGreaterThan(0);
  });
});

describe("a link that is down", () => {
  const port = leaf.switches[0]?.ports.find(({ link }) => link !== undefined);
  const down: Effect = { kind: "link-down", link: port?.link?.id ?? "", from: DAY, to: DAY + 600 };
  const [without, withIt] = [simulate(leaf, happening()), simulate(leaf, happening(down))];
  const at = port?.index ?? 0;

  it("carries nothing in either direction, and the rest goes on", () => {
    const [start, end] = [read(withIt, 0, DAY + SLOT), read(withIt, 0, DAY + 512)];
    expect(start[at]?.isUp).toBe(false);
    expect(end[at]?.received).toEqual(start[at]?.received);
    expect(end[at]?.transmitted).toEqual(start[at]?.transmitted);
    expect(sum(end, (p) => p.transmitted.bytes)).toBeGreaterThan(
      sum(start, (p) => p.transmitted.bytes),
    );
  });

  it("that was the only way drops what still arrives, where it arrives", () => {
    const pair = fabricOf("pair", { seed: 0 });
    const link = pair.switches[0]?.ports[1]?.link?.id ?? "";
    const shut: Effect = { kind: "link-down", link, from: DAY, to: DAY + 640 };
    const simulation = simulate(pair, happening(shut));
    const at = (seconds: number) => read(simulation, 0, seconds) as [PortReading, PortReading];
    const [before, after, later] = [at(DAY), at(DAY + 640), at(2 * DAY)];
    expect(before.map(({ unrouted }) => unrouted.packets)).toEqual([0, 0]);
    for (const unit of ["bytes", "packets"] as const) {
      const arrived = after[0].received[unit] - before[0].received[unit];
      expect(arrived).toBeGreaterThan(0);
      expect(after.map(({ unrouted }) => unrouted[unit])).toEqual([arrived, 0]);
      expect(later.map(({ unrouted }) => unrouted[unit])).toEqual([arrived, 0]);
    }
  });

  it("changes nothing before it begins", () => {
    expect(read(withIt, 0, DAY - 1)).toEqual(read(without, 0, DAY - 1));
  });
});
