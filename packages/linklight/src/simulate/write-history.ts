import { setImmediate as nextTurn } from "node:timers/promises";
import { type HistoryFamily, type HistoryGrid, HistoryWriter } from "@linklight/exposition";
import { type Output, ReaderGone } from "./output.ts";

/** What has been written of a history. */
export interface HistoryProgress {
  readonly samples: number;
  readonly series: number;
  readonly bytes: number;
}

/** What {@link writeHistory} may be told. */
export interface WriteHistoryOptions {
  /** Ends it between two blocks; nothing is left behind. */
  readonly signal?: AbortSignal;
  /** Called after each block. */
  readonly onProgress?: (progress: HistoryProgress) => void;
}

// Large enough that a write costs little beside its bytes, and two of them are all that is held.
const BLOCK_SIZE = 262_144;

/**
 * Writes a history as OpenMetrics to an output and finishes it. One block is filled while the other one is
 * being written; a slow disk sets the pace. When it fails or is told to stop, the output is abandoned and
 * the error, or the signal's reason, thrown. Undefined when nobody reads the output any more, which ends it too.
 */
export async function writeHistory(
  families: readonly HistoryFamily[],
  grid: HistoryGrid,
  output: Output,
  { signal, onProgress }: WriteHistoryOptions = {},
): Promise<HistoryProgress | undefined> {
  const writer = new HistoryWriter(families, grid);
  let bytes = 0;
  const progress = (): HistoryProgress => {
    const { samples, series } = writer;
    return { samples, series, bytes };
  };
  try {
    await pump(writer, output, (length) => {
      signal?.throwIfAborted();
      bytes += length;
      onProgress?.(progress());
    });
    await output.finish();
    return progress();
  } catch (error) {
    await output.abandon();
    if (error instanceof ReaderGone) return undefined;
    throw error;
  }
}

async function pump(
  writer: HistoryWriter,
  output: Output,
  onWritten: (length: number) => void,
): Promise<void> {
  let filling = Buffer.allocUnsafeSlow(BLOCK_SIZE);
  let other = Buffer.allocUnsafeSlow(BLOCK_SIZE);
  let writing = Promise.resolve();
  let length = 0;
  for (;;) {
    let block: Uint8Array | undefined;
    try {
      block = writer.next(filling);
    } finally {
      // Also where the model has failed: nothing may be closed under a write.
      await writing;
    }
    onWritten(length);
    if (block === undefined) return;
    length = block.length;
    if (length === 0) {
      // The model is still at work: signals and the bar get their turn.
      await nextTurn();
      continue;
    }
    writing = output.write(block);
    [filling, other] = [other, filling];
  }
}
