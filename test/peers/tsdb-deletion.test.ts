import { Labels, type Matcher } from "@linklight/model";
import { Db, DbReader, SampleBuffer } from "@linklight/tsdb";
import { describe, expect, it } from "vitest";
import { PROMETHEUS_PEERS, type PrometheusRole } from "../harness/peer.ts";
import { type RunningPrometheus, startPrometheus } from "../harness/prometheus.ts";
import { temporaryFolder } from "../harness/temporary-folder.ts";
import { undoAfterAll } from "../harness/undo.ts";
import { dumpDirectory } from "./tsdb-dump.ts";

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** A time that no retention looks at; a multiple of two hours, so that the head begins with a block's range. */
const START = 1_700_006_400_000;
/** Three blocks, and a head of two hours and a half. */
const END = START + 8.5 * HOUR;
const FLAGS = ["--storage.tsdb.retention.time=10y", "--web.enable-admin-api"];

/** What is deleted: of each port something else, in blocks and in the head. */
const DELETIONS = [
  { port: "1", minTime: START, maxTime: END },
  { port: "2", minTime: START + HOUR, maxTime: START + 8 * HOUR },
  { port: "3", minTime: START + 7 * HOUR, maxTime: END },
  { port: "3", minTime: START + 30 * MINUTE, maxTime: START + 40 * MINUTE },
  { port: "4", minTime: START + 6 * HOUR + 1, maxTime: START + 6 * HOUR + MINUTE - 1 },
];
const PORTS = ["0", "1", "2", "3", "4"];

describe.each(PROMETHEUS_PEERS)("what is deleted, and $title", ({ role, missing }) => {
  const undo = undoAfterAll();

  it.skipIf(missing)("does not serve what linklight has deleted, in blocks and head", async () => {
    const folder = temporaryFolder("deletion");
    undo(folder.remove);
    const db = await writeDirectory(folder.path);
    for (const { port, ...interval } of DELETIONS) await db.deleteSeries([ofPort(port)], interval);
    expect(await samplesOf(db)).toEqual(left());
    expect(db.blocks.map(({ meta }) => meta.stats.numTombstones)).toEqual([3, 2, 2]);
    await db.close();
    expect(await dumped(role, folder.path)).toEqual(left());
    const prometheus = await start(role, folder.path);
    undo(prometheus.stop);
    expect(await served(prometheus)).toEqual(left());
    // Prometheus knows them as its own deletions: it cleans them up.
    await admin(prometheus, "clean_tombstones");
    expect(await served(prometheus)).toEqual(left());
    expect(prometheus.complaints()).toEqual([]);
    await prometheus.stop();
    expect(await read(folder.path)).toEqual(left());
    expect(await dumped(role, folder.path)).toEqual(left());
  });

  it.skipIf(missing)("is not read by linklight when Prometheus has deleted it", async () => {
    const folder = temporaryFolder("deletion");
    undo(folder.remove);
    await (await writeDirectory(folder.path)).close();
    const prometheus = await start(role, folder.path);
    undo(prometheus.stop);
    for (const { port, minTime, maxTime } of DELETIONS)
      await admin(prometheus, "delete_series", {
        "match[]": `rx_bytes_total{port="${port}"}`,
        start: `${minTime / 1000}`,
        end: `${maxTime / 1000}`,
      });
    expect(await served(prometheus)).toEqual(left());
    // While it runs, from the tombstones of the blocks and of the log.
    expect(await read(folder.path)).toEqual(left());
    await prometheus.stop();
    expect(await read(folder.path)).toEqual(left());
    const again = await start(role, folder.path);
    undo(again.stop);
    await admin(again, "clean_tombstones");
    await again.stop();
    expect(await read(folder.path)).toEqual(left());
    // And what linklight makes of it stays deleted.
    const db = await Db.open(folder.path, { autoCompaction: false, retentionMs: 0 });
    await db.cleanTombstones();
    expect(await samplesOf(db)).toEqual(left());
    append(db, "0", END + 24 * HOUR);
    await db.compact();
    await db.close();
    const newest = `rx_bytes_total{port="0"} ${END + 24 * HOUR} 0`;
    expect(await read(folder.path)).toEqual([...left(), newest].sort());
  });
});

async function writeDirectory(directory: string): Promise<Db> {
  const db = await Db.open(directory, { autoCompaction: false, retentionMs: 0 });
  for (let t = START; t < END; t += MINUTE) for (const port of PORTS) append(db, port, t);
  await db.compact();
  expect(db.blocks.length).toBe(3);
  return db;
}

function append(db: Db, port: string, time: number): void {
  const appender = db.appender();
  const value = ((time - START) / MINUTE) * Number(port);
  appender.append({ __name__: "rx_bytes_total", port }, time, value);
  appender.commit();
}

/** All samples that no deletion covers. */
function left(): string[] {
  const samples: string[] = [];
  for (const port of PORTS)
    for (let t = START; t < END; t += MINUTE)
      if (!DELETIONS.some((one) => one.port === port && t >= one.minTime && t <= one.maxTime))
        samples.push(
          `rx_bytes_total{port="${port}"} ${t} ${((t - START) / MINUTE) * Number(port)}`,
        );
  return samples.sort();
}

async function read(directory: string): Promise<string[]> {
  const reader = await DbReader.open(directory);
  try {
    expect([reader.replayReport.damage, reader.blocksSetAside]).toEqual([[], []]);
    return await samplesOf(reader);
  } finally {
    reader.close();
  }
}

async function samplesOf(db: Pick<Db, "select">): Promise<string[]> {
  const { series } = await db.select({ matchers: [], minTime: 0, maxTime: 1e15 });
  const into = new SampleBuffer();
  return series
    .flatMap((one) => {
      into.length = 0;
      one.read(into, 0, 1e15);
      return into.pairs().map(([time, value]) => `${one.labels} ${time} ${value}`);
    })
    .sort();
}

async function dumped(role: PrometheusRole, directory: string): Promise<string[]> {
  const samples = await dumpDirectory(role, directory);
  return samples.map(({ labels, timestamp, value }) => `${labels} ${timestamp} ${value}`).sort();
}

function start(role: PrometheusRole, data: string): Promise<RunningPrometheus> {
  return startPrometheus(role, { data, config: {}, flags: FLAGS });
}

async function admin(
  { url }: RunningPrometheus,
  what: string,
  parameters: Record<string, string> = {},
): Promise<void> {
  const query = new URLSearchParams(parameters);
  const answer = await fetch(`${url}/api/v1/admin/tsdb/${what}?${query}`, { method: "POST" });
  expect(`${answer.status} ${await answer.text()}`).toBe("204 ");
}

async function served({ url }: RunningPrometheus): Promise<string[]> {
  const query = new URLSearchParams({ query: "rx_bytes_total[10h]", time: `${END / 1000}` });
  const answer = (await (await fetch(`${url}/api/v1/query?${query}`)).json()) as {
    data: { result: { metric: Record<string, string>; values: [number, string][] }[] };
  };
  return answer.data.result
    .flatMap(({ metric, values }) =>
      values.map(
        ([seconds, value]) =>
          `${Labels.from(metric)} ${Math.round(seconds * 1000)} ${Number(value)}`,
      ),
    )
    .sort();
}

function ofPort(port: string): Matcher {
  return { name: "port", operator: "=", value: port, matches: (value) => value === port };
}
