import { isUtf8 } from "node:buffer";
import type { MetricType } from "@linklight/model";
import { Entry, type EntryKind } from "../entry-parser.ts";
import { BRACE_OPEN, CHARACTERS, HASH, METRIC_START, NEWLINE, SPACE, TAB } from "./characters.ts";
import type { LabelRules } from "./label-offsets.ts";
import { LineParser } from "./line-parser.ts";
import { parseInteger, parseNumber } from "./number-parse.ts";
import { unescapeHelp } from "./unescape.ts";

const TYPES: ReadonlyMap<string, MetricType> = new Map([
  ["counter", "counter"],
  ["gauge", "gauge"],
  ["histogram", "histogram"],
  ["summary", "summary"],
  ["untyped", "unknown"],
]);

const LENIENT: LabelRules = {
  blanks: true,
  looseCommas: true,
  trailingComma: true,
  lineFeeds: true,
  looseEscapes: true,
  metricName: true,
};
const STRICT: LabelRules = {
  ...LENIENT,
  looseCommas: false,
  lineFeeds: false,
  looseEscapes: false,
};

/**
 * Reads text 0.0.4 and text 1.0.0, which is the same with names in quotes:
 *
 * ```
 * # HELP http_requests_total Requests.
 * # TYPE http_requests_total counter
 * http_requests_total{code="200"} 1027 1395066363000
 * {"http.requests", "service.name"="a"} 3
 * ```
 * It is as lenient as Prometheus' own scraper: blanks and tabs where they do no harm, empty lines,
 * commas left out or left over, line feeds in quotes, HELP and TYPE as often as one likes. `strict` refuses
 * what the format's description does not have: missing commas, raw line feeds, unknown escapes, blanks after the
 * last number, a last line without line feed.
 *
 * It differs from Prometheus in three points: a NUL byte between lines is an error (there it ends the input
 * without a word), a timestamp may be negative, and blanks before a metric name do not become part of it.
 */
export class TextParser extends LineParser {
  readonly #strict: boolean;
  readonly #rules: LabelRules;
  #isHelp = false;

  constructor(bytes: Uint8Array, strict = false) {
    super(bytes);
    this.#strict = strict;
    this.#rules = strict ? STRICT : LENIENT;
  }

  next(): EntryKind {
    const { bytes } = this;
    for (;;) {
      this.line = this.nextLine;
      const i = this.skipBlanks(this.position);
      if (i >= bytes.length) return this.finish();
      const byte = bytes[i] as number;
      if (((CHARACTERS[byte] as number) & METRIC_START) !== 0 || byte === BRACE_OPEN)
        return this.#series(i);
      if (byte === HASH) return this.#comment(i);
      if (byte !== NEWLINE) this.fail('a metric name, "{", a comment or an empty line', i);
      this.nextLine++;
      this.position = i + 1;
    }
  }

  text(): string {
    const text = this.bytes.toString("utf8", this.textStart, this.textEnd);
    return this.#isHelp ? unescapeHelp(text) : text;
  }

  /** `name [labels] value [timestamp]`, with blanks between, or `{"name", …} value [timestamp]`. */
  #series(start: number): EntryKind {
    const { bytes } = this;
    let i = this.beginSeries(start);
    this.seriesEnd = i;
    i = this.skipBlanks(i);
    if (i < bytes.length && bytes[i] === BRACE_OPEN) {
      this.seriesEnd = this.scanLabels(i + 1, this.seriesLabels, this.#rules);
      i = this.skipBlanks(this.seriesEnd);
      if (this.nameStart < 0)
        this.failWith(
          "the series has no metric name: expected it before or, in quotes, between the braces",
          start,
          i,
        );
    }
    const valueEnd = this.#tokenEnd(i);
    const value = parseNumber(bytes, i, valueEnd);
    if (value === undefined) this.fail("a number as the value of the series", i);
    this.value = value;
    this.hasTimestamp = false;
    i = this.skipBlanks(valueEnd);
    if (!this.endsLine(i)) i = this.#timestamp(i);
    else if (this.#strict && i !== valueEnd)
      this.failWith("a blank stands after the value", valueEnd);
    return this.#endLine(i, Entry.SERIES);
  }

  #timestamp(start: number): number {
    const end = this.#tokenEnd(start);
    const timestamp = parseInteger(this.bytes, start, end);
    if (timestamp === undefined)
      this.fail("a timestamp in whole milliseconds or the end of the line", start);
    this.timestamp = timestamp;
    this.hasTimestamp = true;
    const i = this.skipBlanks(end);
    if (!this.endsLine(i)) this.fail("the end of the line after the timestamp", i);
    if (this.#strict && i !== end) this.failWith("a blank stands after the timestamp", end);
    return i;
  }

  /** The end of the word at `start`: a blank, a brace or the end of the line. */
  #tokenEnd(start: number): number {
    const { bytes } = this;
    let i = start;
    for (; i < bytes.length; i++) {
      const byte = bytes[i] as number;
      if (byte === SPACE || byte === NEWLINE || byte === TAB || byte === BRACE_OPEN) break;
    }
    return i;
  }

