import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isPort, type Port, type Switch } from "../fabric/fabric.ts";
import { fabricOf } from "../fabric/fabric-argument.ts";
import type { Effect } from "../incident/effect.ts";
import { PageNumbers } from "../incident/page-numbers.ts";
import type { TrafficReading } from "../port/port-reading.ts";
import { FABRICS, happening, incidentsOf, Rehearsal, rehearsing } from "./rehearsal.ts";

/** Many times what it takes: other work may go on beside. */
const LIMIT_MS = 60_000;
const HOUR = 3600;
const DAY = 86_400;
const MONTH = 30 * 86_400;

/** What changes how numbers are shown, or begins them anew at one end only. */
const NOT_BOOKKEEPING = ["reboot", "counter-wrap", "stuck-counter"];

const scene = fc.record({
  name: fc.constantFrom(...FABRICS),
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  offset: fc.integer({ min: 0, max: 2 * MONTH }),
  wishes: fc.array(
    fc.record({ type: fc.nat(), switch: fc.nat(), port: fc.nat(), start: fc.nat(2 * HOUR) }),
    { maxLength: 5 },
  ),
  /** Milliseconds after the offset. */
  delays: fc.array(fc.nat(4 * HOUR * 1000), { minLength: 2, maxLength: 4 }),
});

/** The scene of some numbers: a switch of it, and what happens. */
function stageOf({ name, seed, offset, wishes }: Omit<SceneValue, "delays">) {
  const fabric = fabricOf(name, { seed });
  const moved = wishes.map((wish) => ({ ...wish, start: offset + wish.start }));
  const incidents = incidentsOf(fabric, moved, NOT_BOOKKEEPING);
  const stage = new Rehearsal(
    fabric,
    rehearsing(fabric, incidents),
    new PageNumbers(fabric, "full"),
  );
  return { stage, fabric, node: fabric.switches[seed % fabric.switches.length] as Switch };
}

type SceneValue = typeof scene extends fc.Arbitrary<infer T> ? T : never;

/** What the last digit of a sum is worth: the switch adds up what its ports receive, which is exact up to 2^53. */
function roundingOf(total: bigint): number {
  return total < 2n ** 53n ? 0 : Number(total / 2n ** 53n);
}

/** What arrived at a switch and found no port that was up: bytes of it are not published, packets are. */
function unroutedOf({ simulation }: Rehearsal, node: Switch, at: number): TrafficReading {
  const ports = simulation.switches[node.index]?.read(at) ?? [];
  const total = (unit: "bytes" | "packets"): number =>
    ports.reduce((sum, { unrouted }) => sum + unrouted[unit], 0);
  return { bytes: total("bytes"), packets: total("packets") };
}

const sum = (a: number, b: number): number => a + b;

