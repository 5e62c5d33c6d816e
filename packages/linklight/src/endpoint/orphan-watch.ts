import process from "node:process";

const INTERVAL_MS = 250;

/** Whether `npm start`, or another script of npm, started this process. */
export function isStartedByNpm(env: NodeJS.ProcessEnv = process.env): boolean {
  return env["npm_lifecycle_event"] !== undefined;
}

/**
 * Passes on the signal that npm's shell keeps for itself. Some shells run the program as a child of their
 * own (dash does); whoever ends npm ends that shell by it, and the program would go on and hold its port.
 * So it stops, as by SIGTERM, when the process that started it has gone.
 */
export function stopWithParent(): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, "SIGTERM");
  }, INTERVAL_MS);
  timer.unref();
}
