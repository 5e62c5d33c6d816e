import { spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Labels } from "@linklight/model";
import { DbReader, SampleBuffer } from "@linklight/tsdb";
// biome-ignore lint/correctness/useImportExtensions: it finds the declarations, Node the module.
import { batch, START_MS, STEP_MS } from "./batch.mjs";

const script = fileURLToPath(new URL("writer.mjs", import.meta.url));

/** How a writer came to its end. */
export interface WriterRun {
  /** The number of the last commit that it acknowledged; undefined when there was none. */
  readonly last: number | undefined;
  /** Everything it said. */
  readonly lines: readonly string[];
}

/**
 * Runs a writer of `writer.mjs` on the directory, beginning with commit number `first`, until `whenToKill` returns,
 * which sees each line; then kills it. Rejects when it ends by itself.
 */
export async function runWriter(
  directory: string,
  first: number,
  whenToKill: (lines: LineReader) => Promise<void>,
): Promise<WriterRun> {
  const child = spawn(process.execPath, [script, directory, String(first)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let complaint = "";
  child.stderr.on("data", (text: Buffer) => {
    complaint += text.toString();
  });
  const closed = once(child, "close");
  const lines = new LineReader(child.stdout, closed);
  try {
    await whenToKill(lines);
  } finally {
    child.kill("SIGKILL");
    await closed;
  }
  if (child.signalCode !== "SIGKILL") throw new Error(`the writer ended by itself: ${complaint}`);
  const commits = lines.all.filter((line) => line.startsWith("committed "));
  const last = commits.at(-1)?.slice("committed ".length);
  return { last: last === undefined ? undefined : Number(last), lines: lines.all };
}

/** The lines of a writer, complete ones only. */
export class LineReader {
  readonly #lines: string[] = [];
  #rest = "";
  #isClosed = false;
  #wake: () => void = () => {};

  constructor(stream: NodeJS.ReadableStream, closed: Promise<unknown>) {
    stream.on("data", (text: Buffer) => {
      const parts = (this.#rest + text.toString()).split("\n");
      this.#rest = parts.pop() ?? "";
      this.#lines.push(...parts);
      this.#wake();
    });
    void closed.then(() => {
      this.#isClosed = true;
      this.#wake();
    });
  }

  get all(): readonly string[] {
    return this.#lines;
  }

  /** Waits for the next line, counted from now, that begins with a word; rejects when there will be none. */
  async next(word: string): Promise<string> {
    for (let i = this.#lines.length; ; ) {
      for (; i < this.#lines.length; i++)
        if (this.#lines[i]?.startsWith(word) === true) return this.#lines[i] as string;
      if (this.#isClosed) throw new Error(`the writer ended before it said "${word}"`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

/**
 * Reads the directory as it is, without repair. Everything up to commit number `last` must be there; what is beyond it may
 * be; and nothing else. Returns the number of samples.
 */
export async function checkCommits(directory: string, last: number): Promise<number> {
  const reader = await DbReader.open(directory);
  try {
    if (reader.blocksSetAside.length > 0) throw reader.blocksSetAside[0]?.error;
    const { series } = await reader.select({ matchers: [], minTime: 0, maxTime: 1e15 });
    const missing = expectedSamples(last);
    let count = 0;
    const into = new SampleBuffer();
    for (const one of series) {
      into.length = 0;
      one.read(into, 0, 1e15);
      for (const [timestamp, value] of into.pairs()) {
        const sample = describeSample(one.labels, timestamp, value);
        if (!missing.delete(sample) && !isLater(one.labels, timestamp, value, last))
          throw new Error(`${sample} was never committed, or is there twice`);
        count++;
      }
    }
    if (missing.size > 0)
      throw new Error(
        `of ${last + 1} commits ${missing.size} samples are lost: ${[...missing].slice(0, 3).join(", ")}`,
      );
    return count;
  } finally {
    reader.close();
  }
}

function expectedSamples(last: number): Set<string> {
  const expected = new Set<string>();
  for (let n = 0; n <= last; n++)
    for (const { labels, timestamp, value } of batch(n))
      expected.add(describeSample(Labels.from(labels), timestamp, value));
  return expected;
}

/** Whether a sample is of a commit that was made and not acknowledged any more. */
function isLater(labels: Labels, timestamp: number, value: number, last: number): boolean {
  const n = (timestamp - START_MS) / STEP_MS;
  if (n <= last) return false;
  const sample = describeSample(labels, timestamp, value);
  return batch(n).some(
    (one) => describeSample(Labels.from(one.labels), one.timestamp, one.value) === sample,
  );
}

function describeSample(labels: Labels, timestamp: number, value: number): string {
  return `${labels} ${timestamp} ${value}`;
}

/** Numbers from 0 to 1 that a seed determines. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A moment to kill a writer: after some commits, or within a compaction with its checkpoint. */
export function anyMoment(random: () => number): (lines: LineReader) => Promise<void> {
  return async (lines) => {
    if (random() < 0.5) {
      for (let commits = Math.floor(60 * random()); commits >= 0; commits--)
        await lines.next("committed");
    } else {
      await lines.next("compacting");
    }
    await sleep(30 * random());
  };
}
