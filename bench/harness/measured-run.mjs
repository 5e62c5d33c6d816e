import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { cpuMs, peakRssMb } from "./process-usage.mjs";

const LOOK_EVERY_MS = 20;

/**
 * Runs a program to its end. Gives what it printed, the time of all its threads on a processor and the most memory it
 * had resident, both as they were last seen before its end. Throws when it fails.
 */
export async function measuredRun(command, args, options = {}) {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  const usage = { cpuMs: 0, peakRssMb: 0 };
  const look = () => {
    try {
      Object.assign(usage, { cpuMs: cpuMs(child.pid), peakRssMb: peakRssMb(child.pid) });
    } catch {
      // It has just ended: what was seen before counts.
    }
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  const ended = once(child, "close");
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await ended;
  clearInterval(timer);
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}: ${errors}`);
  return { output, ...usage };
}
