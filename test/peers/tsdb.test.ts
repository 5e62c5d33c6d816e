import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Labels, writeStaleMarker } from "@linklight/model";
import { Db, DbReader, DirectoryLockedError, readBlockMeta, SampleBuffer } from "@linklight/tsdb";
import { beforeAll, describe, expect, it } from "vitest";
import { startEndpoint } from "../harness/endpoint.ts";
import { PROMETHEUS_PEERS, type PrometheusRole } from "../harness/peer.ts";
import { type RunningPrometheus, startPrometheus } from "../harness/prometheus.ts";
import { temporaryFolder } from "../harness/temporary-folder.ts";
import { undoAfterAll } from "../harness/undo.ts";
import { until } from "../harness/until.ts";
import { createBlocksFrom, type DumpedSample, dumpDirectory, succeed } from "./tsdb-dump.ts";

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** A time that no retention looks at. */
const START = 1_700_006_400_000;
const ROUNDS = 5;

describe.each(PROMETHEUS_PEERS)("a directory of linklight's in $title", ({ role, missing }) => {
  const undo = undoAfterAll();
  let directory: string;
  let expected: string[];

  beforeAll(async () => {
    if (missing) return;
    const folder = temporaryFolder("tsdb");
    undo(folder.remove);
    directory = join(folder.path, "data");
    await writeDirectory(directory);
    expected = await readDirectory(directory);
  });

  it.skipIf(missing)("is listed, analyzed and dumped by promtool as it is", async () => {
    const reader = await DbReader.open(directory);
    const blocks = reader.blocks.map(({ meta: { ulid, minTime, maxTime, stats } }) =>
      [ulid, minTime, maxTime, stats.numSamples, stats.numChunks, stats.numSeries].map(String),
    );
    reader.close();
    expect(blocks.length).toBeGreaterThan(2);
    const list = await succeed(role, ["tsdb", "list", directory]);
    const rows = list.trimEnd().split("\n").slice(1);
    expect(
      rows.map((row) =>
        row
          .split(/\s+/)
          .filter((_, i) => i !== 3)
          .slice(0, 6),
      ),
    ).toEqual(blocks);
    for (const [ulid = "", , , , , series] of blocks) {
      const analysis = await succeed(role, ["tsdb", "analyze", directory, ulid]);
      expect(/Series: (\d+)/.exec(analysis)?.[1]).toBe(series);
    }
    expect(asText(await dumpDirectory(role, directory))).toEqual(expected);
  });

  it.skipIf(missing)("is served, sample for sample, and left as complete as it was", async () => {
    const prometheus = await startPrometheus(role, {
      data: directory,
      config: {},
      flags: KEEP_ALL,
    });
    undo(prometheus.stop);
    // Range selectors leave staleness markers out.
    const served = await rawSamples(prometheus, (START + 13 * HOUR) / 1000, "14h");
    expect(served).toEqual(expected.filter((sample) => !/^flow.* NaN \d+$/.test(sample)));
    expect(prometheus.complaints()).toEqual([]);
    await prometheus.stop();
    expect(await readDirectory(directory)).toEqual(expected);
    expect(asText(await dumpDirectory(role, directory))).toEqual(expected);
  });
});

