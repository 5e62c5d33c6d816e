/** Severity of a log line, from chatty to grave. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** Values beside a log message. An Error under `err` is printed by its message, with its stack at level debug only. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where engines say what happens. Implemented by `toolkit`; a test passes its own. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger whose lines name another scope, such as `endpoint` or `registry`. */
  named(scope: string): Logger;
}
