import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CONTROL, STORAGE } from "../buffer/traffic-class.ts";
import { type Fabric, isPort } from "../fabric/fabric.ts";
import { fabricOf } from "../fabric/fabric-argument.ts";
import { incidentEffects } from "../incident/catalogue.ts";
import type { Effect } from "../incident/effect.ts";
import { resolveIncident } from "../incident/incident-request.ts";
import { FABRICS, happening } from "../properties/rehearsal.ts";
import { type Simulation, simulate } from "../simulate.ts";
import type { PortReading, QueueReading } from "./port-reading.ts";

const LIMIT_MS = 60_000;
const DAY = 86_400;
const SLOT = 16;
const START = 2 * DAY;

function read(simulation: Simulation, node: number, seconds: number): readonly PortReading[] {
  return simulation.switches[node]?.read(seconds) as readonly PortReading[];
}

function total<T>(list: readonly T[], of: (each: T) => number): number {
  return list.reduce((sum, each) => sum + of(each), 0);
}

/** The first linked port of the first switch gets many times its share, for an hour; so do others a little less. */
function crowded(fabric: Fabric, factor: number): readonly Effect[] {
  const [node] = fabric.switches;
  const ports = (node?.ports ?? []).filter(({ link }) => link !== undefined);
  const factors = new Map(ports.slice(0, 3).map(({ index }, i) => [index, factor / (i + 1)]));
  const span = { from: START, to: START + 3600 };
  return [{ ...span, kind: "forwarding", switch: node?.name ?? "", factors }];
}

/** All hosts and cores send as much as they can, and nearly all of it goes to one port. */
function overwhelmed(fabric: Fabric): readonly Effect[] {
  const span = { from: START, to: START + 1600 };
  const loads = fabric.links
    .filter(({ peer }) => !isPort(peer))
    .map(({ id }): Effect => ({ ...span, kind: "load", link: id, ratio: 0.9 }));
  return [...loads, ...crowded(fabric, 4000).map((effect) => ({ ...effect, ...span }))];
}

const moment = fc.integer({ min: -100, max: 4000 }).map((offset) => START + offset + 0.25);

describe.each(FABRICS)("the queues of %s", (name) => {
  const fabric = fabricOf(name, { seed: 3 });
  const simulations = [crowded(fabric, 40), overwhelmed(fabric)].map((effects) =>
    simulate(fabric, happening(effects)),
  );
  const any = fc.constantFrom(...simulations);

  it(
    "add up to their port: what was sent, and what was dropped",
    () => {
      fc.assert(
        fc.property(any, moment, (simulation, at) => {
          for (const { queues, transmitted, discarded } of read(simulation, 0, at)) {
            for (const unit of ["bytes", "packets"] as const) {
              expect(total(queues, (queue) => queue.transmitted[unit])).toBe(transmitted[unit]);
              expect(total(queues, (queue) => queue.dropped[unit])).toBe(discarded[unit]);
            }
          }
        }),
        { seed: 42, numRuns: 20 },
      );
    },
    LIMIT_MS,
  );

  it(
    "only grow, at whatever moments they are read",
    () => {
      const counts = ({ transmitted, dropped, ecnMarkedPackets, pausedSeconds }: QueueReading) => [
        transmitted.bytes,
        transmitted.packets,
        dropped.bytes,
        dropped.packets,
        ecnMarkedPackets,
        pausedSeconds,
      ];
      const all = (ports: readonly PortReading[]): number[] =>
        ports.flatMap(({ queues, headroomPackets, pauses }) => [
          ...queues.flatMap(counts),
          headroomPackets,
          pauses.sent.frames,
          pauses.received.frames,
        ]);
      fc.assert(
        fc.property(any, moment, fc.nat(100_000), (simulation, at, more) => {
          const before = all(read(simulation, 0, at));
          const after = all(read(simulation, 0, at + more / 1000));
          expect(after.every((n, i) => n >= (before[i] as number))).toBe(true);
        }),
        { seed: 42, numRuns: 20 },
      );
    },
    LIMIT_MS,
  );

  it(
    "hold no more than they may, and together no more than the buffer",
    () => {
      fc.assert(
        fc.property(any, moment, (simulation, at) => {
          const queues = read(simulation, 0, at).flatMap((port) => port.queues);
          for (const { depthBytes, watermarkBytes, limitBytes } of queues) {
            expect(depthBytes).toBeLessThanOrEqual(watermarkBytes);
            expect(watermarkBytes).toBeLessThanOrEqual(limitBytes);
          }
          const waiting = total(queues, ({ depthBytes }) => depthBytes);
          expect(waiting).toBeLessThanOrEqual(fabric.switches[0]?.profile.bufferBytes as number);
        }),
        { seed: 42, numRuns: 20 },
      );
    },
    LIMIT_MS,
  );

  it("drop best effort first, storage when nothing else is left, and control never", () => {
    for (const simulation of simulations) {
      for (let at = START; at < START + 1600; at += SLOT) {
        const [before, after] = [read(simulation, 0, at), read(simulation, 0, at + SLOT)];
        for (const [i, { queues }] of after.entries()) {
          const [lossy, lossless, control] = queues.map((queue, c) => {
            const start = before[i]?.queues[c] as QueueReading;
            const dropped = queue.dropped.bytes - start.dropped.bytes;
            return { dropped, sent: queue.transmitted.bytes - start.transmitted.bytes };
          });
          expect(control?.dropped).toBe(0);
          if ((lossless?.dropped as number) > 0) expect(lossy?.sent).toBe(0);
        }
      }
    }
  });

  it("are marked and paused in the storage class alone", () => {
    for (const simulation of simulations)
      for (const { queues } of read(simulation, 0, START + 1600))
        for (const [c, { ecnMarkedPackets, pausedSeconds }] of queues.entries())
          if (c !== STORAGE) expect([ecnMarkedPackets, pausedSeconds]).toEqual([0, 0]);
  });

  it("lose at the ports of arrival what their storage queues drop, packet by packet", () => {
    for (const simulation of simulations) {
      const ports = read(simulation, 0, START + 1600);
      const dropped = total(ports, ({ queues }) => queues[STORAGE]?.dropped.packets as number);
      expect(total(ports, ({ headroomPackets }) => headroomPackets)).toBe(dropped);
    }
  });
});

