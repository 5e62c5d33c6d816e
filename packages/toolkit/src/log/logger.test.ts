import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LOG_FORMATS, type LogFormat } from "./log-line.ts";
import { createLogger, type LoggerOptions, silentLogger } from "./logger.ts";
import { throttleLog } from "./throttle.ts";

// The local time of the original's example, whatever the time zone of the test machine.
const TIME = new Date(2022, 6, 15, 17, 12, 24, 54).getTime();

function capture(options: LoggerOptions = {}) {
  const lines: string[] = [];
  const destination = { write: (line: string) => lines.push(line) };
  return { lines, logger: createLogger({ now: () => TIME, destination, ...options }) };
}

describe("createLogger, format console", () => {
  it("prints the original's line", () => {
    const { lines, logger } = capture({ scope: "endpoint" });
    logger.info("Prometheus server listening on port 8000");
    expect(lines).toEqual([
      "[2022-07-15 17:12:24,054] [    INFO] endpoint: Prometheus server listening on port 8000\n",
    ]);
  });

  it.each([
    ["debug", "[   DEBUG]"],
    ["info", "[    INFO]"],
    ["warn", "[ WARNING]"],
    ["error", "[   ERROR]"],
  ] as const)("names the level %s as Python does: %s", (level, word) => {
    const { lines, logger } = capture();
    logger[level]("x");
    expect(lines).toEqual([`[2022-07-15 17:12:24,054] ${word} x\n`]);
  });

  it("appends fields as key=value, quoted where they need it", () => {
    const { lines, logger } = capture({ scope: "registry" });
    logger.info("done", {
      a: 1,
      b: "two words",
      c: 'q"=',
      d: "",
      e: { f: [1] },
      g: undefined,
      h: 12n,
      i: Number.NaN,
      "bad key": true,
    });
    expect(lines).toEqual([
      '[2022-07-15 17:12:24,054] [    INFO] registry: done a=1 b="two words" c="q\\"=" d="" e="{\\"f\\":[1]}" h=12 i=NaN bad_key=true\n',
    ]);
  });

  it("does not print an error again that the message quotes", () => {
    const { logger, lines } = capture();
    logger.error("collector ports failed: port 7 gone", { err: new Error("port 7 gone"), port: 7 });
    expect(lines).toEqual([
      "[2022-07-15 17:12:24,054] [   ERROR] collector ports failed: port 7 gone port=7\n",
    ]);
  });

  it("prints an error by its message, without a stack", () => {
    const { lines, logger } = capture();
    logger.error("collector failed", { err: new Error("port 7\ngone") });
    expect(lines).toEqual([
      '[2022-07-15 17:12:24,054] [   ERROR] collector failed err="port 7\\ngone"\n',
    ]);
  });

  it("prints the stack, indented, when stacks and level debug are asked for", () => {
    const err = new Error("boom\n[2022-07-15 17:12:24,054] [    INFO] forged");
    err.stack = `Error: ${err.message}\n    at here`;
    const { lines, logger } = capture({ stacks: true });
    logger.error("failed", { err });
    expect(lines.join("").split("\n").slice(1)).toEqual([
      "    Error: boom",
      "    [2022-07-15 17:12:24,054] [    INFO] forged",
      "        at here",
      "",
    ]);
  });

  it("prints no stack at level info even when stacks are asked for", () => {
    const { lines, logger } = capture({ stacks: true, level: "info" });
    logger.error("failed", { err: new Error("boom") });
    expect(lines).toEqual(["[2022-07-15 17:12:24,054] [   ERROR] failed err=boom\n"]);
  });

  it("names another scope through named()", () => {
    const { lines, logger } = capture({ scope: "endpoint" });
    logger.named("registry").warn("x");
    expect(lines).toEqual(["[2022-07-15 17:12:24,054] [ WARNING] registry: x\n"]);
  });
});

describe("createLogger, formats of Prometheus", () => {
  const utc = new Date(TIME).toISOString();

  it("prints logfmt with slog's keys", () => {
    const { lines, logger } = capture({ format: "logfmt", scope: "web" });
    logger.warn("Listening on", { address: "127.0.0.1:8000", err: new Error("a b") });
    expect(lines).toEqual([
      `time=${utc} level=WARN msg="Listening on" component=web address=127.0.0.1:8000 err="a b"\n`,
    ]);
  });

  it("prints json with slog's keys, and keeps a field of the same name beside them", () => {
    const { lines, logger } = capture({ format: "json", scope: "web" });
    logger.info("x\ny", { n: 1, level: "mine", o: { p: null } });
    expect(lines).toEqual([
      `{"time":"${utc}","level":"INFO","msg":"x\\ny","component":"web","n":1,"level_":"mine","o":{"p":null}}\n`,
    ]);
  });
});

describe("createLogger", () => {
  it("prints nothing below its level", () => {
    const { lines, logger } = capture({ level: "warn" });
    logger.debug("a");
    logger.info("b");
    logger.warn("c");
    expect(lines).toHaveLength(1);
  });

  it("survives values that refer to themselves", () => {
    const { lines, logger } = capture();
    const loop: Record<string, unknown> = {};
    loop["self"] = loop;
    logger.info("x", { loop });
    expect(lines).toEqual([
      '[2022-07-15 17:12:24,054] [    INFO] x loop="{\\"self\\":\\"[Circular]\\"}"\n',
    ]);
  });

  it("keeps every call on one printable line, whatever the message and the fields hold", () => {
    const text = fc.string({ unit: "binary" });
    const property = fc.property(
      fc.constantFrom(...LOG_FORMATS),
      text,
      text,
      fc.dictionary(text, fc.oneof(text, fc.jsonValue() as fc.Arbitrary<unknown>)),
      (format: LogFormat, scope, message, fields) => {
        const { lines, logger } = capture({ format, scope });
        logger.info(message, fields);
        expect(lines).toHaveLength(1);
        const body = lines[0]?.slice(0, -1) ?? "";
        expect(lines[0]?.at(-1)).toBe("\n");
        if (format === "json") expect(() => JSON.parse(body) as unknown).not.toThrow();
        else expect(body).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        expect(body).not.toMatch(/[\r\n]/);
      },
    );
    fc.assert(property, { seed: 42 });
  });

  it("has a silent sister", () => {
    expect(silentLogger.named("x")).toBe(silentLogger);
    expect(silentLogger.error("x")).toBeUndefined();
  });
});

describe("throttleLog", () => {
  it("lets one line pass each interval and counts the others", () => {
    let time = 0;
    const seen: unknown[] = [];
    const log = throttleLog(
      (message, fields) => seen.push([message, fields]),
      1000,
      () => time,
    );
    log("a", { n: 1 });
    log("a", { n: 2 });
    log("a", { n: 3 });
    time = 1000;
    log("a", { n: 4 });
    expect(seen).toEqual([
      ["a", { n: 1 }],
      ["a", { n: 4, suppressed: 2 }],
    ]);
  });
});
