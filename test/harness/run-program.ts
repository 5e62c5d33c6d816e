import { spawn } from "node:child_process";

/** How a program ended, and all it wrote. */
export interface ProgramResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a program is given besides its arguments. */
export interface ProgramOptions {
  /** Written to its standard input, which is then closed. */
  readonly stdin?: string | Uint8Array;
  readonly cwd?: string;
  /** Added to this process' own environment. */
  readonly env?: Record<string, string>;
  /** How long it may take, by default a minute. */
  readonly timeoutMs?: number;
}

const LONGEST_RUN_MS = 60_000;

/** Runs a program to its end, whatever its exit code; rejects when it cannot be started or takes too long. */
export function runProgram(
  path: string,
  args: readonly string[],
  { stdin = "", cwd, env = {}, timeoutMs = LONGEST_RUN_MS }: ProgramOptions = {},
): Promise<ProgramResult> {
  const child = spawn(path, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...env },
    timeout: timeoutMs,
    killSignal: "SIGKILL",
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (block: Buffer) => stdout.push(block));
  child.stderr.on("data", (block: Buffer) => stderr.push(block));
  // A program may end without reading all it is given; its exit code says enough.
  child.stdin.on("error", () => undefined);
  child.stdin.end(stdin);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (signal !== null) {
        reject(new Error(`${path} was ended by ${signal}: ${Buffer.concat(stderr).toString()}`));
        return;
      }
      resolve({
        code,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      });
    });
  });
}
