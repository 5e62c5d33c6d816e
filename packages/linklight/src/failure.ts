/** What a command ends with (docs/reference/cli.md). */
export const ExitCode = {
  OK: 0,
  /** The input is wrong, or a check failed. */
  FAILED: 1,
  /** The command line is wrong. */
  USAGE: 2,
  /** The input is right, and something in it should be better. */
  LINT: 3,
  /** Ended by SIGINT or SIGTERM before it was done: 128 and the number of the signal, as shells expect. */
  INTERRUPTED: 130,
  TERMINATED: 143,
} as const;

/** One of the values of {@link ExitCode}. */
export type ExitCodeValue = (typeof ExitCode)[keyof typeof ExitCode];

/** Ends a command with a message for the user. The message says what failed, where, and what to do. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
  readonly code = "LINKLIGHT_COMMAND";
  readonly exitCode: ExitCodeValue;

  constructor(message: string, exitCode: ExitCodeValue = ExitCode.FAILED, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/**
 * The message for an error that ends the program: of an error that was made for users (it has a code of
 * ours) what it says; of any other, which is our bug, also where it came from.
 */
export function explainFailure(error: unknown, stacks: boolean): string {
  if (!(error instanceof Error)) return `unexpected: ${String(error)}`;
  if (stacks) return stacksOf(error);
  if (isForUsers(error)) return withFrame(error);
  return `${error.message} (unexpected; --log.level=debug shows where)`;
}

/** The stack trace, and those of what caused it: that is where the user's own code stands. */
function stacksOf(error: Error): string {
  const parts = [error.stack ?? error.message];
  // Causes can go round.
  for (let { cause } = error; cause instanceof Error && parts.length < 5; { cause } = cause) {
    parts.push(cause.stack ?? cause.message);
  }
  return parts.join("\ncaused by: ");
}

function isForUsers(error: Error): boolean {
  const { code } = error as { readonly code?: unknown };
  return typeof code === "string" && code.startsWith("LINKLIGHT_");
}

/** The message, and below it the line of the input that it is about, where the error has one. */
function withFrame(error: Error): string {
  const { frame } = error as { readonly frame?: unknown };
  return typeof frame === "string" && frame !== "" ? `${error.message}\n${frame}` : error.message;
}
