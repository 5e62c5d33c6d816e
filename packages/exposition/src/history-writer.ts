import { Labels, type MetricFamilyInfo } from "@linklight/model";
import { layout } from "./layout.ts";
import { MAX_NUMBER_BYTES, NumberStyle, writeDigits, writeNumber } from "./number.ts";
import type { Line } from "./table.ts";
import { writeSeconds } from "./timestamp.ts";
import { Block } from "./write/block.ts";
import type { Latin1Buffer } from "./write/latin1.ts";
import { metadata, sampleOptions, shownFamilies } from "./write/openmetrics-write.ts";
import { type Head, PrefixRenderer } from "./write/prefix.ts";
import { lineHeads } from "./write/run.ts";

/** The moments of a history: from + i·step for i = 0 … count − 1, in whole milliseconds since 1970. */
export interface HistoryGrid {
  readonly fromMs: number;
  readonly stepMs: number;
  readonly count: number;
}

/** A family whose series have samples at many moments. */
export interface HistoryFamily extends MetricFamilyInfo {
  /** What each series prints at each moment, as in a table's part. */
  readonly lines: readonly Line[];
  /**
   * Asked for once, when the family's turn has come; each series is done with before the next one is asked
   * for. `undefined` stands for a series that is not ready yet: the event loop should turn.
   */
  series(): Iterable<HistorySeries | undefined>;
}

/** A series of a {@link HistoryFamily}. */
export interface HistorySeries {
  readonly labels: Labels;
  /**
   * Writes the values of `count` moments from the `first` on, as `values[i * lines.length + line]`; NaN where
   * there is no sample. The others must be sound for the type of the family: no count below zero.
   */
  fill(values: Float64Array, first: number, count: number): void;
}

/** How one line of a family's series is called in OpenMetrics: its metric name, and the label beside the series' own. */
export interface SampleName {
  readonly name: string;
  readonly label?: string;
  readonly value?: string;
}

/**
 * The families of a history with the names of their lines, as a {@link HistoryWriter} writes them: for those who store
 * the samples instead of writing a page. Throws ExpositionError as it does.
 */
export function* historyNames<F extends HistoryFamily>(
  families: readonly F[],
): Generator<readonly [family: F, names: readonly SampleName[]]> {
  for (const [family, shown] of shownFamilies(families, LAYOUT))
    yield [family, lineHeads(family.lines, sampleOptions(shown, family.lines, LAYOUT))];
}

/** Settings of a {@link HistoryWriter}. */
export interface HistoryWriterOptions {
  /** The size of a new block in bytes, 64 KiB by default. */
  readonly blockSize?: number;
  /** How many moments a series is asked for in one go, 4,096 by default. */
  readonly windowSize?: number;
}

const LAYOUT = layout("openmetrics-1.0.0");
const BLOCK_SIZE = 65_536;
const WINDOW_SIZE = 4096;

// Behind a prefix stand a number, a timestamp with a space before it, and a line feed.
const SAMPLE_ROOM: number = 2 * MAX_NUMBER_BYTES + 2;

/** A piece that says: end this block. */
const PAUSE = "";

const NO_BYTES = new Uint8Array(0);

const LINE_FEED = 0x0a;
const SPACE = 0x20;

/** Some moments of one series. */
interface Window {
  /** One for each line, in latin1 form. */
  readonly prefixes: readonly string[];
  readonly values: Float64Array;
  /** How many of the values count. */
  readonly size: number;
  /** The moment of the first value. */
  readonly fromMs: number;
}

/**
 * Writes a history as OpenMetrics 1.0, a block at a time: family by family, series by series, time
 * ascending. It asks for no value before its turn, so whoever takes the blocks sets the pace; memory holds
 * one window and one block, however long the history is.
 */
export class HistoryWriter {
  readonly #grid: HistoryGrid;
  readonly #windowSize: number;
  readonly #block: Block;
  readonly #pieces: Iterator<string | Window>;
  #piece: string | Window | undefined;
  /** The next value of the current window. */
  #at = 0;
  #samples = 0;
  #series = 0;

  constructor(
    families: readonly HistoryFamily[],
    grid: HistoryGrid,
    { blockSize = BLOCK_SIZE, windowSize = WINDOW_SIZE }: HistoryWriterOptions = {},
  ) {
    atLeast(0, { fromMs: grid.fromMs, count: grid.count });
    atLeast(1, { stepMs: grid.stepMs, blockSize, windowSize });
    this.#grid = grid;
    this.#windowSize = windowSize;
    this.#block = new Block(blockSize);
    this.#pieces = this.#all(families);
    this.#advance();
  }

