import process from "node:process";

/** A bar on standard error, where that is a terminal, while a long job runs. */
export interface WorkBar {
  /** What is being done, and how much of it, 0 … 1. */
  update(what: string, done: number): void;
  /** Takes the bar away. Idempotent. */
  stop(): void;
}

const PARTS = 1000;

/** Shows a bar; nothing where nobody looks. */
export async function workBar(): Promise<WorkBar> {
  if (process.stderr.isTTY !== true) return { update: () => undefined, stop: () => undefined };
  const { default: cliProgress } = await import("cli-progress");
  const bar = new cliProgress.SingleBar(
    {
      format: "{what} {bar} {percentage}% | {eta_formatted} left",
      stream: process.stderr,
      clearOnComplete: true,
      barsize: 24,
      gracefulExit: false,
      hideCursor: false,
    },
    cliProgress.Presets.shades_classic,
  );
  bar.start(PARTS, 0, { what: "" });
  let isShown = true;
  return {
    update: (what, done) => bar.update(Math.floor(done * PARTS), { what }),
    stop() {
      if (isShown) bar.stop();
      isShown = false;
    },
  };
}