// Side by side: a Prometheus takes five seconds until it scrapes.
describe.concurrent.each(PROMETHEUS_PEERS)("a directory of $title", ({ role, missing }) => {
  const undo = undoAfterAll();

  it.skipIf(missing)("is read as promtool reads it, made of an exposition", async () => {
    const folder = temporaryFolder("tsdb");
    undo(folder.remove);
    const directory = join(folder.path, "data");
    await createBlocksFrom(role, exposition(), directory);
    const ours = await readDirectory(directory);
    expect(ours.length).toBe(3 * 600 + 4);
    expect(ours).toEqual(asText(await dumpDirectory(role, directory)));
  });

  it.skipIf(missing).each(compressions(role))(
    "is read as promtool reads it, scraped with $compression in its log",
    async ({ flags }) => {
      const folder = temporaryFolder("tsdb");
      undo(folder.remove);
      const directory = join(folder.path, "data");
      const endpoint = await startEndpoint();
      undo(endpoint.stop);
      const config = scraping(endpoint.address);
      const prometheus = await startPrometheus(role, {
        data: directory,
        config,
        flags: flags,
      });
      undo(prometheus.stop);
      await scrapes(prometheus, 5, "succeed");
      await endpoint.stop();
      // Ends in staleness markers.
      await until("the endpoint to be down", async () => {
        const [up] = await prometheus.query("up");
        return up?.value === 0 || undefined;
      });
      await prometheus.stop();
      const ours = await readDirectory(directory);
      expect(ours).toEqual(asText(await dumpDirectory(role, directory)));
      expect(ours.filter((line) => / NaN \d+$/.test(line)).length).toBeGreaterThan(50);
      const db = await Db.open(directory, { autoCompaction: false });
      expect(db.replayReport).toMatchObject({ damage: [], unknownRefs: 0 });
      await db.close();
      expect(await readDirectory(directory)).toEqual(ours);
    },
  );

  it.skipIf(missing)("goes from hand to hand five times and loses nothing", async () => {
    const folder = temporaryFolder("tsdb");
    undo(folder.remove);
    const directory = join(folder.path, "data");
    let known: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const before = await takeOver(directory, round);
      expect(missingOf(known, before)).toEqual([]);
      known = await readDirectory(directory);
      const flags = [...KEEP_ALL, ...lockFlags(role)];
      const prometheus = await startPrometheus(role, {
        data: directory,
        config: SCRAPING_NOBODY,
        flags,
      });
      undo(prometheus.stop);
      await scrapes(prometheus, 3);
      await until(
        "the head's blocks",
        () => blockEnd(directory) > Date.now() - 5 * HOUR || undefined,
      );
      expect(missingOf(known, asText(await dumpDirectory(role, directory)))).toEqual([]);
      // While it runs it keeps us out.
      await expect(Db.open(directory)).rejects.toThrow(DirectoryLockedError);
      expect(prometheus.complaints()).toEqual([]);
      await prometheus.stop();
      const after = await readDirectory(directory);
      expect(missingOf(known, after)).toEqual([]);
      expect(after.length).toBeGreaterThan(known.length);
      known = after;
    }
  });

  it.skipIf(missing)("is not opened while linklight has it", async () => {
    const folder = temporaryFolder("tsdb");
    undo(folder.remove);
    const directory = join(folder.path, "data");
    const db = await Db.open(directory, { autoCompaction: false });
    const flags = lockFlags(role);
    await expect(startPrometheus(role, { data: directory, config: {}, flags })).rejects.toThrow(
      /lock.*resource temporarily unavailable/i,
    );
    await db.close();
    const prometheus = await startPrometheus(role, { data: directory, config: {}, flags });
    await prometheus.stop();
  });
});

const KEEP_ALL = ["--storage.tsdb.retention.time=10y"];
/** Nobody listens there: a failed scrape is a sample of `up` too. */
const SCRAPING_NOBODY = scraping("127.0.0.1:9");

function scraping(...targets: readonly string[]): Record<string, unknown> {
  const interval = { scrape_interval: "200ms", scrape_timeout: "200ms" };
  return {
    scrape_configs: [{ job_name: "linklight", ...interval, static_configs: [{ targets }] }],
  };
}

function compressions(role: PrometheusRole): { compression: string; flags: string[] }[] {
  const zstd = { compression: "zstd", flags: ["--storage.tsdb.wal-compression-type=zstd"] };
  return [
    { compression: "snappy", flags: ["--storage.tsdb.wal-compression"] },
    { compression: "nothing", flags: ["--no-storage.tsdb.wal-compression"] },
    ...(role === "prometheus-3" ? [zstd] : []),
  ];
}

/** Debian's build of version 2 takes its lock only when it is told to. */
function lockFlags(role: PrometheusRole): string[] {
  return role === "prometheus-2" ? ["--storage.tsdb.use-lockfile"] : [];
}

/** Half a day: blocks of two levels, a head, values and labels of every kind, deletions, series that come and go. */
async function writeDirectory(directory: string): Promise<void> {
  const db = await Db.open(directory, { autoCompaction: false, walSegmentBytes: 64 * 1024 });
  const stale = new Float64Array(1);
  writeStaleMarker(stale, 0);
  for (let minute = 0; minute < 13 * 60; minute++) {
    const time = START + minute * MINUTE;
    const appender = db.appender();
    for (let port = 0; port < 5; port++)
      appender.append({ __name__: "rx_bytes_total", port: `${port}` }, time, minute * port * 1500);
    appender.append(
      { __name__: "noise", text: 'a "quoted"\\\nline, ü, 😀' },
      time,
      Math.sin(minute),
    );
    appender.append({ __name__: "special" }, time, SPECIAL[minute % SPECIAL.length] as number);
    appender.append(
      { __name__: "flow", id: `${Math.floor(minute / 45)}` },
      time,
      1e300 / (minute + 1),
    );
    if (minute % 45 === 44)
      appender.append(
        { __name__: "flow", id: `${Math.floor(minute / 45)}` },
        time + 1,
        stale[0] as number,
      );
    appender.commit();
    if (minute % 240 === 239) await db.compact();
  }
  const port = (value: string) => ({
    name: "port",
    operator: "=" as const,
    value,
    matches: (candidate: string) => candidate === value,
  });
  await db.deleteSeries([port("3")], { minTime: START + HOUR, maxTime: START + 12.5 * HOUR });
  await db.close();
}

