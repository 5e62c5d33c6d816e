import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { createLogger, silentLogger } from "./log/logger.ts";
import { onShutdown, type SignalSource } from "./shutdown.ts";

function fakeProcess() {
  const emitter = new EventEmitter();
  let exited: (code: number) => void;
  const firstExit = new Promise<number>((resolve) => {
    exited = resolve;
  });
  const codes: number[] = [];
  const source: SignalSource = {
    on: (event, listener) => emitter.on(event, listener),
    off: (event, listener) => emitter.off(event, listener),
    exit: (code) => {
      codes.push(code);
      exited(code);
    },
  };
  return { emitter, source, firstExit, codes };
}

describe("onShutdown", () => {
  it.each(["SIGINT", "SIGTERM"] as const)("stops in order at %s and exits 0", async (signal) => {
    const { emitter, source, firstExit } = fakeProcess();
    const stopped: string[] = [];
    onShutdown(async (received) => void stopped.push(received), {
      logger: silentLogger,
      process: source,
    });
    emitter.emit(signal, signal);
    expect([await firstExit, stopped]).toEqual([0, [signal]]);
  });

  it("exits 1 and says why when the stop fails", async () => {
    const { emitter, source, firstExit } = fakeProcess();
    const lines: string[] = [];
    const logger = createLogger({ format: "json", destination: { write: (x) => lines.push(x) } });
    onShutdown(() => Promise.reject(new Error("disk full")), { logger, process: source });
    emitter.emit("SIGTERM", "SIGTERM");
    expect(await firstExit).toBe(1);
    expect(lines.map((line) => (JSON.parse(line) as { msg: string; err?: string }).err)).toEqual([
      undefined,
      "disk full",
    ]);
  });

  it("exits 1 when the stop hangs", async () => {
    const { emitter, source, firstExit } = fakeProcess();
    onShutdown(() => new Promise(() => {}), {
      logger: silentLogger,
      process: source,
      timeoutMs: 10,
    });
    emitter.emit("SIGTERM", "SIGTERM");
    expect(await firstExit).toBe(1);
  });

  it("exits at once at a second signal", async () => {
    const { emitter, source, codes } = fakeProcess();
    let finish = () => {};
    const stop = () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      });
    onShutdown(stop, { logger: silentLogger, process: source });
    emitter.emit("SIGINT", "SIGINT");
    emitter.emit("SIGTERM", "SIGTERM");
    expect(codes).toEqual([143]);
    finish();
  });

  it("takes one Ctrl-C that arrives twice for one, and another signal for another", async () => {
    const { emitter, source, codes } = fakeProcess();
    let finish = () => {};
    const stop = () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      });
    onShutdown(stop, { logger: silentLogger, process: source, sameKeyPressMs: 60_000 });
    emitter.emit("SIGINT", "SIGINT");
    emitter.emit("SIGINT", "SIGINT");
    expect(codes).toEqual([]);
    emitter.emit("SIGTERM", "SIGTERM");
    expect(codes).toEqual([143]);
    finish();
  });

  it("lets go of the signals", () => {
    const { emitter, source } = fakeProcess();
    onShutdown(() => {}, { logger: silentLogger, process: source })();
    expect(emitter.eventNames()).toEqual([]);
  });
});
