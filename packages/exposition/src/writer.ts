import type { MetricFamily } from "@linklight/model";
import type { Layout } from "./layout.ts";
import type { FamilyTable } from "./table.ts";
import { tabulate } from "./tabulate.ts";
import { openMetricsPieces } from "./write/openmetrics-write.ts";
import { PieceWriter } from "./write/piece-writer.ts";
import { ProtobufWriter } from "./write/protobuf-write.ts";
import { textPieces } from "./write/text-write.ts";

/** Settings of an {@link ExpositionWriter}. */
export interface WriterOptions {
  /** The size of a new block in bytes, 64 KiB by default. */
  readonly blockSize?: number;
}

interface Blocks {
  next(into?: Uint8Array): Uint8Array | undefined;
}

// One write to a socket: large enough that the call costs little beside its bytes, small enough that
// other work gets its turn between two.
const BLOCK_SIZE = 65_536;

/**
 * Writes families as an exposition, a block at a time, and does no work ahead of what is asked for:
 * whoever sends blocks lets the event loop turn between two calls of `next`. The tables must not change
 * meanwhile. What it renders of series is kept in their {@link SeriesList}, for the next writer.
 */
export class ExpositionWriter {
  readonly #blocks: Blocks;

  constructor(tables: readonly FamilyTable[], layout: Layout, options: WriterOptions = {}) {
    const { blockSize = BLOCK_SIZE } = options;
    if (!Number.isInteger(blockSize) || blockSize < 1) {
      throw new RangeError(`block size must be a whole number of bytes, 1 or more: ${blockSize}`);
    }
    this.#blocks = blocksOf(tables, layout, blockSize);
  }

  /**
   * The next bytes, or undefined when the exposition is complete. They stand in `into` where it is given, so
   * that a sender's few blocks can go round; in a new block otherwise, and for a single line longer than it.
   * No bytes at all mean that more work is to be done before there are some, and that others may have a turn.
   */
  next(into?: Uint8Array): Uint8Array | undefined {
    return this.#blocks.next(into);
  }
}

function blocksOf(tables: readonly FamilyTable[], layout: Layout, blockSize: number): Blocks {
  switch (layout.format) {
    case "text-0.0.4":
    case "text-1.0.0":
      return new PieceWriter(textPieces(tables, layout), blockSize);
    case "openmetrics-1.0.0":
      return new PieceWriter(openMetricsPieces(tables, layout), blockSize);
    case "protobuf":
      return new ProtobufWriter(tables, layout, blockSize);
  }
}

/** Families as an exposition, in one piece. For tests and small amounts: a handler streams with {@link ExpositionWriter}. */
export function writeFamilies(families: Iterable<MetricFamily>, layout: Layout): Uint8Array {
  const writer = new ExpositionWriter([...families].map(tabulate), layout);
  const blocks: Uint8Array[] = [];
  for (let block = writer.next(); block !== undefined; block = writer.next()) blocks.push(block);
  return Buffer.concat(blocks);
}
