import { spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { cpuMs, peakRssMb } from "./process-usage.mjs";
import { ScrapeClient } from "./scrape-client.mjs";

const STALL_PROBE = fileURLToPath(new URL("stall-probe.mjs", import.meta.url));

// The probe has ticked once by then: the first tick measures nothing.
const PROBE_START_MS = 5;
// What a scrape leaves to do, such as collecting garbage on other threads, counts as its cost.
const SETTLE_MS = 30;

/**
 * A server under measurement, in a process of its own: a Node script, which gets the stall probe, or
 * another program. It prints `listening PORT` when it is ready.
 */
export class ServerProcess {
  #child;
  #client;
  #isNode;

  /** `{ script }` or `{ command }`, with `args` and `env`. */
  static async start({ script, command, args, env = {}, portOf = listeningPort }) {
    const server = new ServerProcess();
    server.#isNode = script !== undefined;
    const program = script === undefined ? command : process.execPath;
    const argv = script === undefined ? args : ["--import", STALL_PROBE, script, ...args];
    const stdio = ["ignore", "pipe", "inherit", ...(server.#isNode ? ["ipc"] : [])];
    server.#child = spawn(program, argv, { stdio, env: { ...process.env, ...env } });
    try {
      server.#client = new ScrapeClient(await portOf(server.#child));
    } catch (error) {
      server.#child.kill();
      throw error;
    }
    return server;
  }

  get pid() {
    return this.#child.pid;
  }

  get peakRssMb() {
    return peakRssMb(this.#child.pid);
  }

  /** A scrape that is not measured. */
  async warmUp(options) {
    return await this.#client.scrape(options);
  }

  /** One scrape: what the client saw, what the processor spent, and for Node the longest stall. */
  async measure(options) {
    const { pid } = this.#child;
    await this.#ask("begin");
    await sleep(PROBE_START_MS);
    const before = cpuMs(pid);
    const seen = await this.#client.scrape(options);
    const probed = await this.#ask("end");
    await sleep(SETTLE_MS);
    return { ...seen, stallMs: probed?.stallMs, cpuMs: cpuMs(pid) - before };
  }

  async stop() {
    this.#client.close();
    if (this.#child.exitCode !== null) return;
    this.#child.kill("SIGKILL");
    await once(this.#child, "exit");
  }

  async #ask(message) {
    if (!this.#isNode) return undefined;
    const answered = once(this.#child, "message");
    this.#child.send(message);
    const [answer] = await answered;
    return answer;
  }
}

async function listeningPort(child) {
  const spawned = Promise.race([
    once(child, "error").then(([error]) => Promise.reject(error)),
    once(child, "exit").then(([code]) => Promise.reject(new Error(`exited with ${code}`))),
    firstLine(child.stdout),
  ]);
  const port = Number(/^listening (\d+)$/.exec(await spawned)?.[1]);
  if (!(port > 0)) throw new Error("the server did not say on which port it listens");
  return port;
}

async function firstLine(stream) {
  let text = "";
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    text += chunk;
    if (text.includes("\n")) break;
  }
  stream.resume();
  return text.split("\n")[0];
}
