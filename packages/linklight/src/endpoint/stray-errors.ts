import process from "node:process";
import { AssertionError, type Logger } from "@linklight/model";
import { throttleLog } from "@linklight/toolkit";
import { ExitCode } from "../failure.ts";

/**
 * Says in the log what is thrown where nobody can catch it: in a timer of a collector, in a promise that it
 * has forgotten. One collector's error is no reason to end the others; only a broken invariant of our own is.
 */
export function logStrayErrors(logger: Logger): void {
  const log = throttleLog((message, fields) => logger.error(message, fields));
  process.on("uncaughtException", (thrown: unknown) => {
    const err = thrown instanceof Error ? thrown : new Error(String(thrown));
    if (err instanceof AssertionError) {
      logger.error("a bug of linklight; it cannot go on", { err });
      process.exit(ExitCode.FAILED);
    }
    log("an error outside of a collection, such as in a timer of a collector", { err });
  });
}
