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
  const { logger, timeoutMs = 2000, process: source = process } = options;
  let stopping = false;

  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) {
      source.exit(128 + constants.signals[signal]);
      return;
    }
    stopping = true;
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
