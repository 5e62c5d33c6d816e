import process from "node:process";
import type { HistoryProgress } from "./write-history.ts";

/** A bar that is drawn while a history is written. */
export interface ProgressBar {
  /** `done` is the part of all work that is done, 0 … 1. */
  update(done: number, progress: HistoryProgress): void;
  /** Takes the bar away. */
  stop(): void;
}

// More would only cost time: nobody reads faster.
const DRAWN_EVERY_MS = 100;

// The bar counts in whole numbers.
const PARTS = 10_000;

/** A progress bar on standard error, where that is a terminal; otherwise one that shows nothing. */
export async function progressBar(): Promise<ProgressBar> {
  if (!process.stderr.isTTY) return { update: () => undefined, stop: () => undefined };
  const { default: cliProgress } = await import("cli-progress");
  const bar = new cliProgress.SingleBar(
    {
      format: "{bar} {percentage}% | {samples} samples, {size} | {eta_formatted} left",
      stream: process.stderr,
      clearOnComplete: true,
      barsize: 24,
      // Signals are the command's own business; a second one ends it with the terminal as it is.
      gracefulExit: false,
      hideCursor: false,
      linewrap: true,
      etaBuffer: 50,
    },
    cliProgress.Presets.shades_classic,
  );
  bar.start(PARTS, 0, { samples: "0", size: "0.0 MB" });
  let drawnAt = 0;
  return {
    update(done, { samples, bytes }) {
      const now = performance.now();
      if (now - drawnAt < DRAWN_EVERY_MS) return;
      drawnAt = now;
      bar.update(Math.floor(done * PARTS), {
        samples: shownCount(samples),
        size: shownSize(bytes),
      });
    },
    stop: () => bar.stop(),
  };
}

/** A number with commas: `1,234,567`. */
export function shownCount(count: number): string {
  return count.toLocaleString("en-US");
}

/** Bytes as `0.4 MB`, `12 MB`, `3.1 GB`. */
export function shownSize(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}
