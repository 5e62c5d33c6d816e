import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Labels } from "@linklight/model";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SampleBuffer } from "../chunk/sample-buffer.ts";
import { ByteWriter } from "../encoding/byte-writer.ts";
import { Pause } from "../turns/pause.ts";
import { writeCheckpoint } from "../wal/checkpoint.ts";
import { encodeMetadata, encodeSamples, encodeSeries, encodeTombstones } from "../wal/records.ts";
import { listSegments } from "../wal/segments.ts";
import { readWal } from "../wal/wal-reader.ts";
import { WalWriter } from "../wal/wal-writer.ts";
import { HeadAppender } from "./appender.ts";
import { Head } from "./head.ts";
import { type ReplayReport, replay } from "./replay.ts";

const RANGE = 7_200_000;
/** What a log may hold for every byte of it to be tried in a few seconds. */
const LOG_BYTES = 8 * 1024;
const SLOW = { timeout: 60_000 };

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "linklight-replay-"));
});

afterEach(() => rmSync(directory, { recursive: true }));

describe.each(["none", "snappy"] as const)(
  "a replay of a log, compressed with %s",
  (compression) => {
    it(
      "after a cut at any byte gives every commit before it, and says what it dropped",
      SLOW,
      async () => {
        const { path, bytes, commits } = await writeLog(compression);
        const records = [...readWal(directory)].map(({ offset }) => offset);
        for (let length = bytes.length; length >= 0; length--) {
          truncateSync(path, length);
          const { head, report } = await replayed({ repair: false });
          const expected = commits.findLast(({ end }) => end <= length)?.contents ?? "{}";
          if (contents(head) !== expected) expect(contents(head)).toBe(expected);
          const isWhole = length === bytes.length || records.includes(length);
          const dropped = isWhole ? 0 : length - (records.findLast((one) => one < length) ?? 0);
          if (droppedBytes(report) !== dropped || report.damage.length !== (isWhole ? 0 : 1))
            expect([length, report.damage, droppedBytes(report)]).toEqual([length, [], dropped]);
        }
      },
    );

    it(
      "after a flipped bit in any byte gives every commit before it, and reports it",
      SLOW,
      async () => {
        const { path, bytes, commits } = await writeLog(compression);
        const whole = commits.at(-1)?.contents;
        for (let i = 0; i < bytes.length; i++) {
          const { head, report } = await replayedWith(path, bytes, i, i % 8);
          const found = contents(head);
          if (found === whole) continue;
          const [damage] = report.damage;
          const before = commits.findLast(({ end }) => end <= (damage?.error.offset ?? -1));
          if (
            damage === undefined ||
            found !== (before?.contents ?? "{}") ||
            damage.error.offset > i
          )
            expect([i, damage, found]).toEqual([i, "reported", before?.contents]);
        }
      },
    );

    it(
      "after any bit of a record's header is flipped gives no sample that nobody committed",
      SLOW,
      async () => {
        const { path, bytes, commits } = await writeLog(compression);
        const known = new Set(["{}", ...commits.map((commit) => commit.contents)]);
        const whole = commits.at(-1)?.contents;
        for (const { offset } of [...readWal(directory)])
          for (let bit = 0; bit < 7 * 8; bit++) {
            const at = offset + (bit >> 3);
            const { head, report } = await replayedWith(path, bytes, at, bit & 7);
            const found = contents(head);
            const isReported = report.damage.length + report.unread.size > 0;
            if (!known.has(found) || !(isReported || found === whole))
              expect([offset, bit, report.damage, found]).toEqual([offset, bit, "reported", whole]);
          }
      },
    );
  },
);

