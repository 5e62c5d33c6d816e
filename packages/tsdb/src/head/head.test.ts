import { isStaleMarker, Labels, type Matcher, writeStaleMarker } from "@linklight/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SampleBuffer } from "../chunk/sample-buffer.ts";
import type { ReadableSeries } from "../query/select.ts";
import { decodeRecord, type SampleEntries } from "../wal/records.ts";
import { HeadAppender } from "./appender.ts";
import { Head, type RecordLog } from "./head.ts";

const RANGE = 7_200_000;
const STALE_MARKER = staleMarker();

describe("an appender", () => {
  it("stores what is committed, series by series in the order of their labels", () => {
    const head = new Head(RANGE);
    const appender = new HeadAppender(head);
    appender.append({ __name__: "x", port: "2" }, 1000, 1);
    const ref = appender.append({ __name__: "x", port: "1" }, 1000, 2);
    expect(appender.appendRef(ref, 2000, 3)).toBe(true);
    expect(contents(head)).toEqual({});
    expect(appender.commit()).toBe(3);
    expect(Object.entries(contents(head))).toEqual([
      ['x{port="1"}', [at(1000, 2), at(2000, 3)]],
      ['x{port="2"}', [at(1000, 1)]],
    ]);
    expect([head.minTime, head.maxTime, head.seriesCount]).toEqual([1000, 2000, 2]);
  });

  it("stores nothing of what is rolled back, and what it made is gone with the next truncation", async () => {
    const head = new Head(RANGE);
    const appender = new HeadAppender(head);
    const ref = appender.append({ a: "1" }, 1000, 1);
    appender.rollback();
    expect(contents(head)).toEqual({});
    await head.truncate(0);
    expect(head.seriesCount).toBe(0);
    expect(new HeadAppender(head).appendRef(ref, 2000, 1)).toBe(false);
  });

  it.each([
    ["an older sample", 999, 1, "LINKLIGHT_TSDB_OUT_OF_ORDER", "out of order sample"],
    ["another value", 1_000_000, 2, "LINKLIGHT_TSDB_DUPLICATE", "duplicate sample for timestamp"],
    ["the other zero", 1_000_000, -0, "LINKLIGHT_TSDB_DUPLICATE", "duplicate sample for timestamp"],
    [
      "a marker",
      1_000_000,
      STALE_MARKER,
      "LINKLIGHT_TSDB_DUPLICATE",
      "duplicate sample for timestamp",
    ],
    [
      "a sample half a range back",
      1_000_000 - RANGE / 2 - 1,
      1,
      "LINKLIGHT_TSDB_OUT_OF_BOUNDS",
      "out of bounds",
    ],
  ])("refuses %s, and leaves the others of its batch", (_, time, value, code, message) => {
    const head = new Head(RANGE);
    commit(head, { a: "1" }, [[1_000_000, 0]]);
    const appender = new HeadAppender(head);
    const ref = appender.append({ a: "1" }, 1_000_001, 5);
    for (const attempt of [
      () => appender.append({ a: "1" }, time, value),
      () => appender.appendRef(ref, time, value),
    ])
      expect(attempt).toThrow(expect.objectContaining({ code, message }));
    appender.commit();
    expect(contents(head)).toEqual({ '{a="1"}': [at(1_000_000, 0), at(1_000_001, 5)] });
  });

  it("takes the last sample again, whatever its NaN", () => {
    for (const value of [1, 0, -0, Number.NaN, STALE_MARKER, Number.POSITIVE_INFINITY]) {
      const head = new Head(RANGE);
      commit(head, { a: "1" }, [[1000, value]]);
      const again = new HeadAppender(head);
      again.append({ a: "1" }, 1000, value);
      expect(again.commit()).toBe(0);
      expect(contents(head)).toEqual({ '{a="1"}': [at(1000, value)] });
    }
  });

  it("keeps staleness markers apart from other NaNs", () => {
    const head = new Head(RANGE);
    const appender = new HeadAppender(head);
    const ref = appender.append({ a: "1" }, 500, 1);
    appender.appendStaleMarker(ref, 1000);
    appender.appendRef(ref, 2000, Number.NaN);
    appender.commit();
    const [series] = head.select({ matchers: [], minTime: 1000, maxTime: 3000 });
    const into = new SampleBuffer();
    series?.read(into, 1000, 3000);
    expect(isStaleMarker(into.values[0] as number)).toBe(true);
    expect(isStaleMarker(into.values[1] as number)).toBe(false);
  });

  it("refuses an empty label set, and times that are no whole milliseconds, before it makes a series", () => {
    const head = new Head(RANGE);
    const appender = new HeadAppender(head);
    expect(() => appender.append({}, 1000, 1)).toThrow("empty labelset: invalid sample");
    expect(() => appender.append({ a: "" }, 1000, 1)).toThrow("empty labelset: invalid sample");
    expect(() => appender.append({ a: "1" }, 1.5, 1)).toThrow(RangeError);
    expect(() => appender.append({ a: "1" }, Number.NaN, 1)).toThrow(RangeError);
    head.setMinValidTime(5000);
    expect(() => appender.append({ a: "1" }, 4999, 1)).toThrow("out of bounds");
    expect(head.seriesCount).toBe(0);
  });

  it("is used once", () => {
    const appender = new HeadAppender(new Head(RANGE));
    appender.commit();
    expect(() => appender.append({ a: "1" }, 1, 1)).toThrow("used after its end");
    expect(() => appender.commit()).toThrow("used after its end");
  });

  it("counts only samples that no other commit has overtaken", () => {
    const head = new Head(RANGE);
    const slow = new HeadAppender(head);
    slow.append({ a: "1" }, 1000, 1);
    slow.append({ a: "2" }, 1000, 1);
    commit(head, { a: "1" }, [[2000, 2]]);
    expect(slow.commit()).toBe(1);
    expect(contents(head)).toEqual({ '{a="1"}': [at(2000, 2)], '{a="2"}': [at(1000, 1)] });
  });

  it("remembers the latest that is known about a metric", () => {
    const head = new Head(RANGE);
    for (const help of ["old", "new"]) {
      const appender = new HeadAppender(head);
      const ref = appender.append({ a: "1" }, 1000, 1);
      appender.setMetadata(ref, { type: "counter", help, unit: "bytes" });
      appender.commit();
    }
    const series = head.find(Labels.from({ a: "1" }));
    expect(series && head.metadata(series)).toEqual({
      type: "counter",
      help: "new",
      unit: "bytes",
    });
  });
});

