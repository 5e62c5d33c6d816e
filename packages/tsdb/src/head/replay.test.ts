import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Labels } from "@linklight/model";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Pause } from "../db/pause.ts";
import { WalWriter } from "../wal/wal-writer.ts";
import { HeadAppender } from "./appender.ts";
import { Head } from "./head.ts";
import { type ReplayReport, replay } from "./replay.ts";

const HOUR = 3_600_000;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "linklight-replay-"));
});

afterEach(() => rmSync(directory, { recursive: true }));

/** A sample that a commit has acknowledged: `port time value`. */
type Acknowledged = string;

/** Commits of a few series each, and where the log ended after each. */
function writeLog(compression: "none" | "snappy"): {
  acknowledged: Acknowledged[][];
  ends: number[];
} {
  const head = new Head(2 * HOUR);
  const wal = new WalWriter(directory, { compression });
  head.attachLog(wal);
  const acknowledged: Acknowledged[][] = [];
  const ends: number[] = [];
  for (let commit = 0; commit < 40; commit++) {
    const appender = new HeadAppender(head);
    const samples: Acknowledged[] = [];
    for (let port = 0; port < 5; port++) {
      // Series that come and go: each commit knows others.
      const name = String(port + (commit >> 3));
      const time = commit * 15_000 + port;
      const value = Math.sqrt(commit * 10 + port);
      appender.append({ __name__: "rx_bytes_total", port: name }, time, value);
      samples.push(`${name} ${time} ${value}`);
    }
    appender.commit();
    acknowledged.push(samples);
    ends.push(readFileSync(join(directory, "00000000")).length);
  }
  wal.close();
  return { acknowledged, ends };
}

async function replayed(): Promise<{ samples: Acknowledged[]; report: ReplayReport }> {
  const head = new Head(2 * HOUR);
  const report = await replay(directory, head, new Pause());
  return { samples: samplesOf(head), report };
}

function samplesOf(head: Head): Acknowledged[] {
  const into = {
    length: 0,
    timestamps: new Float64Array(300),
    values: new Float64Array(300),
    reserve: () => {},
  };
  const found: Acknowledged[] = [];
  for (const series of head.select({ matchers: [], minTime: 0, maxTime: HOUR })) {
    into.length = 0;
    series.read(into, 0, HOUR);
    for (let i = 0; i < into.length; i++)
      found.push(`${series.labels.get("port")} ${into.timestamps[i]} ${into.values[i]}`);
  }
  return found.sort();
}

describe("replay of the log", () => {
  it.each(["none", "snappy"] as const)(
    "after a cut at any byte has every sample acknowledged before it, and none besides (%s)",
    async (compression) => {
      const { acknowledged, ends } = writeLog(compression);
      const path = join(directory, "00000000");
      const whole = readFileSync(path).subarray(0, ends.at(-1));
      expect(whole.length).toBeLessThanOrEqual(8192);
      for (let length = 0; length <= whole.length; length++) {
        writeFileSync(path, whole.subarray(0, length));
        const complete = ends.filter((end) => end <= length).length;
        const { samples, report } = await replayed();
        // A commit is two records, series and samples: a cut between them leaves series without samples.
        expect(samples).toEqual(acknowledged.slice(0, complete).flat().sort());
        const isBoundary = length === 0 || ends.includes(length) || report.damage.length === 0;
        expect(report.damage.length).toBe(isBoundary ? 0 : 1);
      }
    },
    60_000,
  );

  it.each(["none", "snappy"] as const)(
    "after a flipped bit in any byte has every acknowledged sample, or says where the damage is (%s)",
    async (compression) => {
      const { acknowledged, ends } = writeLog(compression);
      const path = join(directory, "00000000");
      const whole = readFileSync(path).subarray(0, ends.at(-1));
      const all = acknowledged.flat().sort();
      const known = new Set(all);
      for (let i = 0; i < whole.length; i++) {
        const damaged = Buffer.from(whole);
        damaged[i] = (damaged[i] as number) ^ (1 << (i % 8));
        writeFileSync(path, damaged);
        const { samples, report } = await replayed();
        expect(samples.filter((sample) => !known.has(sample))).toEqual([]);
        if (report.damage.length === 0) expect(samples).toEqual(all);
        else expect(report.damage[0]?.error.offset).toBeLessThanOrEqual(i);
      }
    },
    60_000,
  );

  it("goes on behind a repaired tail as if nothing had been", async () => {
    const { acknowledged } = writeLog("snappy");
    appendFileSync(join(directory, "00000000"), Buffer.from([1, 0, 200, 1, 2, 3, 4, 5]));
    const head = new Head(2 * HOUR);
    const report = await replay(directory, head, new Pause());
    expect(report.damage).toMatchObject([{ bytesDropped: 8, segmentsDropped: 0 }]);
    const wal = new WalWriter(directory);
    head.attachLog(wal);
    const appender = new HeadAppender(head);
    appender.append(Labels.from({ __name__: "rx_bytes_total", port: "0" }), 30 * 60_000, 7);
    appender.commit();
    wal.close();
    const { samples, report: second } = await replayed();
    expect(second.damage).toEqual([]);
    expect(samples).toEqual([...acknowledged.flat(), "0 1800000 7"].sort());
  });
});