describe("a replay", () => {
  it(
    "reports damage in any segment of several, and in a checkpoint, and invents nothing",
    SLOW,
    async () => {
      const { acknowledged } = await writeSegments();
      const segments = [
        ...listSegments(join(directory, "checkpoint.00000001")),
        ...listSegments(directory),
      ];
      expect(segments).toHaveLength(4);
      for (const { path, bytes: size } of segments) {
        const bytes = readFileSync(path);
        for (let i = 0; i < size; i += 5) {
          const damaged = Buffer.from(bytes);
          damaged[i] = (damaged[i] as number) ^ (1 << (i % 8));
          for (const attempt of [damaged, bytes.subarray(0, i)]) {
            writeFileSync(path, attempt);
            const { head, report } = await replayed({ repair: false });
            const found = samplesOf(head);
            const missing = [...acknowledged].filter((one) => !found.has(one));
            const invented = [...found].filter((one) => !acknowledged.has(one));
            // A log that ends between two records ends well: nobody can tell that there was more.
            const isReported =
              report.damage.length + report.unknownRefs + report.unread.size > 0 ||
              attempt.length < bytes.length;
            if (invented.length > 0 || (missing.length > 0 && !isReported))
              expect([path, i, report, missing]).toEqual([path, i, "reported", []]);
          }
        }
        writeFileSync(path, bytes);
      }
    },
  );

  it("cuts a damaged log, so that the next replay finds nothing wrong and new records are found", async () => {
    const { path, bytes, commits } = await writeLog("none");
    const at = Math.floor(bytes.length / 2);
    const damaged = Buffer.from(bytes);
    damaged[at] = (damaged[at] as number) ^ 1;
    writeFileSync(path, damaged);
    mkdirSync(join(directory, "checkpoint.00000005.tmp"));
    const first = await replayed({ repair: true });
    expect(first.report.damage).toHaveLength(1);
    const expected = commits.findLast(({ end }) => end <= at)?.contents;
    expect(contents(first.head)).toBe(expected);
    const wal = new WalWriter(directory);
    first.head.attachLog(wal);
    commit(first.head, "new", 1_800_000_000_000, 1);
    await wal.close();
    const second = await replayed({ repair: true });
    expect(second.report.damage).toEqual([]);
    expect(contents(second.head)).toBe(contents(first.head));
    expect(listSegments(directory).map(({ number }) => number)).toEqual([0, 1]);
  });

  it("finds a series under every ref that it was logged by, and passes over refs that nobody has named", async () => {
    const writer = new WalWriter(directory);
    const x = Labels.from({ __name__: "x" });
    const log = (encode: (record: ByteWriter) => void): void => {
      const record = new ByteWriter();
      encode(record);
      writer.log([record.bytes()]);
    };
    const sample = (ref: number, time: number) => ({
      length: 1,
      refs: Float64Array.of(ref),
      timestamps: Float64Array.of(time),
      values: Float64Array.of(time),
    });
    for (const ref of [5, 7, 9]) log((record) => encodeSeries(record, [{ ref, labels: x }]));
    for (const [i, ref] of [5, 7, 9, 8].entries())
      log((record) => encodeSamples(record, sample(ref, 1000 * i)));
    log((record) => encodeSamples(record, { ...sample(0, 0), length: 0 }));
    log((record) =>
      encodeTombstones(record, [
        { ref: 7, minTime: 1000, maxTime: 1000 },
        { ref: 8, minTime: 0, maxTime: 9000 },
      ]),
    );
    // Of a type that is yet to come, and of a series that is not there.
    for (const ref of [9, 8])
      log((record) => encodeMetadata(record, [{ ref, type: 99, help: "An x.", unit: "" }]));
    await writer.close();
    const { head, report } = await replayed({ repair: true });
    expect(contents(head)).toBe('{"x":"0=0 2000=2000"}');
    expect(report).toMatchObject({ samples: 3, unknownRefs: 1, damage: [] });
    const series = head.find(x);
    expect(series && head.metadata(series)).toEqual({ type: "unknown", help: "An x.", unit: "" });
    // A checkpoint must know all of them, also for a while after the series has gone.
    expect([5, 7, 9, 8].map((ref) => head.needsRef(ref, 0))).toEqual([true, true, true, false]);
    head.attachLog({ segment: 3, log: () => {} });
    await head.truncate(1e6);
    expect([5, 7, 9, 8].map((ref) => head.needsRef(ref, 2))).toEqual([true, true, true, false]);
    expect(head.needsRef(5, 3)).toBe(false);
    // A ref is not given twice.
    expect(head.getOrCreate(x).ref).toBe(10);
  });

  it.each([
    ["a distance", 0],
    ["a sum", 1_700_000_000_000],
  ])(
    "leaves a log as it is that Prometheus may have written and that cannot be said: %s",
    async (_, first) => {
      const record = new ByteWriter();
      record.u8(2);
      record.i64(1);
      record.i64(first);
      record.u8(0);
      record.varint(2 ** 53 - first);
      record.f64(1);
      const writer = new WalWriter(directory);
      writer.log([record.bytes()]);
      await writer.close();
      const path = join(directory, "00000000");
      const bytes = readFileSync(path);
      await expect(replayed({ repair: true })).rejects.toThrow(/00000000: record at 0: .*2\^53/);
      expect(readFileSync(path)).toEqual(bytes);
      const { report } = await replayed({ repair: false });
      expect(report.damage).toHaveLength(1);
    },
  );

  it("does not hide what is no damage: a segment that cannot be read", async () => {
    await new WalWriter(directory).close();
    rmSync(join(directory, "00000000"));
    mkdirSync(join(directory, "00000000"));
    await expect(replayed({ repair: true })).rejects.toThrow("EISDIR");
    rmSync(directory, { recursive: true });
    writeFileSync(directory, "");
    expect(() => listSegments(directory)).toThrow("ENOTDIR");
  });

  it("names the segment that is missing, also the one after the checkpoint", async () => {
    await writeSegments();
    rmSync(join(directory, "00000003"));
    expect((await replayed({ repair: false })).report.damage[0]?.error.message).toContain(
      "segment 3 is missing before it",
    );
    rmSync(join(directory, "00000002"));
    expect((await replayed({ repair: false })).report.damage[0]?.error.message).toContain(
      "segment 2 is missing before it",
    );
  });

  it("takes records of kinds that it cannot store for what they are, known and to come", async () => {
    const wal = new WalWriter(directory, { compression: "none" });
    wal.log([4, 7, 10, 14, 100].map((type) => Uint8Array.from([type, 0, 0, 0, 0, 0, 0, 0, 1])));
    await wal.close();
    const { report } = await replayed({ repair: true });
    expect([...report.unread]).toEqual([
      ["exemplars", 1],
      ["histogram samples", 1],
      ["float histogram samples with custom buckets", 1],
      ["records of type 14, which are new", 1],
      ["records of type 100, which are new", 1],
    ]);
    expect(report.damage).toEqual([]);
  });

  it("gives what was committed, whatever was committed, deleted and forgotten", SLOW, async () => {
    const step = fc.record({
      series: fc.nat(4),
      time: fc.integer({ min: 0, max: 60_000 }),
      value: fc.oneof(fc.double(), fc.constantFrom(-0, Number.POSITIVE_INFINITY, Number.NaN)),
      kind: fc.constantFrom("commit", "commit", "commit", "delete", "reopen"),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        rmSync(directory, { recursive: true });
        let { head } = await replayed({ repair: true });
        let wal = new WalWriter(directory);
        head.attachLog(wal);
        let now = 0;
        for (const { series, time, value, kind } of steps) {
          now += 1 + time;
          if (kind === "commit") commit(head, `${series}`, now, value);
          else if (kind === "delete") head.delete([], { minTime: now - 60_000, maxTime: now });
          else {
            const before = contents(head);
            // Without a close: as after a crash.
            ({ head } = await replayed({ repair: true }));
            expect(contents(head)).toBe(before);
            await wal.close();
            wal = new WalWriter(directory);
            head.attachLog(wal);
          }
        }
        await wal.close();
        expect(contents((await replayed({ repair: true })).head)).toBe(contents(head));
      }),
      { seed: 42, numRuns: 40 },
    );
  });
});