describe("a port that is overwhelmed", () => {
  const fabric = fabricOf("leaf-48x25g-8x100g", { seed: 3 });
  const simulation = simulate(fabric, happening(overwhelmed(fabric)));
  const ports = read(simulation, 0, START + 800);

  it("drops storage too, and the packets are counted where they arrived", () => {
    const busiest = ports.reduce((a, b) => (a.load > b.load ? a : b));
    expect(busiest.load).toBeGreaterThan(3);
    expect(busiest.queues[STORAGE]?.dropped.packets).toBeGreaterThan(0);
    expect(busiest.queues[CONTROL]?.dropped.packets).toBe(0);
    for (const { headroomPackets, received } of ports)
      expect(headroomPackets).toBeLessThanOrEqual(received.packets);
  });

  it("never has a port paused for longer than time has passed", () => {
    for (const { pauses } of ports) expect(pauses.sent.seconds).toBeLessThanOrEqual(800);
    expect(total(ports, ({ pauses }) => pauses.sent.seconds)).toBeGreaterThan(0);
  });

  it("is paused by nobody, since stations do not pause", () => {
    expect(total(ports, ({ pauses }) => pauses.received.frames)).toBe(0);
  });
});

describe("pause frames between switches", () => {
  const fabric = fabricOf("leaf-spine:2x2", { seed: 3 });
  const incident = {
    id: "a",
    ...(resolveIncident(
      fabric,
      { type: "incast", switch: "leaf2", port: "Ethernet1/5", duration: "1h" },
      () => undefined,
    ) as NonNullable<ReturnType<typeof resolveIncident>>),
    start: START,
    origin: "request",
  } as const;
  const simulation = simulate(fabric, happening(incidentEffects(fabric, incident)));

  it.each([START - 1, START + 3, START + 100.7, START + 1600, START + 3 * DAY])(
    "are as many at both ends of every link, %d s after the epoch",
    (at) => {
      for (const { port, peer } of fabric.links) {
        if (!isPort(peer)) continue;
        const near = read(simulation, port.switch.index, at)[port.index]?.pauses;
        const far = read(simulation, peer.switch.index, at)[peer.index]?.pauses;
        expect([near?.sent, near?.received]).toEqual([far?.received, far?.sent]);
      }
    },
  );

  it("are sent by the switch whose queue is full, to all that send to it", () => {
    const at = START + 1600;
    const pausedBy = (node: number) =>
      read(simulation, node, at).map(({ pauses }) => pauses.sent.frames > 0);
    const leaf2 = fabric.switches[1]?.ports.map(({ link }) => link !== undefined);
    expect(pausedBy(1)).toEqual(leaf2);
    const others = [0, 2, 3].flatMap((node) => pausedBy(node));
    expect(others).toEqual(others.map(() => false));
  });
});
