import { isUtf8 } from "node:buffer";
import { type Exemplar, METRIC_TYPES, type MetricType } from "@linklight/model";
import { Entry, type EntryKind } from "../entry-parser.ts";
import { BRACE_OPEN, CHARACTERS, HASH, METRIC_START, NEWLINE, QUOTE, SPACE } from "./characters.ts";
import { LabelOffsets, type LabelRules } from "./label-offsets.ts";
import { LineParser } from "./line-parser.ts";
import { parseNumber } from "./number-parse.ts";
import { secondsToMilliseconds, secondsToWholeMilliseconds } from "./seconds.ts";
import { unescapeQuoted } from "./unescape.ts";

const LENIENT: LabelRules = {
  blanks: false,
  looseCommas: false,
  trailingComma: true,
  lineFeeds: false,
  looseEscapes: true,
  metricName: true,
};
const STRICT: LabelRules = { ...LENIENT, trailingComma: false };

const KEYWORD_KINDS: ReadonlyMap<string, EntryKind> = new Map([
  ["HELP", Entry.HELP],
  ["TYPE", Entry.TYPE],
  ["UNIT", Entry.UNIT],
]);
const TYPES: ReadonlySet<string> = new Set(METRIC_TYPES);
const KEYWORD_LENGTH = 4;

/**
 * Reads OpenMetrics 1.0 text:
 *
 * ```
 * # TYPE http_requests counter
 * # HELP http_requests Requests.
 * http_requests_total{code="200"} 1027 1395066363.000 # {trace_id="a"} 0.67 1395066362.9
 * # EOF
 * ```
 * One blank, and nothing else, stands between the parts of a line; the end is marked; names may be in
 * quotes, as Prometheus 3 sends and accepts them. `strict` refuses a comma after the last label, which
 * Prometheus' scraper lets pass and the specification does not have.
 *
 * Timestamps are seconds on the wire and milliseconds in `timestamp`; what is below a millisecond is cut.
 */
export class OpenMetricsParser extends LineParser {
  /** Series: the timestamp as it was sent, in seconds; meaningful only when `hasTimestamp`. */
  timestampSeconds = 0;

  readonly #rules: LabelRules;
  readonly #exemplarRules: LabelRules;
  readonly #exemplarLabels = new LabelOffsets();
  #hasExemplar = false;
  #exemplarStart = 0;
  #exemplarValue = 0;
  /** Seconds; NaN for none. */
  #exemplarTimestamp = Number.NaN;
  #scanned = 0;

  constructor(bytes: Uint8Array, strict = false) {
    super(bytes);
    this.#rules = strict ? STRICT : LENIENT;
    this.#exemplarRules = { ...this.#rules, metricName: false };
  }

  next(): EntryKind {
    const { bytes } = this;
    const start = this.position;
    this.line = this.nextLine;
    // A finished or failed last line leaves the position past the end.
    if (start > bytes.length) return this.finish();
    if (start === bytes.length) this.fail('"# EOF" as the last line', start);
    const byte = bytes[start] as number;
    if (((CHARACTERS[byte] as number) & METRIC_START) !== 0 || byte === BRACE_OPEN)
      return this.#series(start);
    if (byte !== HASH)
      this.fail('a metric name, "{", "# HELP", "# TYPE", "# UNIT" or "# EOF"', start);
    return this.#metadata(start);
  }