interface Commit {
  /** How long the log was after it. */
  readonly end: number;
  readonly contents: string;
}

/** One segment of up to 8 KiB, as a process leaves it that was killed. */
async function writeLog(compression: "none" | "snappy"): Promise<{
  path: string;
  bytes: Buffer;
  commits: Commit[];
}> {
  rmSync(directory, { recursive: true });
  const wal = new WalWriter(directory, { compression });
  const head = new Head(RANGE);
  head.attachLog(wal);
  const path = join(directory, "00000000");
  const commits: Commit[] = [];
  for (let i = 0; readFileSync(path).length < LOG_BYTES - 2500; i++) {
    const appender = new HeadAppender(head);
    for (let j = 0; j < 3; j++) {
      // Long and without a pattern, so that few records fill the log.
      const description = Array.from({ length: 100 }, (_, k) =>
        Math.floor(1e6 * Math.sin(i * j + k)),
      );
      const labels = {
        __name__: "rx_bytes_total",
        port: `${(i * j) % 20}`,
        description: `${description}`,
      };
      const ref = appender.append(labels, 1_700_000_000_000 + i * 15_000, Math.sin(i * j));
      if (i % 5 === 0) appender.setMetadata(ref, { type: "counter", help: "Help.", unit: "" });
    }
    appender.commit();
    commits.push({ end: readFileSync(path).length, contents: contents(head) });
    if (i % 7 === 6) head.delete([], { minTime: 0, maxTime: 1_700_000_000_000 + i * 5000 });
    commits.push({ end: readFileSync(path).length, contents: contents(head) });
  }
  const bytes = readFileSync(path);
  await wal.close();
  writeFileSync(path, bytes);
  return { path, bytes, commits };
}

