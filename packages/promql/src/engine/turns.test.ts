import { beforeAll, describe, expect, it } from "vitest";
import { MemoryStorage } from "../queryable/memory-storage.ts";
import { Engine } from "./engine.ts";

const SERIES = 10_000;
const MINUTE = 60_000;

const storage = new MemoryStorage();

beforeAll(() => {
  const sample = (value: number) => [
    { timestamp: 0, value },
    { timestamp: MINUTE, value: -value },
  ];
  for (let i = 0; i < SERIES; i++) {
    const own = {
      instance: `leaf${i % 200}`,
      job: "switch",
      port: `Ethernet${(i * 7919) % SERIES}`,
    };
    storage.appendAll({ __name__: "rx", ...own }, sample((i * 7919) % SERIES));
    const identity = { instance: `switch${i}`, job: "switch" };
    storage.appendAll({ __name__: "uptime", ...identity }, sample(i));
    storage.appendAll({ __name__: "target_info", ...identity, version: "1" }, sample(1));
    storage.appendAll({ __name__: "speed", unit: "bps", ...own }, sample(1));
  }
  for (const port of ["1", "2"]) storage.appendAll({ __name__: "few", port }, sample(1));
});

/**
 * How often a query lets the event loop turn. Its clock says at every look that ten milliseconds are over: so it pauses
 * whenever it would look, and what counts is how much it does between two looks, not how fast the machine is.
 */
async function turnsOf(query: string): Promise<number> {
  let clock = 0;
  let turns = 0;
  const engine = new Engine({
    features: "all",
    now: () => (clock += 10),
    timeoutMs: Number.POSITIVE_INFINITY,
    yieldToEventLoop: async () => {
      turns++;
    },
  });
  await engine.instant(storage, { query, timeMs: MINUTE });
  return turns;
}

// Three quarters, or so, of what it is: whoever makes a query do less may lower its number.
describe("a query", () => {
  it.each([
    ["rx", 150],
    ["sort(rx)", 450],
    ["sort_by_label(rx, 'port')", 450],
    ["count_values('value', rx)", 400],
    ["topk(10000, rx)", 550],
    ["limitk(10000, rx)", 400],
    ["limit_ratio(0.5, rx)", 700],
    ["quantile(0.5, rx)", 180],
    ["rx or speed", 1000],
    ["rx and on (instance, port) speed", 500],
    ["rx unless on (instance, port) speed", 500],
    ["rx * on (instance, port) group_left (unit) speed", 900],
    ["info(uptime)", 700],
    ["label_replace(rx, 'x', '$1', 'port', '(.*)')", 300],
  ])("of many series lets the event loop turn in all that it does: %s", async (query, least) => {
    expect(await turnsOf(query)).toBeGreaterThanOrEqual(least);
  });

  it.each([
    ["sum_over_time(few[20d:1s])", 80],
    ["max_over_time(sum(few)[20d:1s])", 180],
    ["max_over_time((-few + 1)[20d:1s])", 160],
    ["max_over_time(abs(few)[20d:1s])", 120],
    ["max_over_time(rate(few[2m])[2d:1s])", 1000],
  ])("of many steps lets the event loop turn in all that it does: %s", async (query, least) => {
    expect(await turnsOf(query)).toBeGreaterThanOrEqual(least);
  });
});
