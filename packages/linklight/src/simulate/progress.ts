import process from "node:process";
import { formatDuration } from "@linklight/model";
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

/** Where a bar is drawn. */
export type ProgressStream = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** A progress bar on a stream, where that is a terminal; otherwise one that shows nothing. */
export async function progressBar(stream: ProgressStream = process.stderr): Promise<ProgressBar> {
  if (stream.isTTY !== true) return { update: () => undefined, stop: () => undefined };
  const { default: cliProgress } = await import("cli-progress");
  const bar = new cliProgress.SingleBar(
    {
      format: "{bar} {percentage}% | {samples} samples, {size} | {eta_formatted} left",
      stream,
      clearOnComplete: true,
      barsize: 24,
      // Signals are the command's own business; a second one ends it with the terminal as it is.
      gracefulExit: false,
      hideCursor: false,
      linewrap: true,
      etaBuffer: 50,
      formatTime: shownTime,
    },
    cliProgress.Presets.shades_classic,
  );
  bar.start(PARTS, 0, { samples: "0", size: shownSize(0) });
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

/** A number of seconds such as `1m30s`; `?` while nobody can tell, for which the bar has several words. */
export function shownTime(seconds: unknown): string {
  if (typeof seconds !== "number" || !Number.isFinite(seconds)) return "?";
  return formatDuration(Math.max(0, Math.round(seconds)) * 1000);
}

/** A number with commas: `1,234,567`. */
export function shownCount(count: number): string {
  return count.toLocaleString("en-US");
}

/** Bytes as `412 kB`, `1.2 MB`, `12 MB`, `3.1 GB`. */
export function shownSize(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} kB`;
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}