/** A checkpoint of two segments and three segments behind it, in which series begin and go on. */
async function writeSegments(): Promise<{ acknowledged: Set<string> }> {
  const head = new Head(RANGE);
  const wal = new WalWriter(directory);
  head.attachLog(wal);
  for (let segment = 0; segment < 5; segment++) {
    for (let i = 0; i < 8; i++)
      commit(head, `${segment * i}`, segment * 8 + i, Math.sin(1 + segment * 8 + i));
    if (segment < 4) wal.cut();
  }
  const needs = { minTime: 0, needsRef: () => true };
  await writeCheckpoint(directory, 1, needs, new Pause());
  // As it is before a page is filled up at the end, so that all bytes are worth a try.
  for (const { path } of [
    ...listSegments(join(directory, "checkpoint.00000001")),
    ...listSegments(directory),
  ]) {
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, bytes.findLastIndex((byte) => byte !== 0) + 1));
  }
  return { acknowledged: samplesOf(head) };
}

function commit(head: Head, series: string, time: number, value: number): void {
  const appender = new HeadAppender(head);
  appender.append({ __name__: "x", series }, time, value);
  appender.commit();
}

async function replayed(options: {
  readonly repair: boolean;
}): Promise<{ head: Head; report: ReplayReport }> {
  const head = new Head(RANGE);
  return { head, report: await replay(directory, head, new Pause(), options) };
}

/** Replays while one bit of a file is flipped: in its place, because a file system is slow to replace a file. */
async function replayedWith(
  path: string,
  bytes: Buffer,
  at: number,
  bit: number,
): Promise<{ head: Head; report: ReplayReport }> {
  const file = openSync(path, "r+");
  try {
    const byte = bytes[at] as number;
    writeSync(file, Uint8Array.of(byte ^ (1 << bit)), 0, 1, at);
    const found = await replayed({ repair: false });
    writeSync(file, Uint8Array.of(byte), 0, 1, at);
    return found;
  } finally {
    closeSync(file);
  }
}

function droppedBytes({ damage }: ReplayReport): number {
  return damage.reduce((sum, { bytesDropped }) => sum + bytesDropped, 0);
}

/** All samples of a head, as text that is quick to compare. */
function contents(head: Head): string {
  const all: Record<string, string> = {};
  for (const [labels, samples] of selected(head))
    if (samples.length > 0) all[labels] = samples.join(" ");
  return JSON.stringify(all);
}

function samplesOf(head: Head): Set<string> {
  return new Set(
    selected(head).flatMap(([labels, samples]) => samples.map((sample) => `${labels} ${sample}`)),
  );
}

function selected(head: Head): [labels: string, samples: string[]][] {
  const into = new SampleBuffer();
  return Array.from(head.select({ matchers: [], minTime: -1e15, maxTime: 1e15 }), (series) => {
    into.length = 0;
    series.read(into, -1e15, 1e15);
    const samples = into
      .pairs()
      .map(([time, value]) => `${time}=${Object.is(value, -0) ? "-0" : value}`);
    return [series.labels.toString(), samples];
  });
}
