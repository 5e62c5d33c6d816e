import { isStaleMarker, Labels, type Matcher } from "@linklight/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SampleBuffer } from "../chunk/sample-buffer.ts";
import { HeadAppender } from "../head/appender.ts";
import { Head } from "../head/head.ts";
import { Querier } from "./querier.ts";

const ALL = { matchers: [], minTime: -1e15, maxTime: 1e15 };

describe("an answer from several parts", () => {
  it("has every series once, ascending, and every time of it once, whatever overlaps", async () => {
    const part = fc.array(fc.tuple(fc.nat(4), fc.nat(200)), { maxLength: 40 });
    const parts = fc.tuple(part, fc.array(part, { maxLength: 3 }));
    await fc.assert(
      fc.asyncProperty(parts, fc.nat(200), fc.nat(200), async ([head, blocks], a, b) => {
        const range = { ...ALL, minTime: Math.min(a, b), maxTime: Math.max(a, b) };
        const querier = new Querier(headOf(head), () => blocks.map(headOf));
        const { series: answer } = await querier.select(range);
        const expected = new Map<string, Set<number>>();
        for (const [series, time] of [head, ...blocks].flat()) {
          if (time < range.minTime || time > range.maxTime) continue;
          const key = `${labels(series)}`;
          expected.set(key, (expected.get(key) ?? new Set()).add(time));
        }
        const found = answer
          .map((series) => [`${series.labels}`, times(series, range)] as const)
          .filter(([, samples]) => samples.length > 0);
        expect(found).toEqual(
          [...expected]
            .sort(([x], [y]) => (x < y ? -1 : 1))
            .map(([key, all]) => [key, [...all].sort((x, y) => x - y)]),
        );
        // It may be read again, and behind samples that are there.
        const into = new SampleBuffer();
        for (const series of answer) series.read(into, range.minTime, range.maxTime);
        expect(into.length).toBe(found.reduce((sum, [, samples]) => sum + samples.length, 0));
      }),
      { seed: 42, numRuns: 200 },
    );
  });

  it("takes the sample of the part that begins first, and keeps staleness markers", async () => {
    const [older, newer] = [new Head(1000), new Head(1000)];
    append(older, [
      [0, 1],
      [20, 2],
    ]);
    const appender = new HeadAppender(older);
    appender.appendStaleMarker(older.find(labels(0))?.ref ?? 0, 40);
    appender.commit();
    append(newer, [
      [10, 5],
      [20, 6],
      [50, 7],
    ]);
    const {
      series: [series],
    } = await new Querier(new Head(1000), () => [newer, older]).select(ALL);
    const into = new SampleBuffer();
    series?.read(into, 0, 100);
    expect(into.pairs()).toEqual([
      [0, 1],
      [10, 5],
      [20, 2],
      [40, Number.NaN],
      [50, 7],
    ]);
    expect(isStaleMarker(into.values[3] as number)).toBe(true);
  });

  it("has the label names and values of all parts of the time, of all series and of some", async () => {
    const querier = new Querier(headOf([[1, 0]]), () => [headOf([[2, 100]]), new Head(1000)]);
    expect(await querier.labelNames(ALL)).toEqual(["__name__", "series"]);
    expect(await querier.labelValues("series", ALL)).toEqual(["1", "2"]);
    expect(await querier.labelValues("series", { ...ALL, minTime: 50 })).toEqual(["2"]);
    const first = { ...ALL, matchers: [equals("series", "1")] };
    expect(await querier.labelNames(first)).toEqual(["__name__", "series"]);
    expect(await querier.labelValues("series", first)).toEqual(["1"]);
    expect(await querier.labelValues("absent", first)).toEqual([]);
  });

  it("looks which blocks there are only when it has what the head holds", async () => {
    const head = headOf(Array.from({ length: 5000 }, (_, i) => [i, 0] as const));
    const blocks: Head[] = [];
    const querier = new Querier(head, () => blocks);
    const asked = querier.select(ALL);
    // A compaction: first the block is there, and then the head forgets.
    blocks.push(headOf(Array.from({ length: 5000 }, (_, i) => [i, 0] as const)));
    await head.truncate(1);
    const { series } = await asked;
    expect(series.map((one) => times(one, ALL))).toEqual(series.map(() => [0]));
    expect(series).toHaveLength(5000);
  });
});

/** A part with these samples; the same again are left out. */
function headOf(samples: readonly (readonly [series: number, time: number])[]): Head {
  const head = new Head(1e6);
  for (const [series, time] of [...samples].sort((a, b) => a[1] - b[1])) {
    const appender = new HeadAppender(head);
    appender.append(labels(series), time, time);
    appender.commit();
  }
  return head;
}

function append(head: Head, samples: readonly (readonly [number, number])[]): void {
  const appender = new HeadAppender(head);
  for (const [time, value] of samples) appender.append(labels(0), time, value);
  appender.commit();
}

function equals(name: string, value: string): Matcher {
  return { name, operator: "=", value, matches: (candidate) => candidate === value };
}

function labels(series: number): Labels {
  return Labels.from({ __name__: "x", series: `${series}` });
}

function times(
  series: { read(into: SampleBuffer, minTime: number, maxTime: number): void },
  { minTime, maxTime }: { minTime: number; maxTime: number },
): number[] {
  const into = new SampleBuffer();
  series.read(into, minTime, maxTime);
  return into.pairs().map(([time]) => time);
}
