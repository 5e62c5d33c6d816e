import { constants } from "node:os";
import process from "node:process";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Something that a signal can end in good order. */
export interface Interruptible {
  /** Aborts at the first SIGINT or SIGTERM, with the name of the signal as its reason. */
  readonly signal: AbortSignal;
  /** Gives signals back to whoever had them. */
  release(): void;
}

/**
 * Takes SIGINT and SIGTERM: the first one asks for an orderly end, a second one ends the process at once, with
 * 128 + its number as shells expect.
 */
export function interruptible(): Interruptible {
  const controller = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(128 + constants.signals[signal]);
    controller.abort(signal);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return {
    signal: controller.signal,
    release() {
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
}
