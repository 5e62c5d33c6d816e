import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Labels } from "@linklight/model";
import { Db, DbReader, SampleBuffer } from "@linklight/tsdb";
import { temporaryFolder } from "../harness/temporary-folder.ts";
// biome-ignore lint/correctness/useImportExtensions: it finds the declarations, Node the module.
import { batch, isDoomed, LIFETIME, OPTIONS, START_MS, STEP_MS } from "./batch.mjs";
import { seededRandom } from "./crash.ts";

const recorder = pathToFileURL(fileURLToPath(new URL("recorded-disk.mjs", import.meta.url))).href;
const script = fileURLToPath(new URL("writer.mjs", import.meta.url));

/** After how many changes of the disk a writer is killed, at most. */
const MOST_CHANGES = 900;

/** What a writer promised to be on the disk. */
interface Promised {
  /** The last commit; -1 when there is none. */
  readonly synced: number;
  /** Generations of series that are deleted. */
  readonly deleted: ReadonlySet<number>;
}

/** What a directory has. */
interface Found {
  /** The last commit; all before are there too. */
  readonly last: number;
  /** All samples, as text. */
  readonly samples: ReadonlySet<string>;
}

export interface PowerCuts {
  readonly walSync: "segment" | "commit";
  readonly rounds: number;
  readonly seed: number;
  /** Called with every directory after a cut, when it was found good and a database has been opened in it. */
  readonly look?: (directory: string, samples: number) => Promise<void>;
}

/**
 * Lets a writer write to a disk whose power is cut, again and again: after each round the next goes on with what one cut
 * has left, or with what the writer left that was killed only. Of every directory that a cut may leave, it must be true
 * that all that was promised is there, that nothing is there that was never written, and that it opens and goes on.
 * Returns how many cuts there were.
 */
export async function cutPower({ walSync, rounds, seed, look }: PowerCuts): Promise<number> {
  // In memory where there is such a place: what is forced to the disk is what the recorder says.
  const folder = temporaryFolder("power", existsSync("/dev/shm") ? "/dev/shm" : undefined);
  const random = seededRandom(seed);
  let cuts = 0;
  let promised: Promised = { synced: -1, deleted: new Set() };
  let first = 0;
  try {
    const disk = join(folder.path, "disk");
    const state = join(folder.path, "state.json");
    mkdirSync(disk);
    for (let round = 0; round < rounds; round++) {
      const photos = join(folder.path, `photos-${round}`);
      mkdirSync(photos);
      const end = Math.ceil(MOST_CHANGES * random());
      const recorded = { root: disk, photos, state, seed: Math.ceil(2 ** 32 * random()), end };
      await writeUntilKilled(join(disk, "data"), first, walSync, recorded);
      const numbers = readdirSync(photos).filter((name) => /^\d+$/.test(name));
      const isPowerCut = random() < 0.6;
      const before = promised;
      for (let i = 0; i < numbers.length; i++) {
        const photo = join(photos, `${i}`);
        const now = promisedBy(photo, before, first);
        const where = `round ${round}, cut ${i}, ${JSON.stringify(recorded)}`;
        if (i === numbers.length - 1) {
          // Before anybody repairs it.
          promised = now;
          if (isPowerCut) {
            rmSync(disk, { recursive: true });
            rmSync(state);
            cpSync(photo, disk, { recursive: true });
          }
        }
        await checkPhoto(join(photo, "data"), now, look, where);
        cuts++;
      }
      first = (await found(join(disk, "data"))).last + 1;
      rmSync(photos, { recursive: true });
    }
    return cuts;
  } finally {
    folder.remove();
  }
}

async function writeUntilKilled(
  directory: string,
  first: number,
  walSync: string,
  recorded: Readonly<Record<string, unknown>>,
): Promise<void> {
  const child = spawn(
    process.execPath,
    ["--import", recorder, script, directory, String(first), walSync],
    {
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, LINKLIGHT_RECORDED_DISK: JSON.stringify(recorded) },
    },
  );
  let complaint = "";
  child.stderr.on("data", (text: Buffer) => {
    complaint += text.toString();
  });
  const timer = setTimeout(() => child.kill("SIGTERM"), 60_000);
  await once(child, "close");
  clearTimeout(timer);
  if (child.signalCode !== "SIGKILL") throw new Error(`the writer ended by itself: ${complaint}`);
}