const SPECIAL = [
  0,
  -0,
  1e-300,
  5e-324,
  Number.MAX_VALUE,
  Infinity,
  -Infinity,
  Number.NaN,
  0.1,
  -1e9,
];

/**
 * linklight's turn: a day of history at first, half of it in blocks and half left for Prometheus to make blocks of, and a
 * few samples of now each time. Gives what was there.
 */
async function takeOver(directory: string, round: number): Promise<string[]> {
  const db = await Db.open(directory, { autoCompaction: false, retentionMs: 0 });
  expect(db.replayReport).toMatchObject({ damage: [], unknownRefs: 0 });
  const before = await samplesOf(db);
  if (round === 0) {
    const now = Date.now();
    appendHistory(db, now - 24 * HOUR, now - 12 * HOUR);
    await db.compact();
    appendHistory(db, now - 12 * HOUR, now - MINUTE);
  }
  const appender = db.appender();
  appender.append({ __name__: "round", round: `${round}` }, Date.now(), round);
  appender.append({ __name__: "rounds" }, Date.now(), round);
  appender.commit();
  if (round > 0) await db.compact();
  await db.close();
  return before;
}

function appendHistory(db: Db, from: number, to: number): void {
  for (let time = from; time < to; time += MINUTE) {
    const appender = db.appender();
    for (const port of ["1", "2"]) appender.append({ __name__: "history", port }, time, time % 977);
    appender.commit();
  }
}

function exposition(): Uint8Array {
  const lines = ["# TYPE a gauge"];
  for (let i = 0; i < 3; i++)
    for (let t = 0; t < 600; t++)
      lines.push(`a{i="${i}"} ${Math.cos(i * t)} ${1_700_000_000 + 60 * t}`);
  lines.push("# TYPE b gauge");
  for (const [i, value] of ["+Inf", "-Inf", "NaN", "-0"].entries())
    lines.push(`b{c="\\"x\\\\"} ${value} ${1_700_000_000 + i}`);
  return new TextEncoder().encode(`${lines.join("\n")}\n# EOF\n`);
}

/** Up to when there are blocks. */
function blockEnd(directory: string): number {
  const ends = readdirSync(directory)
    .filter((name) => /^[0-9A-Z]{26}$/.test(name))
    .map((name) => readBlockMeta(join(directory, name)).maxTime);
  return Math.max(0, ...ends);
}

/** On a busy machine a scrape may fail for want of time: `succeed` counts those that did not. */
async function scrapes(
  prometheus: RunningPrometheus,
  count: number,
  counted: "try" | "succeed" = "try",
): Promise<void> {
  const query = counted === "try" ? "count_over_time(up[1h])" : "sum_over_time(up[1h])";
  const soFar = async (): Promise<number> => (await prometheus.query(query))[0]?.value ?? 0;
  const before = await soFar();
  await until(`${count} scrapes`, async () => (await soFar()) >= before + count || undefined);
}

/** Every sample that a Prometheus has within a range of time, as text, sorted. */
async function rawSamples(
  { url }: RunningPrometheus,
  time: number,
  range: string,
): Promise<string[]> {
  const query = new URLSearchParams({ query: `{__name__=~".+"}[${range}]`, time: `${time}` });
  const answer = (await (await fetch(`${url}/api/v1/query?${query}`)).json()) as {
    data: { result: { metric: Record<string, string>; values: [number, string][] }[] };
  };
  const samples = answer.data.result.flatMap(({ metric, values }) =>
    values.map(([seconds, value]) => ({
      labels: Labels.from(metric),
      value: Number(value.replace("Inf", "Infinity")),
      timestamp: Math.round(seconds * 1000),
    })),
  );
  return asText(samples);
}

async function readDirectory(directory: string): Promise<string[]> {
  const reader = await DbReader.open(directory);
  try {
    expect([reader.replayReport.damage, reader.blocksSetAside]).toEqual([[], []]);
    return await samplesOf(reader);
  } finally {
    reader.close();
  }
}

async function samplesOf(db: Pick<Db, "select">): Promise<string[]> {
  const into = new SampleBuffer();
  const { series } = await db.select({ matchers: [], minTime: -1e15, maxTime: 1e15 });
  return series
    .flatMap((one) => {
      into.length = 0;
      one.read(into, -1e15, 1e15);
      return into.pairs().map(([timestamp, value]) => `${one.labels} ${value} ${timestamp}`);
    })
    .sort();
}

function asText(samples: readonly DumpedSample[]): string[] {
  return samples.map(({ labels, value, timestamp }) => `${labels} ${value} ${timestamp}`).sort();
}

function missingOf(known: readonly string[], found: readonly string[]): string[] {
  const all = new Set(found);
  return known.filter((sample) => !all.has(sample));
}
