import { spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { until } from "./until.ts";

/** A running `linklight endpoint`, as a user starts it: the built command line in a process of its own. */
export interface RunningEndpoint {
  /** `127.0.0.1:port`. */
  readonly address: string;
  /** Its log so far, a line each, without times. */
  readonly logs: () => string[];
  /** Asks it to stop by SIGTERM and gives its exit code. May be called again. */
  readonly stop: () => Promise<number | null>;
}

const main = fileURLToPath(new URL("../../packages/linklight/dist/main.js", import.meta.url));

/** Starts `linklight endpoint` on a free port and waits until it listens. Needs a build (`npm run build`). */
export async function startEndpoint(...args: readonly string[]): Promise<RunningEndpoint> {
  const child = spawn(process.execPath, [main, "endpoint", "--port", "0", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      log += text;
    });
  }
  const stop = async (): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    }
    return child.exitCode;
  };
  const port = await until("the endpoint to listen", () => {
    if (child.exitCode !== null) return "ended";
    return /listening on port (\d+)/.exec(log)?.[1];
  }).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  if (port === "ended") throw new Error(`linklight endpoint ended at its start:\n${log}`);
  const logs = (): string[] =>
    log
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.replace(/^\[[^\]]*\] /, ""));
  return { address: `127.0.0.1:${port}`, logs, stop };
}
