import { describe, expect, it } from "vitest";
import type { Switch } from "../fabric/fabric.ts";
import { fabricOf } from "../fabric/fabric-argument.ts";
import { NATIVE_FAMILIES } from "../families/native-families.ts";
import type { NumberFamilySource } from "../families/switch-family.ts";
import { readSwitch, type SwitchReading } from "../families/switch-reading.ts";
import { simulate } from "../simulate.ts";
import { happening } from "./rehearsal.ts";

/** Many times what it takes: other work may go on beside. */
const LIMIT_MS = 60_000;
const TUESDAY = 86_400;

/** Which counter is scraped, how often, and how the scrapes are judged. */
interface Survey {
  readonly fabric: string;
  readonly seed: number;
  readonly direction: "receive" | "transmit";
  readonly ports: readonly string[];
  readonly stepSeconds: number;
  readonly count: number;
  /** Samples of which a straight line is taken away: the day swings, which is not what is asked. */
  readonly windowSize: number;
  /** The most samples that are averaged, a power of two. */
  readonly mostAveraged: number;
}

/** Per port, what `switch_port_…_bytes_total` grew by from scrape to scrape. */
function growths({ fabric: name, seed, direction, ports, stepSeconds, count }: Survey): number[][] {
  const fabric = fabricOf(name, { seed });
  const simulation = simulate(fabric, happening([]));
  const node = fabric.switches[0] as Switch;
  const family = NATIVE_FAMILIES.find(
    (each) => each.name === `switch_port_${direction}_bytes_total`,
  ) as NumberFamilySource;
  const series = family
    .series(node, "normal", fabric)
    .filter(({ labels }) => ports.includes(labels["port"] ?? ""));
  const grown = series.map((): number[] => []);
  const before: number[] = [];
  for (let i = 0; i <= count; i++) {
    const reading = readSwitch(simulation, node, TUESDAY + i * stepSeconds) as SwitchReading;
    for (const [k, { read }] of series.entries()) {
      const value = read(reading) as number;
      if (i > 0) grown[k]?.push(value - (before[k] as number));
      before[k] = value;
    }
  }
  return grown;
}

/**
 * The Hurst exponent by aggregated variance: that of means of m samples falls as m^(2H − 2), so H is one more than
 * half the slope of its logarithm over that of m (Taqqu, Teverovsky, Willinger: Estimators for long-range
 * dependence, Fractals 3(4), 1995, §3.1).
 */
function hurstExponent(values: readonly number[], { windowSize, mostAveraged }: Survey): number {
  const windows = Array.from({ length: Math.floor(values.length / windowSize) }, (_, i) =>
    withoutTrend(values.slice(i * windowSize, (i + 1) * windowSize)),
  );
  const points: (readonly [number, number])[] = [];
  for (let m = 1; m <= mostAveraged; m *= 2) {
    const means = windows.flatMap((window) => averages(window, m));
    points.push([Math.log(m), Math.log(mean(means.map((value) => value * value)))]);
  }
  return 1 + slope(points) / 2;
}

function withoutTrend(values: readonly number[]): number[] {
  const points = values.map((value, i) => [i, value] as const);
  const [rise, middle, level] = [slope(points), (values.length - 1) / 2, mean(values)];
  return points.map(([i, value]) => value - level - rise * (i - middle));
}

function averages(values: readonly number[], m: number): number[] {
  return Array.from({ length: Math.floor(values.length / m) }, (_, i) =>
    mean(values.slice(i * m, (i + 1) * m)),
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const [x0, y0] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const over = points.reduce((sum, [x, y]) => sum + (x - x0) * (y - y0), 0);
  return over / points.reduce((sum, [x]) => sum + (x - x0) * (x - x0), 0);
}

const LEAF = "leaf-48x25g-8x100g";
/** What hosts and the core send, scraped every second for an hour or more, on scales up to two minutes. */
const everySecond = {
  stepSeconds: 1,
  windowSize: 4096,
  mostAveraged: 128,
  direction: "receive",
} as const;
/** What is forwarded, scraped every slot for 18 hours, on scales up to two minutes. */
const everySlot = {
  stepSeconds: 16,
  count: 4096,
  windowSize: 256,
  mostAveraged: 8,
  direction: "transmit",
} as const;

describe("the load of a port, by its published counters", () => {
  it.each([
    [
      "a host port",
      { ...everySecond, count: 16_384, fabric: "pair", seed: 1, ports: ["Ethernet1/2"] },
    ],
    [
      "a host port of another fabric",
      { ...everySecond, count: 16_384, fabric: "pair", seed: 77, ports: ["Ethernet1/2"] },
    ],
    [
      "host ports and uplinks",
      {
        ...everySecond,
        count: 4096,
        fabric: LEAF,
        seed: 1,
        ports: ["Ethernet1/1", "Ethernet1/9", "Ethernet1/49", "Ethernet1/56"],
      },
    ],
    [
      "host ports and uplinks of another fabric",
      {
        ...everySecond,
        count: 4096,
        fabric: LEAF,
        seed: 5,
        ports: ["Ethernet1/2", "Ethernet1/50"],
      },
    ],
    [
      "uplinks, each the sum of many hosts",
      { ...everySlot, fabric: LEAF, seed: 2, ports: ["Ethernet1/49", "Ethernet1/53"] },
    ],
    [
      "uplinks of an office",
      {
        ...everySlot,
        fabric: "campus-48x1g-4x10g",
        seed: 3,
        ports: ["Ethernet1/49", "Ethernet1/52"],
      },
    ],
    [
      "what hosts are sent",
      { ...everySlot, fabric: LEAF, seed: 4, ports: ["Ethernet1/1", "Ethernet1/30"] },
    ],
  ] as const)(
    "is as bursty on all scales as that of local networks: %s",
    (_ports, survey) => {
      const found = growths(survey).map((values) => hurstExponent(values, survey));
      expect(found).toHaveLength(survey.ports.length);
      for (const hurst of found) {
        expect(hurst).toBeGreaterThan(0.75);
        expect(hurst).toBeLessThan(0.9);
      }
    },
    LIMIT_MS,
  );
});