  /** How many samples have been written. */
  get samples(): number {
    return this.#samples;
  }

  /** How many series have been written; those without samples do not count. */
  get series(): number {
    return this.#series;
  }

  /**
   * The next bytes, or undefined when the history is complete. They stand in `into` where it is given, so
   * that a few blocks can go round; in a new block otherwise, and for a single line longer than it. Less than
   * a block, perhaps no byte at all, where a series is not ready yet: let the event loop turn and ask again.
   */
  next(into?: Uint8Array): Uint8Array | undefined {
    if (this.#piece === undefined) return undefined;
    this.#block.open(into);
    while (this.#piece !== undefined && this.#write(this.#piece)) {
      const isPause = this.#piece === PAUSE;
      this.#advance();
      if (isPause) break;
    }
    return this.#block.take() ?? (this.#piece === undefined ? undefined : NO_BYTES);
  }

  *#all(families: readonly HistoryFamily[]): Generator<string | Window> {
    for (const [family, shown] of shownFamilies(families, LAYOUT)) {
      yield metadata(family, shown);
      yield* this.#windows(
        family,
        lineHeads(family.lines, sampleOptions(shown, family.lines, LAYOUT)),
      );
    }
    yield "# EOF\n";
  }

  *#windows(family: HistoryFamily, heads: readonly Head[]): Generator<typeof PAUSE | Window> {
    const { fromMs, stepMs, count } = this.#grid;
    const renderer = new PrefixRenderer(heads, LAYOUT, Labels.EMPTY);
    const values = new Float64Array(Math.min(count, this.#windowSize) * heads.length);
    for (const series of family.series()) {
      if (series === undefined) {
        yield PAUSE;
        continue;
      }
      const prefixes: string[] = [];
      renderer.render(series.labels, prefixes);
      const before = this.#samples;
      for (let first = 0; first < count; first += this.#windowSize) {
        const moments = Math.min(this.#windowSize, count - first);
        series.fill(values, first, moments);
        yield { prefixes, values, size: moments * heads.length, fromMs: fromMs + first * stepMs };
      }
      if (this.#samples > before) this.#series++;
    }
  }

  #advance(): void {
    const { done, value } = this.#pieces.next();
    this.#piece = done === true ? undefined : value;
    this.#at = 0;
  }

  /** Writes of a piece what fits into the block; false when something is left of it. */
  #write(piece: string | Window): boolean {
    return typeof piece === "string" ? this.#block.writeText(piece) : this.#writeWindow(piece);
  }

  /** The hot loop: a prefix, a number, a time. Lines go round within each moment, since a metric's points stand together. */
  #writeWindow({ prefixes, values, size, fromMs }: Window): boolean {
    const lines = prefixes.length;
    const { stepMs } = this.#grid;
    const block = this.#block;
    let { bytes, at } = block;
    let i = this.#at;
    let line = i % lines;
    let timeMs = fromMs + ((i - line) / lines) * stepMs;
    for (; i < size; i++) {
      const value = values[i] as number;
      if (!Number.isNaN(value)) {
        const prefix = prefixes[line] as string;
        if (at + prefix.length + SAMPLE_ROOM > bytes.length) {
          block.at = at;
          if (!block.makeRoom(prefix.length + SAMPLE_ROOM)) break;
          bytes = block.bytes;
        }
        at += bytes.latin1Write(prefix, at);
        at = writeNumber(bytes, at, value, NumberStyle.OPENMETRICS);
        bytes[at++] = SPACE;
        at = writeTime(bytes, at, timeMs);
        bytes[at++] = LINE_FEED;
        this.#samples++;
      }
      if (++line === lines) {
        line = 0;
        timeMs += stepMs;
      }
    }
    this.#at = i;
    block.at = at;
    return i >= size;
  }
}

/** Whole seconds, which most histories have, without digits behind the point: a thirtieth of the file. */
function writeTime(bytes: Latin1Buffer, at: number, milliseconds: number): number {
  const seconds = milliseconds / 1000;
  return Math.floor(seconds) === seconds
    ? writeDigits(bytes, at, seconds)
    : writeSeconds(bytes, at, milliseconds);
}

function atLeast(least: number, numbers: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (Number.isSafeInteger(value) && value >= least) continue;
    throw new RangeError(`history: ${name} must be a whole number, ${least} or more: ${value}`);
  }
}
