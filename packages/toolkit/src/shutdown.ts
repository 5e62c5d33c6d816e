import { constants } from "node:os";
import type { Logger } from "@linklight/model";

/** The part of `process` that shutdown needs; a test passes its own. */
export interface SignalSource {
  on(event: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  off(event: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  exit(code: number): void;
}

/** What {@link onShutdown} can be told. */
export interface ShutdownOptions {
  readonly logger: Logger;
  /** How long an orderly stop may take before the process ends anyway; 2000 by default. */
  readonly timeoutMs?: number;
  /**
   * For how long after the first SIGINT another one is taken for the same key press; 0 by default. On a
   * terminal Ctrl-C reaches the whole process group, and npm passes on to its child what it got itself.
   */
  readonly sameKeyPressMs?: number;
  readonly process?: SignalSource;
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Runs `stop` once at the first SIGINT or SIGTERM, then ends the process: with 0 when it stopped in
 * order, with 1 when `stop` failed or took longer than `timeoutMs`. A second signal ends the process
 * at once, with 128 + its number as shells expect. The returned function removes the listeners.
 */
export function onShutdown(
  stop: (signal: NodeJS.Signals) => Promise<void> | void,
  options: ShutdownOptions,
): () => void {
  const { logger, timeoutMs = 2000, sameKeyPressMs = 0, process: source = process } = options;
  let stopping = false;
  let samePressUntil = 0;

  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) {
      if (signal === "SIGINT" && performance.now() < samePressUntil) return;
      source.exit(128 + constants.signals[signal]);
      return;
    }
    stopping = true;
    if (signal === "SIGINT") samePressUntil = performance.now() + sameKeyPressMs;
    void orderlyStop(signal);
  };

  const orderlyStop = async (signal: NodeJS.Signals): Promise<void> => {
    logger.info(`received ${signal}, stopping`);
    const timer = setTimeout(() => {
      logger.warn(`not stopped after ${timeoutMs} ms, ending anyway`);
      source.exit(1);
    }, timeoutMs);
    try {
      await stop(signal);
      clearTimeout(timer);
      source.exit(0);
    } catch (err) {
      clearTimeout(timer);
      logger.error("the orderly stop failed", { err });
      source.exit(1);
    }
  };

  for (const signal of SIGNALS) source.on(signal, onSignal);
  return () => {
    for (const signal of SIGNALS) source.off(signal, onSignal);
  };
}
