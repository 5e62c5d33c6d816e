import { setImmediate as nextTurn } from "node:timers/promises";
import { historyNames } from "@linklight/exposition";
import { type Labels, METRIC_NAME } from "@linklight/model";
import type { MomentGrid, SeriesSource } from "@linklight/simulator";
import { BlockBuilder } from "@linklight/tsdb";
import { workBar } from "../tsdb-command/work-bar.ts";

/** What a block holds. */
const RANGE_MS = 2 * 3_600_000;
/** Samples that are in memory at a time: some 100 MB, when two hours are not more. */
const SAMPLES_AT_ONCE = 20_000_000;
/** Moments that a series is asked for in one go. */
const WINDOW = 1024;

/** What was written. */
export interface WrittenBlocks {
  readonly samples: number;
  readonly blocks: number;
}

/**
 * Writes a history as blocks of two hours into the directory of a database. `open` gives the history of a part of the
 * grid: parts are opened one after the other, as long as fits into memory, since a history goes series by series. Ended by
 * the signal, complete blocks stay.
 */
export async function writeBlocks(
  open: (grid: MomentGrid) => SeriesSource,
  grid: MomentGrid,
  directory: string,
  signal: AbortSignal,
): Promise<WrittenBlocks> {
  const bar = await workBar();
  let samples = 0;
  let blocks = 0;
  try {
    for (let first = 0; first < grid.count; ) {
      const part = nextPart(open, grid, first);
      const builder = new BlockBuilder(directory, RANGE_MS);
      samples += await addAll(part, builder, (done) => {
        signal.throwIfAborted();
        bar.update("blocks", (first + done * part.grid.count) / grid.count);
      });
      blocks += (await builder.finish()).length;
      first += part.grid.count;
    }
    return { samples, blocks };
  } finally {
    bar.stop();
  }
}

/** The history from a moment on, up to the end of a range: as many ranges as fit into memory, but at least one. */
function nextPart(
  open: (grid: MomentGrid) => SeriesSource,
  { fromMs, stepMs, count }: MomentGrid,
  first: number,
): SeriesSource {
  const startMs = fromMs + first * stepMs;
  const upTo = (ranges: number): number => {
    const endMs = (Math.floor(startMs / RANGE_MS) + ranges) * RANGE_MS;
    return Math.min(count - first, Math.ceil((endMs - startMs) / stepMs));
  };
  const one = open({ fromMs: startMs, stepMs, count: upTo(1) });
  const lines = one.families.reduce((most, { lines }) => Math.max(most, lines.length), 1);
  const ranges = Math.floor((SAMPLES_AT_ONCE * stepMs) / (one.size * lines * RANGE_MS));
  return ranges <= 1 ? one : open({ fromMs: startMs, stepMs, count: upTo(ranges) });
}

/** Adds all samples of a history; returns how many. */
async function addAll(
  { families, grid, ...source }: SeriesSource,
  builder: BlockBuilder,
  onTurn: (done: number) => void,
): Promise<number> {
  const { fromMs, stepMs, count } = grid;
  let added = 0;
  let done = 0;
  for (const [family, names] of historyNames(families)) {
    const values = new Float64Array(Math.min(count, WINDOW) * names.length);
    for (const series of family.series()) {
      if (series === undefined) {
        await nextTurn();
        onTurn(done / source.size);
        continue;
      }
      const labels = names.map(({ name, label, value = "" }) =>
        series.labels.merge({
          [METRIC_NAME]: name,
          ...(label !== undefined && { [label]: value }),
        }),
      );
      for (let from = 0; from < count; from += WINDOW) {
        const length = Math.min(WINDOW, count - from);
        series.fill(values, from, length);
        for (let line = 0; line < names.length; line++)
          for (let i = 0; i < length; i++) {
            const value = values[i * names.length + line] as number;
            // A gap: simulated switches have no NaN of their own.
            if (Number.isNaN(value)) continue;
            builder.add(labels[line] as Labels, fromMs + (from + i) * stepMs, value);
            added++;
          }
      }
      done++;
      if (done % 64 === 0) {
        await nextTurn();
        onTurn(done / source.size);
      }
    }
  }
  return added;
}