/** What the writer had promised when a photo was taken, and those before it. */
function promisedBy(photo: string, before: Promised, first: number): Promised {
  const said = JSON.parse(readFileSync(`${photo}.json`, "utf8")) as {
    synced?: number;
    deleted?: number;
  };
  const deleted = new Set(before.deleted);
  const firstDoomed = Math.ceil(first / LIFETIME) - 2;
  for (let generation = firstDoomed; generation <= (said.deleted ?? -1); generation++)
    if (isDoomed(generation)) deleted.add(generation);
  return { synced: Math.max(said.synced ?? -1, before.synced), deleted };
}

async function checkPhoto(
  directory: string,
  promised: Promised,
  look: PowerCuts["look"],
  where: string,
): Promise<void> {
  try {
    const before = await found(directory, promised);
    const db = await Db.open(directory, OPTIONS);
    try {
      if (db.blocksSetAside.length > 0) throw db.blocksSetAside[0]?.error;
    } finally {
      await db.close();
    }
    const repaired = await found(directory, promised);
    if (repaired.samples.size !== before.samples.size)
      throw new Error(
        `${before.samples.size} samples were read, and ${repaired.samples.size} once it was repaired`,
      );
    await look?.(directory, repaired.samples.size);
    await goOn(directory, before.last + 1);
    await found(directory, { ...promised, synced: before.last + 1 });
  } catch (cause) {
    throw new Error(`${(cause as Error).message} (${where})`, { cause });
  }
}

/** Commits once more, and brings all into blocks that is due. */
async function goOn(directory: string, n: number): Promise<void> {
  const db = await Db.open(directory, OPTIONS);
  try {
    const appender = db.appender();
    for (const { labels, timestamp, value } of batch(n)) appender.append(labels, timestamp, value);
    appender.commit();
    await db.compact();
  } finally {
    await db.close();
  }
}

/** Reads a directory as it is. Rejects when something is missing, twice, or was never written. */
async function found(
  directory: string,
  promised: Promised = { synced: -1, deleted: new Set() },
): Promise<Found> {
  let samples: Set<string>;
  try {
    samples = await readSamples(directory);
  } catch (error) {
    // The cut may have come before the directory was there.
    if (promised.synced === -1 && (error as Error).message.endsWith("there is no such directory"))
      return { last: -1, samples: new Set() };
    throw error;
  }
  const left = new Set(samples);
  let last = -1;
  for (let n = 0; left.size > 0; n++) {
    const generation = Math.floor(n / LIFETIME);
    const expected = batch(n).map(({ labels, timestamp, value }) =>
      describe(Labels.from(labels), timestamp, value),
    );
    const there = expected.filter((sample) => left.delete(sample));
    const flow = expected.at(-1) ?? "";
    if (promised.deleted.has(generation) && there.includes(flow))
      throw new Error(`${flow} was deleted and is there again`);
    const needed = isDoomed(generation) ? expected.slice(0, -1) : expected;
    const missing = needed.filter((sample) => !there.includes(sample));
    if (missing.length > 0)
      throw new Error(
        `of commit ${n} ${missing.length} samples are not there, such as ${missing[0]}, but ${left.size} others: ${[...left].slice(0, 2).join("; ")}`,
      );
    last = n;
  }
  if (last < promised.synced)
    throw new Error(
      `commits up to ${promised.synced} were promised, and ${last} is the last there`,
    );
  return { last, samples };
}

async function readSamples(directory: string): Promise<Set<string>> {
  const reader = await DbReader.open(directory);
  try {
    if (reader.blocksSetAside.length > 0) throw reader.blocksSetAside[0]?.error;
    const { series } = await reader.select({ matchers: [], minTime: 0, maxTime: 1e15 });
    const samples = new Set<string>();
    const into = new SampleBuffer();
    for (const one of series) {
      into.length = 0;
      one.read(into, 0, 1e15);
      for (const [timestamp, value] of into.pairs()) {
        const sample = describe(one.labels, timestamp, value);
        if (samples.has(sample)) throw new Error(`${sample} is there twice`);
        if (!Number.isInteger((timestamp - START_MS) / STEP_MS))
          throw new Error(`${sample} was never written`);
        samples.add(sample);
      }
    }
    return samples;
  } finally {
    reader.close();
  }
}

function describe(labels: Labels, timestamp: number, value: number): string {
  return `${labels} ${timestamp} ${value}`;
}
