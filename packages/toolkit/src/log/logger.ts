import type { LogFields, Logger, LogLevel } from "@linklight/model";
import { type Logger as PinoLogger, pino } from "pino";
import { formatLogLine, type LogFormat, type LogRecord } from "./log-line.ts";

/** Every log level, from chatty to grave: what `--log.level` takes. */
export const LOG_LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error"];

/** Where log lines go: standard error, a file stream, or a list in a test. */
export interface LogDestination {
  write(line: string): unknown;
}

/** What {@link createLogger} can be told. */
export interface LoggerOptions {
  /** The least grave level that is printed; `debug` by default, as in the original. */
  readonly level?: LogLevel | undefined;
  /** `console` by default. */
  readonly format?: LogFormat | undefined;
  /** Standard error by default: where Python's logging and Prometheus print. */
  readonly destination?: LogDestination | undefined;
  /** Names the part that speaks, such as `endpoint`. */
  readonly scope?: string | undefined;
  /** Shows stack traces of errors; only together with the level `debug`. */
  readonly stacks?: boolean | undefined;
  /** The clock, in milliseconds since the epoch. */
  readonly now?: (() => number) | undefined;
}

/**
 * Makes the logger of a program. In every format one call gives one line, whatever is in the message
 * and the fields: line breaks and control characters from outside are escaped.
 */
export function createLogger(options: LoggerOptions = {}): Logger {
  const { level = "debug", format = "console", scope, now = Date.now } = options;
  const destination = options.destination ?? standardError();
  const sink = {
    write(json: string): void {
      destination.write(formatLogLine(format, JSON.parse(json) as LogRecord));
    },
  };
  const root = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":${now()}`,
      formatters: { level: (label) => ({ level: label }) },
    },
    sink,
  );
  return new ScopedLogger(root, scope, (options.stacks ?? false) && level === "debug");
}

/** A logger that prints nothing: the default of parts that need none. */
export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  named: () => silentLogger,
};

class ScopedLogger implements Logger {
  readonly #pino: PinoLogger;
  readonly #scope: string | undefined;
  readonly #stacks: boolean;

  constructor(parent: PinoLogger, scope: string | undefined, stacks: boolean) {
    this.#pino = parent;
    this.#scope = scope;
    this.#stacks = stacks;
  }

  debug(message: string, fields?: LogFields): void {
    this.#write("debug", message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#write("info", message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#write("warn", message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#write("error", message, fields);
  }

  named(scope: string): Logger {
    return new ScopedLogger(this.#pino, scope, this.#stacks);
  }

  #write(level: LogLevel, message: string, fields: LogFields | undefined): void {
    if (!this.#pino.isLevelEnabled(level)) return;
    const stacks: string[] = [];
    const plain = fields && plainFields(fields, this.#stacks ? stacks : undefined);
    this.#pino[level]({ scope: this.#scope, msg: message, fields: plain, stacks });
  }
}

// What JSON cannot say is said as text; an error is its message, and its stack is set aside.
function plainFields(fields: LogFields, stacks: string[] | undefined): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    if (value instanceof Error) {
      plain[key] = value.message === "" ? value.name : value.message;
      if (value.stack !== undefined) stacks?.push(value.stack);
    } else if (typeof value === "object" && value !== null) {
      plain[key] = value;
    } else {
      plain[key] = plainScalar(value);
    }
  }
  return plain;
}

// Numbers that JSON lacks (NaN, Infinity, bigint), symbols and functions are shown by their names.
function plainScalar(value: unknown): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value : `${value}`;
  if (typeof value === "bigint") return `${value}`;
  if (typeof value === "symbol") return value.toString();
  if (typeof value === "function") return `function ${value.name}`;
  return value;
}

let guarded = false;

function standardError(): LogDestination {
  // Without a listener a reader that went away (`linklight 2>&1 | head`) would end the program by EPIPE.
  if (!guarded) process.stderr.on("error", () => {});
  guarded = true;
  return process.stderr;
}
