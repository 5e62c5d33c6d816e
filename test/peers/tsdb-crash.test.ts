import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { DbReader } from "@linklight/tsdb";
import { describe, expect, it } from "vitest";
import { findPeer } from "../harness/peer.ts";
import { promtool } from "../harness/promtool.ts";
import { runProgram } from "../harness/run-program.ts";
import { temporaryFolder } from "../harness/temporary-folder.ts";

const WRITER = fileURLToPath(new URL("../crash/writer.mjs", import.meta.url));
const FULL_DISK = fileURLToPath(new URL("../crash/full-disk.mjs", import.meta.url));
const KILLS = 100;
const SERIES = 20;
/** The process may have opened the database, or be in the midst of anything. */
const LONGEST_LIFE_MS = 250;

describe("a database whose process is killed", () => {
  it("a hundred times, at any moment, has every sample that was acknowledged, and promtool reads it", async () => {
    const folder = temporaryFolder("crash");
    const directory = join(folder.path, "data");
    mkdirSync(directory);
    const random = randomFrom(7);
    let acknowledged = 0;
    for (let kill = 1; kill <= KILLS; kill++) {
      acknowledged = Math.max(
        acknowledged,
        await writeUntilKilled(directory, random() * LONGEST_LIFE_MS),
      );
      expect(await whatIsWrong(directory, acknowledged), `after kill ${kill}`).toEqual([]);
      if (kill % 10 === 0) await promtoolReads(directory, acknowledged);
    }
    // Otherwise it has proved nothing.
    expect(acknowledged).toBeGreaterThan(600_000);
    folder.remove();
  }, 300_000);

  it("has every acknowledged sample after its disk was full, and goes on when there is room", async () => {
    const folder = temporaryFolder("full");
    const script = 'mount -t tmpfs -o size=2m linklight "$1" && exec "$2" "$3" "$1"';
    const { code, stdout, stderr } = await runProgram("unshare", [
      "--mount",
      "sh",
      "-c",
      script,
      "sh",
      folder.path,
      process.execPath,
      FULL_DISK,
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({
      refused: ["LINKLIGHT_TSDB_DISK_FULL"],
      resumed: true,
    });
    folder.remove();
  }, 60_000);
});

/** Lets the writer live for a time after it has opened the database; returns the last time that it acknowledged. */
async function writeUntilKilled(directory: string, lifeMs: number): Promise<number> {
  const child = spawn(process.execPath, [WRITER, directory], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let errors = "";
  child.stdout.on("data", (bytes: Buffer) => {
    output += bytes.toString();
  });
  child.stderr.on("data", (bytes: Buffer) => {
    errors += bytes.toString();
  });
  const ended = once(child, "close");
  await Promise.race([once(child.stdout, "data"), ended]);
  await sleep(lifeMs);
  expect({ exitCode: child.exitCode, errors }).toEqual({ exitCode: null, errors: "" });
  child.kill("SIGKILL");
  await ended;
  // The last line may be torn: then its commit had returned, but nobody knows of when.
  const lines = output.split("\n").slice(0, -1);
  return Number(lines.findLast((line) => /^\d+$/.test(line)) ?? 0);
}

/** What is missing of what was acknowledged up to a time, and what is there besides. */
async function whatIsWrong(directory: string, acknowledged: number): Promise<string[]> {
  const reader = await DbReader.open(directory);
  const wrong = reader.blocksSetAside.map(({ error }) => error.message);
  const into = {
    length: 0,
    timestamps: new Float64Array(0),
    values: new Float64Array(0),
    reserve(count: number) {
      if (count <= into.timestamps.length) return;
      const grow = (column: Float64Array<ArrayBuffer>) => {
        const larger = new Float64Array(2 * count);
        larger.set(column);
        return larger;
      };
      into.timestamps = grow(into.timestamps);
      into.values = grow(into.values);
    },
  };
  const { series } = reader.select({ matchers: [], minTime: 0, maxTime: 1e12 });
  if (acknowledged > 0 && series.length !== SERIES) wrong.push(`${series.length} series`);
  for (const one of series) {
    into.length = 0;
    one.read(into, 0, 1e12);
    const number = Number(one.labels.get("series"));
    for (let i = 0; i < into.length && wrong.length < 5; i++)
      if (
        into.timestamps[i] !== (i + 1) * 1000 ||
        into.values[i] !== valueAt(number, (i + 1) * 1000)
      )
        wrong.push(`series ${number}: sample ${i} is ${into.values[i]} at ${into.timestamps[i]}`);
    if (into.length * 1000 < acknowledged)
      wrong.push(
        `series ${number}: ends at ${into.length * 1000}, acknowledged was ${acknowledged}`,
      );
  }
  reader.close();
  return wrong;
}

async function promtoolReads(directory: string, acknowledged: number): Promise<void> {
  for (const role of ["prometheus-2", "prometheus-3"] as const) {
    if (findPeer(role) === undefined) continue;
    const match = ["--match", '{series="7"}'];
    const { code, stdout, stderr } = await promtool(role, ["tsdb", "dump", ...match, directory]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.trimEnd().split("\n").length).toBeGreaterThanOrEqual(acknowledged / 1000);
  }
}

/** What the writer writes (test/crash/expected.mjs). */
function valueAt(series: number, time: number): number {
  return time / 1000 + series / 32;
}

/** Numbers from 0 to below 1, the same ones for the same seed (Park and Miller's generator). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