describe("the log of a head", () => {
  it("has each series once, before its samples", () => {
    const head = new Head(RANGE);
    const log = new FakeLog();
    head.attachLog(log);
    commit(head, { a: "1" }, [[1000, 1]]);
    commit(head, { a: "1" }, [[2000, 2]]);
    commit(head, { a: "2" }, [[2000, 3]]);
    expect(log.records).toEqual(['1={a="1"}', "1@1000=1", "1@2000=2", '2={a="2"}', "2@2000=3"]);
  });

  it("has all of a commit that failed, when it is made again or another comes first", () => {
    const head = new Head(RANGE);
    const log = new FakeLog();
    head.attachLog(log);
    log.isFull = true;
    const refused = new HeadAppender(head);
    refused.append({ a: "1" }, 1000, 1);
    expect(() => refused.commit()).toThrow("full");
    expect(contents(head)).toEqual({});
    log.isFull = false;
    commit(head, { a: "2" }, [[1000, 3]]);
    refused.commit();
    expect(log.records).toEqual(['1={a="1"}', '2={a="2"}', "2@1000=3", "1@1000=1"]);
    expect(contents(head)).toEqual({ '{a="1"}': [at(1000, 1)], '{a="2"}': [at(1000, 3)] });
  });

  it("has what is known about a metric when it changes, not each time that it is said", () => {
    const head = new Head(RANGE);
    const log = new FakeLog();
    head.attachLog(log);
    for (const [time, help] of [
      [1000, "old"],
      [2000, "old"],
      [3000, "new"],
      [4000, "new"],
    ] as const) {
      const appender = new HeadAppender(head);
      const ref = appender.append({ a: "1" }, time, time);
      appender.setMetadata(ref, { type: "counter", help, unit: "" });
      appender.commit();
    }
    expect(log.records.filter((record) => record.includes("#"))).toEqual(["1#old", "1#new"]);
  });

  it("has what was deleted, within the times that the series have", () => {
    const head = new Head(RANGE);
    const log = new FakeLog();
    head.attachLog(log);
    commit(head, { a: "1" }, [
      [1000, 1],
      [2000, 2],
    ]);
    log.records = [];
    expect(head.delete([equals("a", "1")], { minTime: -1e15, maxTime: 1500 })).toBe(1);
    expect(head.delete([equals("a", "1")], { minTime: 2001, maxTime: 1e15 })).toBe(0);
    expect(log.records).toEqual(["1-[1000,1500]"]);
    commit(head, { a: "1" }, [[3000, 3]]);
    expect(contents(head)).toEqual({ '{a="1"}': [at(2000, 2), at(3000, 3)] });
  });
});

