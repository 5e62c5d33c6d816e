import type { Exemplar, Labels, MetricType, NativeHistogram } from "@linklight/model";

/** What an {@link EntryParser} stands on. Numbers, so that a scraper's loop compares integers. */
export const Entry = {
  /** Nothing follows. */
  END: 0,
  HELP: 1,
  TYPE: 2,
  UNIT: 3,
  COMMENT: 4,
  /** A series with a float. */
  SERIES: 5,
  /** A series with a native histogram (protobuf only). */
  HISTOGRAM: 6,
} as const;

/** One of the values of {@link Entry}. */
export type EntryKind = (typeof Entry)[keyof typeof Entry];

/**
 * Reads an exposition from bytes, one entry at a time, without making objects: call `next()` until it
 * returns `Entry.END`, and read the fields that belong to the kind it returned before calling it again.
 *
 * As Prometheus' own scraper it judges each entry by itself and not the order of entries: repeated
 * HELP lines or scattered families pass. `parseFamilies` is the strict view on top.
 *
 * ```
 * bytes   … \n http_requests_total{code="200"} 1027 1395066363000 # {trace_id="a"} 1 \n …
 *              ^seriesStart                  ^seriesEnd
 * ```
 */
export interface EntryParser {
  /** Moves to the next entry. Throws ExpositionError (line, column, what was expected) on malformed input. */
  next(): EntryKind;
  /**
   * What `seriesStart` and `seriesEnd` index: the input itself for text formats; for protobuf a
   * scratch area that holds the series as text and is overwritten by the next entry.
   */
  readonly bytes: Uint8Array;
  /** Series: where its name and labels stand, exactly as sent: the key of a scraper's cache. */
  readonly seriesStart: number;
  readonly seriesEnd: number;
  /** Series: its value. */
  readonly value: number;
  /** Series and histogram: milliseconds since 1970, meaningful only when `hasTimestamp`. */
  readonly timestamp: number;
  readonly hasTimestamp: boolean;
  /** The line the entry stands on, from 1; for protobuf the number of the message. */
  readonly line: number;

  /**
   * Series and histogram: its label set with `__name__`. Decodes anew at each call. Throws ExpositionError
   * when a label name occurs twice.
   */
  labels(): Labels;
  /** Series and histogram: its exemplars, none to many. */
  exemplars(): readonly Exemplar[];
  /** Series and histogram: when it began at zero, in milliseconds, where the format says so beside the sample (protobuf). */
  createdTimestamp(): number | undefined;
  /** Histogram: the native histogram. */
  histogram(): NativeHistogram;
  /** HELP, TYPE, UNIT: the metric family name, unescaped. */
  metricName(): string;
  /** HELP: the text, unescaped. UNIT: the unit. COMMENT: the text after `#`. */
  text(): string;
  /** TYPE: the metric type. */
  metricType(): MetricType;
}

/** The exposition formats this package writes and reads. */
export type ExpositionFormat = "text-0.0.4" | "text-1.0.0" | "openmetrics-1.0.0" | "protobuf";

/**
 * Which promise of the format an {@link ExpositionError} is about, for programs that treat some of them
 * milder than others: `syntax` is about one line by itself (all that an {@link EntryParser} throws);
 * `repeated-help`, `repeated-type`, `late-type`, `interleaved` and `duplicate-series` are about the order of
 * lines, which Prometheus' scraper does not judge; `family` is about what the type of a family asks for.
 */
export type ExpositionRule =
  | "syntax"
  | "repeated-help"
  | "repeated-type"
  | "late-type"
  | "interleaved"
  | "duplicate-series"
  | "family";

/** A malformed exposition: what, and where. */
export class ExpositionError extends Error {
  override readonly name = "ExpositionError";
  readonly code = "LINKLIGHT_EXPOSITION";
  /** From 1; for protobuf the number of the message. */
  readonly line: number;
  /** From 1, in bytes; for protobuf the offset in the input. */
  readonly column: number;
  /** What is wrong, without the position. */
  readonly problem: string;
  readonly rule: ExpositionRule;

  constructor(
    problem: string,
    line: number,
    column: number,
    options?: ErrorOptions & { readonly rule?: ExpositionRule },
  ) {
    super(`${line}:${column}: ${problem}`, options);
    this.rule = options?.rule ?? "syntax";
    this.problem = problem;
    this.line = line;
    this.column = column;
  }
}
