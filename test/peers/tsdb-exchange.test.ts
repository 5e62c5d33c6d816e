import { readdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Engine } from "@linklight/promql";
import { Db } from "@linklight/tsdb";
import { describe, expect, it } from "vitest";
import { startEndpoint } from "../harness/endpoint.ts";
import { PROMETHEUS_PEERS, type PrometheusRole } from "../harness/peer.ts";
import { type RunningPrometheus, startPrometheus } from "../harness/prometheus.ts";
import { promtool } from "../harness/promtool.ts";
import { runProgram } from "../harness/run-program.ts";
import { temporaryFolder } from "../harness/temporary-folder.ts";
import { undoAfterAll } from "../harness/undo.ts";
import { until } from "../harness/until.ts";

const main = fileURLToPath(new URL("../../packages/linklight/dist/main.js", import.meta.url));
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** What `linklight tsdb …` prints; it must not complain. */
async function ours(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runProgram(process.execPath, [main, "tsdb", ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}

async function theirs(role: PrometheusRole, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await promtool(role, ["tsdb", ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}

const lines = (text: string): string[] => text.trimEnd().split("\n").sort();

/** Seven hours up to now, of which two or three blocks are made; numbers of all sorts, series that come and go. */
async function fill(directory: string): Promise<void> {
  const db = await Db.open(directory, { autoCompaction: false });
  const start = Math.floor((Date.now() - 7 * HOUR) / MINUTE) * MINUTE;
  const odd = [0, -0, 1e-7, 1e21, Number.NaN, Infinity, -Infinity, 0.1, 2 ** 53];
  for (let minute = 0; minute < 7 * 60; minute++) {
    const time = start + minute * MINUTE;
    const appender = db.appender();
    for (let port = 0; port < 20; port++) {
      // Each port is there for half of the hours.
      if ((Math.floor(minute / 60) + port) % 2 === 0) continue;
      const labels = { __name__: "rx_bytes_total", port: String(port), switch: "ﬀ😀" };
      appender.append(labels, time, minute * 1000 + port);
    }
    const ref = appender.append({ __name__: "odd" }, time, odd[minute % odd.length] as number);
    if (minute % 60 === 59) appender.appendStaleMarker(ref, time + 1000);
    appender.commit();
    if (minute % 100 === 99) await db.compact();
  }
  await db.deleteSeries(
    [{ name: "port", operator: "=", value: "3", matches: (value) => value === "3" }],
    { minTime: start, maxTime: start + 90 * MINUTE },
  );
  await db.compact();
  await db.close();
}

describe.each(PROMETHEUS_PEERS)("a directory of ours, in $title", ({ role, missing }) => {
  const undo = undoAfterAll();

  it.skipIf(missing)("is listed, analysed, dumped and answered as here", async () => {
    const folder = temporaryFolder("exchange");
    undo(folder.remove);
    const directory = join(folder.path, "data");
    await fill(directory);
    expect(await ours("list", directory)).toBe(await theirs(role, "list", directory));
    expect(lines(await ours("dump", directory))).toEqual(
      lines(await theirs(role, "dump", directory)),
    );
    const analysis = ["analyze", "--limit=1000", directory];
    expect(lines(await ours(...analysis))).toEqual(
      // The older one says "Series" and has its own words behind it.
      lines((await theirs(role, ...analysis)).replace(/^Series:/m, "Total Series:")),
    );
    await answersAlike(role, directory);
  });
});

async function answersAlike(role: PrometheusRole, directory: string): Promise<void> {
  const query = "sum by (switch) (increase(rx_bytes_total[30m]))";
  const endMs = Math.floor(Date.now() / MINUTE) * MINUTE;
  const range = { startMs: endMs - 6 * HOUR, endMs, stepMs: 10 * MINUTE };
  const server = await startPrometheus(role, { config: {}, data: directory });
  let answered: unknown;
  try {
    const { startMs, stepMs } = range;
    const parameters = new URLSearchParams({
      query,
      start: String(startMs / 1000),
      end: String(endMs / 1000),
      step: String(stepMs / 1000),
    });
    answered = await (await fetch(`${server.url}/api/v1/query_range?${parameters}`)).json();
    expect(server.complaints()).toEqual([]);
  } finally {
    await server.stop();
  }
  const db = await Db.open(directory, { autoCompaction: false });
  const { value } = await new Engine().range(db, { query, ...range });
  await db.close();
  const [series] = value.type === "matrix" ? value.series : [];
  const answer = answered as { data: { result: { values: [number, string][] }[] } };
  const values = answer.data.result[0]?.values ?? [];
  // The windows of 2.x are closed on both sides, so only the times are compared there.
  expect([...(series?.timestamps ?? [])].map((time) => time / 1000)).toEqual(
    values.map(([time]) => time),
  );
  if (role === "prometheus-3")
    expect([...(series?.values ?? [])].map(String)).toEqual(values.map(([, text]) => text));
  expect(values.length).toBeGreaterThan(20);
}

describe.concurrent.each(PROMETHEUS_PEERS)("a directory of $title", ({ role, missing }) => {
  const undo = undoAfterAll();
  const compressions = role === "prometheus-3" ? ["snappy", "zstd", "none"] : ["snappy", "none"];

  it.skipIf(missing).each(compressions)(
    "with a log in %s is read as its promtool reads it",
    async (kind) => {
      const folder = temporaryFolder("theirs");
      undo(folder.remove);
      const directory = join(folder.path, "data");
      const flags =
        role === "prometheus-3"
          ? kind === "none"
            ? ["--no-storage.tsdb.wal-compression"]
            : [`--storage.tsdb.wal-compression-type=${kind}`]
          : kind === "none"
            ? ["--no-storage.tsdb.wal-compression"]
            : [];
      await scrapeInto(role, directory, flags);
      expect(lines(await ours("dump", directory))).toEqual(
        lines(await theirs(role, "dump", directory)),
      );
    },
  );

  it.skipIf(missing)(
    "goes back and forth five times and loses nothing",
    async () => {
      const folder = temporaryFolder("handed");
      undo(folder.remove);
      const directory = join(folder.path, "data");
      let before: string[] = [];
      for (let turn = 0; turn < 5; turn++) {
        await scrapeInto(role, directory);
        const db = await Db.open(directory, { autoCompaction: false });
        const appender = db.appender();
        appender.append({ __name__: "handed", turn: String(turn) }, Date.now(), turn);
        appender.commit();
        await db.compact();
        await db.close();
        const dumped = lines(await theirs(role, "dump", directory));
        const kept = new Set(dumped);
        expect(before.filter((line) => !kept.has(line))).toEqual([]);
        expect(dumped.filter((line) => line.includes('"handed"'))).toHaveLength(turn + 1);
        expect(dumped.length).toBeGreaterThan(before.length + 10);
        before = dumped;
      }
    },
    120_000,
  );

  it.skipIf(missing)("is opened by one of both at a time", async () => {
    const folder = temporaryFolder("lock");
    undo(folder.remove);
    const directory = join(folder.path, "data");
    // Debian's older one takes its lock only when it is told to.
    const flags = role === "prometheus-2" ? ["--storage.tsdb.use-lockfile"] : [];
    const options = { config: {}, data: directory, flags };
    const server = await startPrometheus(role, options);
    try {
      await expect(Db.open(directory)).rejects.toThrow(`${directory}: locked by another process`);
    } finally {
      await server.stop();
    }
    const db = await Db.open(directory, { autoCompaction: false });
    try {
      await expect(startPrometheus(role, options)).rejects.toThrow(
        /lock DB directory|resource temporarily unavailable/,
      );
    } finally {
      await db.close();
    }
  });
});

/** Lets a real Prometheus scrape an endpoint into a directory for a moment, and ends it in order. */
async function scrapeInto(
  role: PrometheusRole,
  directory: string,
  flags: readonly string[] = [],
): Promise<void> {
  const endpoint = await startEndpoint("--fabric", "pair");
  let server: RunningPrometheus | undefined;
  try {
    server = await startPrometheus(role, {
      config: {
        scrape_configs: [
          {
            job_name: "switch",
            scrape_interval: "250ms",
            scrape_timeout: "250ms",
            static_configs: [{ targets: [endpoint.address] }],
          },
        ],
      },
      data: directory,
      flags,
    });
    const { query } = server;
    await until("two scrapes", async () =>
      (await query(`count_over_time(up{instance="${endpoint.address}"}[1m]) >= 2`)).length > 0
        ? "scraped"
        : undefined,
    );
    expect(readdirSync(directory)).toContain("wal");
    await sleep(100);
  } finally {
    await server?.stop();
    await endpoint.stop();
  }
}