describe("a head", () => {
  it("answers label queries, with matchers and without", () => {
    const head = new Head(RANGE);
    for (const [job, port] of [
      ["a", "1"],
      ["a", "2"],
      ["b", "10"],
    ] as const)
      commit(head, { __name__: "x", job, port }, [[1000, 1]]);
    commit(head, { __name__: "y" }, [[1000, 1]]);
    const all = { matchers: [], minTime: 0, maxTime: 2000 };
    const jobB = [equals("job", "b")];
    expect(head.labelNames()).toEqual(["__name__", "job", "port"]);
    expect([...head.labelSets([equals("__name__", "y")])].map(String)).toEqual(["y"]);
    expect(head.labelValues("port")).toEqual(["1", "10", "2"]);
    expect([...head.labelSets(jobB)].map((labels) => labels.get("port"))).toEqual(["10"]);
    expect(head.labelValues("absent")).toEqual([]);
    expect([...head.select({ ...all, matchers: [equals("job", "")] })]).toHaveLength(1);
    expect([...head.select({ ...all, minTime: 1001 })]).toEqual([]);
  });

  it("forgets what is before the time of a truncation: chunks, series without any, their labels", async () => {
    const head = new Head(RANGE);
    const first = new HeadAppender(head);
    const old = first.append({ a: "old", only: "here" }, 0, 0);
    for (const [time, value] of every(60_000, 0, 2 * RANGE)) {
      if (time < RANGE) first.append({ a: "old", only: "here" }, time, 0);
      first.append({ a: "both" }, time, value);
    }
    first.commit();
    await head.truncate(RANGE);
    expect([head.minTime, head.maxTime, head.seriesCount]).toEqual([RANGE, 2 * RANGE - 60_000, 1]);
    expect(contents(head)).toEqual({ '{a="both"}': every(60_000, 0, 2 * RANGE).slice(120) });
    expect(head.labelNames()).toEqual(["a"]);
    expect(() => commit(head, { a: "both" }, [[RANGE - 1, 0]])).toThrow("out of bounds");
    const appender = new HeadAppender(head);
    expect(appender.appendRef(old, 2 * RANGE, 1)).toBe(false);
    const back = appender.append({ a: "old", only: "here" }, 2 * RANGE, 1);
    expect(back).not.toBe(old);
    appender.commit();
    expect(contents(head)['{a="old", only="here"}']).toEqual([at(2 * RANGE, 1)]);
  });

  it("keeps a series as long as an appender holds samples of it", async () => {
    const head = new Head(RANGE);
    commit(head, { a: "1" }, [[1000, 1]]);
    const slow = new HeadAppender(head);
    slow.append({ a: "1" }, 5000, 2);
    slow.append({ a: "2" }, 5000, 3);
    await head.truncate(5000);
    await head.truncate(5000);
    expect(slow.commit()).toBe(2);
    expect(contents(head)).toEqual({ '{a="1"}': [at(5000, 2)], '{a="2"}': [at(5000, 3)] });
    await head.truncate(6000);
    expect(head.seriesCount).toBe(0);
  });

  it("goes on to give what was selected before a truncation", async () => {
    const head = new Head(RANGE);
    const samples = every(60_000, 0, 2 * RANGE);
    commit(head, { a: "1" }, samples);
    const selected = [...head.select({ matchers: [], minTime: 0, maxTime: 3 * RANGE })];
    await head.truncate(RANGE);
    commit(head, { a: "1" }, every(60_000, 2 * RANGE, 3 * RANGE));
    const into = new SampleBuffer();
    selected[0]?.read(into, 0, 2 * RANGE - 1);
    expect(into.pairs()).toEqual(samples);
  });

  it("goes on to give a chunk that was open, though others have its memory by now", async () => {
    const head = new Head(RANGE);
    const count = 1000;
    const appendAll = (name: string, from: number, to: number): void => {
      for (let i = 0; i < count; i++) commit(head, { a: `${name}${i}` }, every(10_000, from, to));
    };
    appendAll("old", 0, 50_000);
    const selected = [...head.select({ matchers: [], minTime: 0, maxTime: 3 * RANGE })];
    // Larger now, then closed or forgotten, while others begin.
    appendAll("old", 50_000, 900_000);
    await head.truncate(RANGE);
    appendAll("new", RANGE, RANGE + 300_000);
    for (const series of selected) {
      const into = new SampleBuffer();
      series.read(into, 0, 49_999);
      expect(into.pairs()).toEqual(every(10_000, 0, 50_000));
    }
  });

  it("shows all samples of a commit or none, whenever a reader takes its turns", () => {
    const head = new Head(RANGE);
    const names = Array.from({ length: 9 }, (_, i) => `${i}`);
    const scrape = (time: number): void => {
      const appender = new HeadAppender(head);
      for (const a of names) appender.append({ a }, time, time);
      appender.commit();
    };
    for (let time = 0; time < 100_000; time += 10_000) scrape(time);
    const selected: ReadableSeries[] = [];
    for (const series of head.select({ matchers: [], minTime: 0, maxTime: 1e9 })) {
      selected.push(series);
      // Ten commits before the next turn, so that chunks end too.
      for (let i = 0; i < 10; i++) scrape(head.maxTime + 10_000);
    }
    scrape(head.maxTime + RANGE);
    for (const series of selected) {
      const into = new SampleBuffer();
      series.read(into, 0, 1e9);
      expect(into.pairs()).toEqual(every(10_000, 0, 100_000).map(([time]) => at(time, time)));
    }
    expect(contents(head)['{a="8"}']).toHaveLength(10 + 9 * 10 + 1);
  });

  it("gives back the memory of series that come and go", async () => {
    const head = new Head(RANGE);
    const day = 12;
    for (let round = 0; round < day; round++) {
      const begin = round * RANGE;
      for (let i = 0; i < 1000; i++)
        commit(head, { a: `${round}-${i}`, job: "x" }, every(60_000, begin, begin + 600_000));
      await head.truncate(begin);
      expect(head.seriesCount).toBe(1000);
      expect(head.labelValues("a")).toHaveLength(1000);
    }
    // A thousand blocks of 128 bytes, at most two pieces of each size that are free, and six pages of states.
    const free = 5 * 2 * 32 * 1024;
    expect(head.openChunkBytes).toBeLessThan(1000 * 128 + free + 6 * 16 * 1024);
    await head.truncate(day * RANGE);
    expect(head.seriesCount).toBe(0);
    expect([...head.select({ matchers: [], minTime: 0, maxTime: 1e15 })]).toEqual([]);
    expect(head.openChunkBytes).toBeLessThan(free);
  });

  it("says for how long the log must know a series that is gone", async () => {
    const head = new Head(RANGE);
    const log = new FakeLog();
    head.attachLog(log);
    log.segment = 7;
    const ref = commit(head, { a: "1" }, [[1000, 1]]);
    expect(head.needsRef(ref, 100)).toBe(true);
    await head.truncate(5000);
    expect([head.needsRef(ref, 6), head.needsRef(ref, 7)]).toEqual([true, false]);
    head.forgetRefsUpTo(7);
    expect(head.needsRef(ref, 6)).toBe(false);
  });

  it("holds what was appended while series come and go, as a list of samples would", async () => {
    const action = fc.oneof(
      { weight: 8, arbitrary: fc.tuple(fc.constant("append"), fc.nat(5), fc.nat(900_000)) },
      { weight: 1, arbitrary: fc.tuple(fc.constant("truncate"), fc.nat(5), fc.nat(900_000)) },
      { weight: 1, arbitrary: fc.tuple(fc.constant("delete"), fc.nat(5), fc.nat(900_000)) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 200 }), async (actions) => {
        const head = new Head(RANGE);
        const model = new Map<string, [number, number][]>();
        let now = 0;
        for (const [kind, series, step] of actions) {
          if (kind === "append") {
            now += step;
            commit(head, { a: `${series}` }, [[now, now]]);
            const key = `{a="${series}"}`;
            model.set(key, [...(model.get(key) ?? []).filter(([t]) => t < now), [now, now]]);
          } else if (kind === "truncate") {
            await head.truncate(now - RANGE / 2);
          } else {
            head.delete([equals("a", `${series}`)], { minTime: now - step, maxTime: now });
            const key = `{a="${series}"}`;
            model.set(key, model.get(key)?.filter(([t]) => t < now - step) ?? []);
          }
        }
        const recent = now - RANGE / 2;
        const expected = [...model].map(([key, samples]) => [
          key,
          samples.filter(([t]) => t >= recent),
        ]);
        expect(contents(head, recent)).toEqual(
          Object.fromEntries(expected.filter(([, samples]) => samples?.length)),
        );
      }),
      { seed: 42, numRuns: 60 },
    );
  });
});

