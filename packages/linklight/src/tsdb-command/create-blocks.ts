import { join } from "node:path";
import process from "node:process";
import { Labels } from "@linklight/model";
import { AppendError, Block, BlockBuilder, type BlockMeta, PageCache } from "@linklight/tsdb";
import { CommandFailure } from "../failure.ts";
import { userPath } from "../user-path.ts";
import { blockTable } from "./block-table.ts";
import { type FileSample, openMetricsSamples } from "./openmetrics-file.ts";
import { workBar } from "./work-bar.ts";

const RANGE_MS = 2 * 3_600_000;
/** Samples that one reading of the file takes into memory: some 200 MB. */
const SAMPLES_AT_ONCE = 50_000_000;

/** The flags of `tsdb create-blocks-from openmetrics`. */
export interface CreateFlags {
  readonly humanReadable?: boolean;
  readonly quiet?: boolean;
  readonly label?: readonly string[];
}

/**
 * Makes blocks of the samples of an OpenMetrics file. It is read once to see which times it has, and then once for
 * as many ranges of time as fit into memory.
 */
export async function createBlocks(
  file: string,
  output: string,
  flags: CreateFlags,
): Promise<void> {
  const path = userPath(file);
  const directory = userPath(output);
  const extra = readLabels(flags.label ?? []);
  const bar = await workBar();
  try {
    const counts = new Map<number, number>();
    for await (const { timestamp } of openMetricsSamples(path, (done, of) =>
      bar.update("reading", done / of),
    ))
      counts.set(rangeOf(timestamp), (counts.get(rangeOf(timestamp)) ?? 0) + 1);
    if (counts.size === 0) throw new CommandFailure(`${path}: holds no sample`);
    const metas: BlockMeta[] = [];
    for (const ranges of batches(counts)) {
      const builder = new BlockBuilder(directory, RANGE_MS);
      for await (const sample of openMetricsSamples(path, (done, of) =>
        bar.update("blocks", done / of),
      ))
        if (ranges.has(rangeOf(sample.timestamp))) add(builder, sample, extra, path);
      metas.push(...(await builder.finish()));
    }
    bar.stop();
    if (flags.quiet !== true)
      process.stdout.write(
        blockTable(await listed(directory, metas), flags.humanReadable === true),
      );
  } finally {
    bar.stop();
  }
}

function rangeOf(timestamp: number): number {
  return Math.floor(timestamp / RANGE_MS);
}

/** Ranges in their order, as many at once as fit into memory, but at least one. */
function* batches(counts: ReadonlyMap<number, number>): Generator<ReadonlySet<number>> {
  let batch = new Set<number>();
  let samples = 0;
  for (const [range, count] of [...counts].sort(([a], [b]) => a - b)) {
    if (batch.size > 0 && samples + count > SAMPLES_AT_ONCE) {
      yield batch;
      batch = new Set();
      samples = 0;
    }
    batch.add(range);
    samples += count;
  }
  yield batch;
}

function add(builder: BlockBuilder, sample: FileSample, extra: Labels, path: string): void {
  const labels = extra.size === 0 ? sample.labels : sample.labels.merge(extra);
  try {
    builder.add(labels, sample.timestamp, sample.value);
  } catch (cause) {
    if (!(cause instanceof AppendError || cause instanceof RangeError)) throw cause;
    throw new CommandFailure(
      `${path}: ${labels} at ${sample.timestamp} ms: ${cause.message}`,
      undefined,
      { cause },
    );
  }
}

function readLabels(pairs: readonly string[]): Labels {
  return Labels.from(
    pairs.map((pair): [string, string] => {
      const at = pair.indexOf("=");
      if (at <= 0) throw new CommandFailure(`--label ${pair}: expected name=value`, 2);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

async function listed(
  directory: string,
  metas: readonly BlockMeta[],
): Promise<{ meta: BlockMeta; size: number }[]> {
  const cache = new PageCache();
  const rows: { meta: BlockMeta; size: number }[] = [];
  for (const meta of metas) {
    const block = await Block.open(join(directory, meta.ulid), cache);
    rows.push({ meta, size: block.size });
    block.close();
  }
  return rows;
}
