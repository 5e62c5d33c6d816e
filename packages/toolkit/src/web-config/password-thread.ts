import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import { compare } from "bcryptjs";

// A thread by its text, as the path of a file of ours differs between sources, dist and bundles.
const THREAD = `
const { parentPort, workerData } = require("node:worker_threads");
const { compareSync } = require(workerData);
parentPort.on("message", ({ password, hash }) => parentPort.postMessage(compareSync(password, hash)));
`;

const IDLE_MS = 30_000;

/**
 * Compares passwords with bcrypt hashes on a thread of its own: at cost 10 one takes about 70 ms,
 * for which the event loop would stand still. The thread starts with the first comparison and ends
 * when idle; where none can be had, the work is done here. One comparison at a time, by the caller.
 */
export class PasswordThread {
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;

  /** Whether the password fits the hash. Rejects for a malformed hash. */
  async compare(password: string, hash: string): Promise<boolean> {
    clearTimeout(this.#idle);
    try {
      return await ask(this.#start(), password, hash);
    } catch {
      await this.close();
      return compare(password, hash);
    } finally {
      this.#idle = setTimeout(() => void this.close(), IDLE_MS);
      this.#idle.unref();
    }
  }

  /** Ends the thread; a later comparison starts another. */
  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #start(): Worker {
    if (this.#worker === undefined) {
      const workerData = createRequire(import.meta.url).resolve("bcryptjs");
      this.#worker = new Worker(THREAD, { eval: true, workerData });
      this.#worker.unref();
    }
    return this.#worker;
  }
}

function ask(worker: Worker, password: string, hash: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      act();
    };
    const onMessage = (fits: boolean): void => settle(() => resolve(fits));
    const onError = (err: Error): void => settle(() => reject(err));
    const onExit = (): void => settle(() => reject(new Error("the password thread ended")));
    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
    worker.postMessage({ password, hash });
  });
}