/** Records as text: `ref=labels`, `ref@time=value`, `ref#help`, `ref-[from,to]`. */
class FakeLog implements RecordLog {
  segment = 0;
  isFull = false;
  records: string[] = [];

  log(records: readonly Uint8Array[]): void {
    if (this.isFull) throw new Error("full");
    for (const record of records) {
      const decoded = decodeRecord(record, "log");
      if (decoded.type === "series")
        this.records.push(...decoded.series.map(({ ref, labels }) => `${ref}=${labels}`));
      else if (decoded.type === "samples") this.records.push(...asText(decoded.samples));
      else if (decoded.type === "metadata")
        this.records.push(...decoded.metadata.map(({ ref, help }) => `${ref}#${help}`));
      else if (decoded.type === "tombstones")
        for (const { ref, minTime, maxTime } of decoded.tombstones)
          this.records.push(`${ref}-[${minTime},${maxTime}]`);
    }
  }
}

function asText({ length, refs, timestamps, values }: SampleEntries): string[] {
  return Array.from({ length }, (_, i) => `${refs[i]}@${timestamps[i]}=${values[i]}`);
}

function commit(
  head: Head,
  labels: Readonly<Record<string, string>>,
  samples: readonly (readonly [number, number])[],
): number {
  const appender = new HeadAppender(head);
  let ref = 0;
  for (const [time, value] of samples) ref = appender.append(labels, time, value);
  appender.commit();
  return ref;
}

function staleMarker(): number {
  const column = new Float64Array(1);
  writeStaleMarker(column, 0);
  return column[0] as number;
}

function every(step: number, from: number, to: number): [number, number][] {
  return Array.from({ length: (to - from) / step }, (_, i) => at(from + i * step, i));
}

function at(time: number, value: number): [number, number] {
  return [time, value];
}

function contents(head: Head, minTime = -1e15): Record<string, [number, number][]> {
  const selected = [...head.select({ matchers: [], minTime, maxTime: 1e15 })];
  const all = selected.map(({ labels, ...series }, i) => {
    const into = new SampleBuffer();
    selected[i]?.read(into, minTime, 1e15);
    return [labels.toString(), into.pairs(), series] as const;
  });
  return Object.fromEntries(
    all.filter(([, samples]) => samples.length > 0).map(([key, samples]) => [key, samples]),
  );
}

function equals(name: string, value: string): Matcher {
  return { name, operator: "=", value, matches: (candidate) => candidate === value };
}
