import { describe, expect, it } from "vitest";
import { lossRatio } from "../buffer/queue.ts";
import type { Port } from "../fabric/fabric.ts";
import { fabricOf } from "../fabric/fabric-argument.ts";
import type { Effect } from "../incident/effect.ts";
import { PageNumbers } from "../incident/page-numbers.ts";
import { happening, Rehearsal } from "./rehearsal.ts";

const SLOT = 16;
/** Whole numbers of slots, at night. */
const FROM = 8192;
const SLOTS = 30;

/** What a port was offered over some slots, what it dropped by its published counters, and what it should have. */
interface Loss {
  readonly load: number;
  readonly dropped: number;
  readonly expected: number;
  /** What cannot but be dropped, since the line does not carry it. */
  readonly least: number;
  readonly droppedPackets: number;
  readonly discardedPackets: number;
  readonly markedPackets: number;
}

/** Scrapes the first switch at every end of a slot while an effect holds. */
function lossOf(name: string, portName: string, effectOf: (port: Port) => Effect): Loss {
  const fabric = fabricOf(name, { seed: 5 });
  const [node] = fabric.switches;
  const port = node?.ports.find(({ profile }) => profile.name === portName) as Port;
  const pages = new PageNumbers(fabric, "full");
  const stage = new Rehearsal(fabric, happening([effectOf(port)]), pages);
  const at = (slot: number, family: string): number =>
    stage.family(port.switch, FROM + slot * SLOT, family, "port").get(portName) as number;
  // No other port drops anything.
  const arrivedInVain = (slot: number): bigint =>
    stage.total(port.switch, FROM + slot * SLOT, "switch_port_receive_discards_total");
  const grown = (slot: number, family: string): number => at(slot + 1, family) - at(slot, family);
  let [offered, dropped, expected, least] = [0, 0, 0, 0];
  for (let slot = 0; slot < SLOTS; slot++) {
    const lost = grown(slot, "switch_queue_dropped_bytes_total");
    const bytes = lost + grown(slot, "switch_port_transmit_bytes_total");
    const load = (8 * bytes) / (port.profile.speed * SLOT);
    offered += bytes;
    dropped += lost;
    expected += bytes * lossRatio(load, placesAt(stage, port, FROM + slot * SLOT));
    least += Math.max(0, bytes * (1 - 1 / load));
  }
  const packets = (family: string): number => at(SLOTS, family) - at(0, family);
  return {
    load: (8 * offered) / (port.profile.speed * SLOT * SLOTS),
    dropped,
    expected,
    least,
    droppedPackets: packets("switch_queue_dropped_packets_total"),
    discardedPackets:
      packets("switch_port_transmit_discards_total") +
      Number(arrivedInVain(SLOTS) - arrivedInVain(0)),
    markedPackets: packets("switch_queue_ecn_marked_packets_total"),
  };
}

/** How many bursts fit into the queues of a port, by their published limits, each of which is rounded down. */
function placesAt(stage: Rehearsal, { switch: node, profile }: Port, seconds: number): number {
  const limits = stage.family(node, seconds, "switch_queue_limit_bytes", "port", "queue");
  const own = [...limits].filter(([key]) => key.startsWith(`${profile.name} `));
  const bytes = own.reduce((sum, [, limit]) => sum + limit + 1, 0);
  return Math.floor(bytes / node.profile.burstBytes);
}

const span = { from: FROM, to: FROM + SLOTS * SLOT } as const;

/** The core sends a part of 100 Gb/s, all of it through the other port of 50 Gb/s. */
const squeezed = (ratio: number): Loss =>
  lossOf("pair", "Ethernet1/2", ({ switch: node }) => {
    const link = node.ports[0]?.link?.id ?? "";
    return { ...span, kind: "load", link, ratio };
  });

/** One host is sent a multiple of what it usually is. */
const favoured = (name: string, factor: number): Loss =>
  lossOf(name, "Ethernet1/3", ({ switch: node, index }) => {
    const factors = new Map([[index, factor]]);
    return { ...span, kind: "forwarding", switch: node.name, factors };
  });

function expectClosedForm(loss: Loss): void {
  expect(loss.dropped / loss.expected).toBeCloseTo(1, 2);
  expect(loss.dropped).toBeGreaterThanOrEqual(Math.floor(loss.least));
  expect(loss.discardedPackets).toBe(loss.droppedPackets);
  expect(loss.markedPackets).toBeGreaterThan(0);
}

describe("what a port drops, by its published counters", () => {
  it.each([0.4, 0.42, 0.44, 0.46, 0.48, 0.5, 0.52, 0.55, 0.6, 0.75, 0.9, 1])(
    "is what the closed form says when %d of twice its line rate comes down",
    (ratio) => {
      const loss = squeezed(ratio);
      expect(Math.abs(loss.load - 2 * ratio)).toBeLessThan(0.1);
      expectClosedForm(loss);
    },
  );

  it.each([
    ["leaf-48x25g-8x100g", 25, 0.75, 1],
    ["leaf-48x25g-8x100g", 40, 1, 1.5],
    ["leaf-48x25g-8x100g", 110, 2, 3],
    ["campus-48x1g-4x10g", 40, 0.75, 1.1],
    ["campus-48x1g-4x10g", 90, 1.1, 2],
    ["campus-48x1g-4x10g", 1000, 2, 3.2],
  ])(
    "is what the closed form says on %s when a host gets %d times its share",
    (name, factor, least, most) => {
      const loss = favoured(name, factor);
      expect(loss.load).toBeGreaterThan(least);
      expect(loss.load).toBeLessThan(most);
      expectClosedForm(loss);
    },
  );

  it("grows with the load, and is nothing on a calm night", () => {
    const losses = [0.1, 0.3, 0.4, 0.45, 0.5, 0.6].map((ratio) => squeezed(ratio).dropped);
    expect(losses).toEqual(losses.toSorted((a, b) => a - b));
    expect(losses.slice(0, 2)).toEqual([0, 0]);
  });
});