describe("what is published", () => {
  it(
    "of both ends of every link agrees at every moment: what one has sent the other has received",
    () => {
      fc.assert(
        fc.property(scene, (value) => {
          const { stage, fabric } = stageOf({ ...value, name: "leaf-spine:2x2" });
          const at = value.offset + (value.delays[0] as number) / 1000;
          const counts = ({ switch: node, profile }: Port, way: string): (number | undefined)[] =>
            ["bytes", "packets"].map((unit) =>
              stage.family(node, at, `switch_port_${way}_${unit}_total`, "port").get(profile.name),
            );
          for (const { port, peer } of fabric.links) {
            if (!isPort(peer)) continue;
            expect(counts(port, "transmit")).toEqual(counts(peer, "receive"));
            expect(counts(peer, "transmit")).toEqual(counts(port, "receive"));
          }
        }),
        { seed: 42, numRuns: 12 },
      );
    },
    LIMIT_MS,
  );

  it(
    "of a switch adds up: all that was received was sent or discarded, exactly at the end of every slot",
    () => {
      fc.assert(
        fc.property(scene, (value) => {
          const { stage, fabric, node } = stageOf(value);
          const ports = node.ports.reduce((sum, { profile }) => sum + profile.speed / 8, 0);
          for (const delay of value.delays) {
            const within = value.offset + delay / 1000;
            const ended = Math.floor(within / fabric.slotSeconds) * fabric.slotSeconds;
            const received = stage.total(node, ended, "switch_port_receive_bytes_total");
            const missing = (at: number, unit: "bytes" | "packets"): bigint =>
              stage.total(node, at, `switch_port_receive_${unit}_total`) -
              stage.total(
                node,
                at,
                `switch_port_transmit_${unit}_total`,
                `switch_queue_dropped_${unit}_total`,
              );
            const unrouted = unroutedOf(stage, node, ended);
            const reasons = stage.family(
              node,
              ended,
              "switch_port_receive_discards_total",
              "reason",
            );
            expect(reasons.get("no_route") || 0).toBe(unrouted.packets);
            expect(missing(ended, "packets")).toBe(BigInt(unrouted.packets));
            expect(
              Math.abs(Number(missing(ended, "bytes") - BigInt(unrouted.bytes))),
            ).toBeLessThanOrEqual(roundingOf(received) * node.ports.length);
            expect(
              stage.total(
                node,
                ended,
                "switch_port_transmit_discards_total",
                "switch_port_receive_discards_total",
              ),
            ).toBe(
              stage.total(node, ended, "switch_queue_dropped_packets_total") +
                BigInt(unrouted.packets),
            );
            const lost = BigInt(unroutedOf(stage, node, within).bytes);
            expect(Math.abs(Number(missing(within, "bytes") - lost))).toBeLessThan(
              ports * fabric.slotSeconds,
            );
          }
        }),
        { seed: 42, numRuns: 30 },
      );
    },
    LIMIT_MS,
  );

  it(
    "of a port never grows faster than its line, over any second or more",
    () => {
      fc.assert(
        fc.property(scene, fc.integer({ min: 1000, max: 60_000 }), (value, spanMs) => {
          const { stage, node } = stageOf(value);
          const from = value.offset + (value.delays[0] as number) / 1000;
          const to = from + spanMs / 1000;
          for (const way of ["receive", "transmit"]) {
            const family = `switch_port_${way}_bytes_total`;
            const [before, after] = [from, to].map((at) =>
              stage.family(node, at, family, "port"),
            ) as [Map<string, number>, Map<string, number>];
            for (const { profile } of node.ports) {
              const grown =
                (after.get(profile.name) as number) - (before.get(profile.name) as number);
              expect(grown).toBeGreaterThanOrEqual(0);
              // A byte more, since both readings are whole.
              expect(grown).toBeLessThanOrEqual((profile.speed / 8) * (to - from) + 1);
            }
          }
        }),
        { seed: 42, numRuns: 30 },
      );
    },
    LIMIT_MS,
  );

  it(
    "of queues stays within their limits, and together within the buffer that they share",
    () => {
      fc.assert(
        fc.property(scene, (value) => {
          const { stage, node } = stageOf(value);
          const at = value.offset + (value.delays[0] as number) / 1000;
          const bytes = (what: string) =>
            stage.family(node, at, `switch_queue_${what}_bytes`, "port", "queue");
          const [depths, watermarks, limits] = [bytes("depth"), bytes("watermark"), bytes("limit")];
          for (const [queue, depth] of depths) {
            expect(depth, queue).toBeGreaterThanOrEqual(0);
            expect(depth, queue).toBeLessThanOrEqual(watermarks.get(queue) as number);
            expect(watermarks.get(queue), queue).toBeLessThanOrEqual(limits.get(queue) as number);
          }
          const pool = (what: string) =>
            stage.family(node, at, `switch_buffer_${what}_bytes`, "pool");
          const [sizes, used, most] = [pool("size"), pool("used"), pool("watermark")];
          expect([...used.values()].reduce(sum)).toBe([...depths.values()].reduce(sum));
          expect([...sizes.values()].reduce(sum)).toBe(node.profile.bufferBytes);
          for (const [name, size] of sizes) {
            expect(used.get(name), name).toBeLessThanOrEqual(most.get(name) as number);
            expect(most.get(name), name).toBeLessThanOrEqual(size);
          }
        }),
        { seed: 42, numRuns: 30 },
      );
    },
    LIMIT_MS,
  );

  it("of a buffer is never more than its size, even when all hosts send most of what they can", () => {
    const fabric = fabricOf("spine-32x100g", { seed: 4 });
    const loads = fabric.links.map(
      ({ id: link }): Effect => ({ kind: "load", link, ratio: 0.85, from: 16, to: DAY }),
    );
    const stage = new Rehearsal(fabric, happening(loads), new PageNumbers(fabric, "full"));
    const [node] = fabric.switches;
    for (let at = 1000; at < 1500; at += 7.3) {
      const bytes = (what: string): number =>
        Number(stage.total(node as Switch, at, `switch_${what}_bytes`));
      const [used, size] = [bytes("buffer_used"), bytes("buffer_size")];
      expect(used).toBeLessThanOrEqual(size);
      expect(used).toBe(Math.min(size, bytes("queue_depth")));
      // The depths of queues are drawn each by itself: those that are nearly busy may be too many together.
      expect(bytes("queue_depth")).toBeLessThan(1.5 * size);
    }
  });
});
