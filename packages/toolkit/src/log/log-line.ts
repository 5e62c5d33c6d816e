import type { LogLevel } from "@linklight/model";

/** Every log format, the default first: what `--log.format` takes. */
export const LOG_FORMATS = ["console", "logfmt", "json"] as const;

/**
 * How a log line is written. `console` is the line of Python's logging with a local time;
 * `logfmt` and `json` are those of Prometheus' own programs, in UTC.
 */
export type LogFormat = (typeof LOG_FORMATS)[number];

/** One thing to log, before it is written as a line. */
export interface LogRecord {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly level: LogLevel;
  readonly scope?: string | undefined;
  readonly msg: string;
  /** JSON values: what is no JSON was made a string before. */
  readonly fields?: Readonly<Record<string, unknown>> | undefined;
  /** Stack traces to show below the line, when they were asked for. */
  readonly stacks?: readonly string[] | undefined;
}

/** Writes a record as a line that ends in a newline and, but for indented stack traces, holds no other. */
export function formatLogLine(format: LogFormat, record: LogRecord): string {
  switch (format) {
    case "console":
      return consoleLine(record);
    case "logfmt":
      return logfmtLine(record);
    case "json":
      return jsonLine(record);
  }
}

// The words of Python's logging, as the original prints them.
const CONSOLE_LEVEL: Record<LogLevel, string> = {
  debug: "DEBUG",
  info: "INFO",
  warn: "WARNING",
  error: "ERROR",
};

// The words of Go's slog, as Prometheus prints them.
const SLOG_LEVEL: Record<LogLevel, string> = {
  debug: "DEBUG",
  info: "INFO",
  warn: "WARN",
  error: "ERROR",
};

function consoleLine({ time, level, scope, msg, fields, stacks }: LogRecord): string {
  const head = `[${localTime(new Date(time))}] [${CONSOLE_LEVEL[level].padStart(8)}]`;
  const text = scope === undefined ? escapeControls(msg) : escapeControls(`${scope}: ${msg}`);
  let line = `${head} ${text}${logfmtFields(withoutRepetition(msg, fields))}\n`;
  // Each stack line is indented, so that text inside an error message cannot pass for a log line.
  for (const stack of stacks ?? []) {
    for (const frame of stack.split(/[\n\r\u2028\u2029]/)) line += `    ${escapeControls(frame)}\n`;
  }
  return line;
}

/** A person need not read an error twice: `err` is left out where the message quotes it. */
function withoutRepetition(msg: string, fields: LogRecord["fields"] = {}): LogRecord["fields"] {
  const { err, ...others } = fields;
  return typeof err === "string" && msg.includes(err) ? others : fields;
}

function logfmtLine({ time, level, scope, msg, fields, stacks }: LogRecord): string {
  const head = `time=${utcTime(time)} level=${SLOG_LEVEL[level]} msg=${logfmtValue(msg)}`;
  const component = scope === undefined ? "" : ` component=${logfmtValue(scope)}`;
  const stack = stacks?.length ? ` stack=${logfmtValue(stacks.join("\n"))}` : "";
  return `${head}${component}${logfmtFields(fields)}${stack}\n`;
}

function jsonLine({ time, level, scope, msg, fields, stacks }: LogRecord): string {
  const line: Record<string, unknown> = { time: utcTime(time), level: SLOG_LEVEL[level], msg };
  if (scope !== undefined) line["component"] = scope;
  for (const [key, value] of Object.entries(fields ?? {})) {
    // Our own keys win: a field of the same name is kept beside them, under another.
    line[Object.hasOwn(line, key) ? `${key}_` : key] = value;
  }
  if (stacks?.length) line["stack"] = stacks.join("\n");
  return `${JSON.stringify(line)}\n`;
}

function logfmtFields(fields: LogRecord["fields"]): string {
  let text = "";
  for (const [key, value] of Object.entries(fields ?? {})) {
    text += ` ${logfmtKey(key)}=${logfmtValue(typeof value === "string" ? value : JSON.stringify(value))}`;
  }
  return text;
}

function logfmtKey(key: string): string {
  return key === "" ? "_" : key.replace(/[\s="\p{C}]/gu, "_");
}

function logfmtValue(value: string): string {
  return value !== "" && !/[\s="\\\p{C}]/u.test(value)
    ? value
    : escapeControls(JSON.stringify(value));
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

// Controls, format characters (which reorder text on a terminal), line separators, lone surrogates:
// nothing that came from outside may move the cursor or begin a line of its own.
function escapeControls(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return SHORT_ESCAPES[character] ?? `\\u{${code.toString(16)}}`;
  });
}

function utcTime(time: number): string {
  return new Date(time).toISOString();
}

// 2022-07-15 17:12:24,054: the default of Python's logging.
function localTime(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${day} ${clock},${String(date.getMilliseconds()).padStart(3, "0")}`;
}
