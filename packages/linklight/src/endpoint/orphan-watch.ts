import process from "node:process";

const INTERVAL_MS = 250;

/**
 * Passes on the signal that npm's shell keeps for itself. `npm start` runs the program in a shell; whoever
 * ends npm ends the shell by it, and the program would go on and hold its port. So a program that npm has
 * started stops, as by SIGTERM, when the one that started it has gone.
 */
export function stopWithNpm(env: NodeJS.ProcessEnv = process.env): void {
  if (env["npm_lifecycle_event"] === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, "SIGTERM");
  }, INTERVAL_MS);
  timer.unref();
}