  /** `# HELP name text`, `# TYPE name type`, or any other text after `#`. */
  #comment(start: number): EntryKind {
    const keyword = this.skipBlanks(start + 1);
    const name = this.skipBlanks(keyword + 4);
    // A keyword counts only with blanks on both sides; everything else is a comment.
    const word =
      keyword > start + 1 && name > keyword + 4
        ? this.bytes.toString("latin1", keyword, keyword + 4)
        : "";
    if (word === "HELP") return this.#help(name);
    if (word === "TYPE") return this.#type(name);
    this.#isHelp = false;
    this.textStart = start + 1;
    this.textEnd = this.lineEnd(start);
    return this.#endLine(this.textEnd, Entry.COMMENT);
  }

  #help(start: number): EntryKind {
    this.#metadata(start, "HELP");
    if (!isUtf8(this.bytes.subarray(this.textStart, this.textEnd)))
      this.failWith("the help text is not valid UTF-8", this.textStart);
    if (this.#strict && hasUnknownEscape(this.bytes, this.textStart, this.textEnd))
      this.failWith(
        "the help text has a backslash before another character than \\ and n",
        this.textStart,
      );
    this.#isHelp = true;
    return this.#endLine(this.textEnd, Entry.HELP);
  }

  #type(start: number): EntryKind {
    this.#metadata(start, "TYPE");
    const word = this.bytes.toString("latin1", this.textStart, this.textEnd);
    const type = TYPES.get(word);
    if (type === undefined)
      this.fail(`one blank and then one of ${[...TYPES.keys()].join(", ")}`, this.textStart);
    this.type = type;
    return this.#endLine(this.textEnd, Entry.TYPE);
  }

  /** The metric family name, which may be in quotes, one separator, and the rest of the line. */
  #metadata(start: number, keyword: string): void {
    const { bytes } = this;
    if (bytes[start] === 0x22) {
      const end = this.scanQuoted(start, STRICT);
      this.nameStart = start + 1;
      this.nameEnd = end - 1;
      this.textStart = end;
    } else {
      this.nameStart = start;
      this.nameEnd = this.skipMetricName(start);
      this.textStart = this.nameEnd;
    }
    const first = CHARACTERS[bytes[this.nameStart] ?? 0] as number;
    if (
      this.nameStart === this.nameEnd ||
      (start === this.nameStart && (first & METRIC_START) === 0)
    )
      this.fail(`a metric name after ${keyword}`, start);
    if (
      this.#strict &&
      !this.endsLine(this.textStart) &&
      this.skipBlanks(this.textStart) === this.textStart
    )
      this.fail("a blank after the metric name", this.textStart);
    this.textEnd = this.lineEnd(this.textStart);
    // One separator, whatever it is, is not part of the text: so does Prometheus.
    if (this.textStart < this.textEnd) this.textStart++;
  }

  #endLine(i: number, kind: EntryKind): EntryKind {
    if (this.#strict && i >= this.bytes.length)
      this.failWith("the last line must end with a line feed", i);
    this.position = i + 1;
    this.nextLine++;
    return kind;
  }
}

/** Whether a backslash stands before another character than `\\`, `"` and `n`, or at the end. */
function hasUnknownEscape(bytes: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    if (bytes[i] !== 0x5c) continue;
    // Backslashes pair from the left.
    const next = ++i < end ? bytes[i] : undefined;
    if (next !== 0x5c && next !== 0x22 && next !== 0x6e) return true;
  }
  return false;
}