  override exemplars(): readonly Exemplar[] {
    if (!this.#hasExemplar) return [];
    const labels = this.labelsOf(this.decodeLabels(this.#exemplarLabels), this.#exemplarStart);
    const seconds = this.#exemplarTimestamp;
    return [
      {
        labels,
        value: this.#exemplarValue,
        ...(!Number.isNaN(seconds) && { timestamp: secondsToMilliseconds(seconds) }),
      },
    ];
  }

  text(): string {
    return unescapeQuoted(this.bytes.toString("utf8", this.textStart, this.textEnd));
  }

  /** `sample = metricname [labels] SP number [SP timestamp] [SP "#" SP exemplar] LF` */
  #series(start: number): EntryKind {
    const { bytes } = this;
    let i = this.beginSeries(start);
    if (i < bytes.length && bytes[i] === BRACE_OPEN)
      i = this.scanLabels(i + 1, this.seriesLabels, this.#rules);
    if (this.nameStart < 0)
      this.failWith(
        "the series has no metric name: expected it before or, in quotes, between the braces",
        start,
        i,
      );
    this.seriesEnd = i;
    this.value = this.#number(i, "the value of the series");
    i = this.#scanned;
    this.hasTimestamp = this.#goesOn(i) && bytes[i + 1] !== HASH;
    if (this.hasTimestamp) {
      const seconds = this.#timestamp(i);
      this.timestampSeconds = seconds;
      this.timestamp = secondsToWholeMilliseconds(seconds);
      i = this.#scanned;
    }
    this.#hasExemplar = this.#goesOn(i);
    if (this.#hasExemplar) i = this.#exemplar(i);
    return this.#endLine(i, Entry.SERIES);
  }

  /** `exemplar = SP "#" SP labels SP number [SP timestamp]`, from its first blank. */
  #exemplar(start: number): number {
    const { bytes } = this;
    if (bytes[start] !== SPACE || bytes[start + 1] !== HASH)
      this.fail('" # {" before an exemplar, or the end of the line', start);
    if (bytes[start + 2] !== SPACE) this.fail('a blank after "#"', start + 2);
    if (bytes[start + 3] !== BRACE_OPEN)
      this.fail('"{" before the labels of an exemplar', start + 3);
    this.#exemplarStart = start + 3;
    const end = this.scanLabels(start + 4, this.#exemplarLabels, this.#exemplarRules);
    this.#exemplarValue = this.#number(end, "the value of the exemplar");
    this.#exemplarTimestamp = Number.NaN;
    if (this.#goesOn(this.#scanned)) this.#exemplarTimestamp = this.#timestamp(this.#scanned);
    return this.#scanned;
  }

  /** `SP number`: leaves its end in `#scanned`. */
  #number(start: number, what: string): number {
    const { bytes } = this;
    if (bytes[start] !== SPACE) this.fail(`one blank and a number as ${what}`, start);
    let end = start + 1;
    while (end < bytes.length && bytes[end] !== SPACE && bytes[end] !== NEWLINE) end++;
    const value = parseNumber(bytes, start + 1, end);
    if (value === undefined) this.fail(`a number as ${what}`, start + 1);
    this.#scanned = end;
    return value;
  }

  #timestamp(start: number): number {
    const seconds = this.#number(start, "the timestamp in seconds");
    if (!Number.isFinite(seconds)) this.fail("a timestamp in seconds", start + 1);
    return seconds;
  }

  /** `"#" SP ("HELP" / "TYPE" / "UNIT") SP metricname SP text LF`, or `"# EOF" [LF]` at the very end. */
  #metadata(start: number): EntryKind {
    const { bytes } = this;
    const wordStart = start + 2;
    const wordEnd = Math.min(wordStart + KEYWORD_LENGTH, bytes.length);
    const word = bytes.toString("latin1", wordStart, wordEnd);
    if (bytes[start + 1] === SPACE && word.startsWith("EOF"))
      return this.#endOfInput(wordStart + 3);
    const kind = KEYWORD_KINDS.get(word);
    if (kind === undefined || bytes[start + 1] !== SPACE || bytes[wordEnd] !== SPACE)
      this.fail('"# HELP ", "# TYPE ", "# UNIT " or "# EOF" (there are no comments)', start);
    this.#familyName(wordEnd + 1, word);
    this.#checkText(kind);
    return this.#endLine(this.textEnd, kind);
  }

  #familyName(start: number, keyword: string): void {
    const { bytes } = this;
    const quoted = bytes[start] === QUOTE;
    const end = quoted ? this.scanQuoted(start, this.#rules) : this.skipMetricName(start);
    const first = CHARACTERS[bytes[start] ?? 0] as number;
    if (end === start || (!quoted && (first & METRIC_START) === 0))
      this.fail(`a metric name after ${keyword}`, start);
    this.nameStart = quoted ? start + 1 : start;
    this.nameEnd = quoted ? end - 1 : end;
    if (bytes[end] !== SPACE) this.fail("one blank after the metric name", end);
    this.textStart = end + 1;
    this.textEnd = this.lineEnd(end);
  }

  #checkText(kind: EntryKind): void {
    const { bytes, textStart, textEnd } = this;
    if (kind === Entry.TYPE) {
      const word = bytes.toString("latin1", textStart, textEnd);
      if (!TYPES.has(word)) this.fail(`one of ${METRIC_TYPES.join(", ")}`, textStart);
      this.type = word as MetricType;
    } else if (kind === Entry.HELP) {
      if (!isUtf8(bytes.subarray(textStart, textEnd)))
        this.failWith("the help text is not valid UTF-8", textStart);
    } else if (textEnd > textStart) {
      const unit = bytes.toString("utf8", textStart, textEnd);
      if (!this.metricName().endsWith(`_${unit}`))
        this.failWith(
          `the unit ${JSON.stringify(unit)} must end the metric name ${this.metricName()}, after an underscore`,
          textStart,
        );
    }
  }

  #endOfInput(i: number): EntryKind {
    const { bytes } = this;
    const end = bytes[i] === NEWLINE ? i + 1 : i;
    if (end < bytes.length) this.fail('nothing after "# EOF"', end);
    this.position = bytes.length + 1;
    return this.finish();
  }

  /** Whether the line goes on at `i`. It may end there, but the input may not. */
  #goesOn(i: number): boolean {
    if (i >= this.bytes.length) this.fail('the end of the line, and "# EOF" as the last line', i);
    return this.bytes[i] !== NEWLINE;
  }

  #endLine(i: number, kind: EntryKind): EntryKind {
    if (this.#goesOn(i)) this.fail("the end of the line", i);
    this.position = i + 1;
    this.nextLine++;
    return kind;
  }
}
