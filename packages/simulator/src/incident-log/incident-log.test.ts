import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Logger } from "@linklight/model";
import { silentLogger } from "@linklight/toolkit";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fabricOf } from "../fabric/fabric-argument.ts";
import { CATALOGUE } from "../incident/catalogue.ts";
import type { IncidentSource } from "../incident/incident.ts";
import type { IncidentRequest } from "../incident/incident-request.ts";
import { IncidentLog, type IncidentLogOptions } from "./incident-log.ts";

const fabric = fabricOf("leaf-48x25g-8x100g");
const name = fabric.switches[0]?.name ?? "";

let folder = "";
let count = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "linklight-incidents-"));
});
afterAll(() => rmSync(folder, { recursive: true }));
const newFile = () => {
  count += 1;
  return join(folder, `log-${count}.jsonl`);
};

/** A log with a clock that is set by hand. */
function open(options: Partial<IncidentLogOptions> & { at?: number } = {}) {
  const clock = { now: options.at ?? 1000 };
  const warnings: string[] = [];
  const logger: Logger = { ...silentLogger, warn: (message) => warnings.push(message) };
  const log = IncidentLog.open({ fabric, now: () => clock.now, logger, ...options });
  const start = (request: IncidentRequest) => {
    const problems: string[] = [];
    const started = log.start(request, (_field, message) => problems.push(message));
    if (started === undefined) throw new Error(problems.join("; "));
    return started;
  };
  return { log, clock, warnings, start };
}

/** By type: whether it goes on. */
const truthOf = (log: IncidentLog, seconds: number) =>
  Object.fromEntries(
    log.truthUntil(seconds, name).map((each) => [each.type, each.isActiveAt(seconds)]),
  );

const linesOf = (file: string) => readFileSync(file, "utf8").split("\n").filter(Boolean);
const eventsOf = (file: string) =>
  linesOf(file).map((line) => {
    const { event, id, time } = JSON.parse(line) as Record<string, string>;
    return [event, id, time].filter((each) => each !== undefined).join(" ");
  });

describe("IncidentLog", () => {
  it("starts an incident at the next moment, and traffic with the next slot", () => {
    const { log, start } = open({ at: 1000.0005 });
    expect(start({ type: "fan-failure" })).toEqual({
      id: "fan-failure-1",
      type: "fan-failure",
      switch: name,
      origin: "request",
      start: "2026-01-05T00:16:40.001Z",
      end: "2026-01-05T01:16:40.001Z",
      duration: "1h",
      parameters: { fan: 1 },
      state: "scheduled",
    });
    expect(start({ type: "link-down", duration: "10m" })).toMatchObject({
      id: "link-down-2",
      start: "2026-01-05T00:16:48.000Z",
      end: "2026-01-05T00:26:56.000Z",
    });
    expect(log.until(1000.0005)).toEqual([]);
    expect(log.until(1000.001).map(({ kind }) => kind)).toEqual(["fan-failure"]);
    expect(log.until(1008).map(({ kind }) => kind)).toEqual(["fan-failure", "link-down"]);
  });

  it("says what goes on at a moment, and what did", () => {
    const { log, start } = open();
    start({ type: "fan-failure", duration: "10m" });
    start({ type: "psu-loss", duration: "forever" });
    expect([1000, 1001, 1700, 1e9].map((seconds) => truthOf(log, seconds))).toEqual([
      {},
      { "fan-failure": true, "psu-loss": true },
      { "fan-failure": false, "psu-loss": true },
      { "fan-failure": false, "psu-loss": true },
    ]);
  });

  it("tells of what a scenario plans before it begins", () => {
    const scenario = {
      file: "s.yml",
      text: "- {at: 30d, type: reboot, duration: 2m}\n- {at: 10s, type: psu-loss, duration: 1m, every: 5m}\n",
    };
    const { log } = open({ scenario });
    const truth = (seconds: number) => truthOf(log, 1000 + seconds);
    expect([0, 10, 80, 310, 30 * 86_400 + 30].map(truth)).toEqual([
      { reboot: false, "psu-loss": false },
      { reboot: false, "psu-loss": true },
      { reboot: false, "psu-loss": false },
      { reboot: false, "psu-loss": true },
      { reboot: true, "psu-loss": true },
    ]);
  });

  it("stops an incident now, and leaves the past as it was", () => {
    const { log, clock, start } = open();
    const { id } = start({ type: "overheating" });
    clock.now = 1500;
    const before = log.until(1500);
    const version = log.version;
    expect(log.stop(id)).toMatchObject({ state: "active", end: "2026-01-05T00:25:00.001Z" });
    expect(log.version).toBeGreaterThan(version);
    expect(log.until(1500).map(({ from }) => from)).toEqual(before.map(({ from }) => from));
    expect(log.until(1e9).map(({ to }) => to)).toEqual([1500.001]);
    clock.now = 1501;
    expect(log.list().map(({ state }) => state)).toEqual(["ended"]);
    expect(log.stop(id)).toMatchObject({ state: "ended", end: "2026-01-05T00:25:00.001Z" });
    expect(log.stop("nonsense")).toBeUndefined();
  });

  it("takes back one that was stopped before it began", () => {
    const { log, clock, start } = open();
    const { id } = start({ type: "link-down" });
    clock.now = 1002;
    expect(log.stop(id)).toMatchObject({
      start: "2026-01-05T00:16:42.001Z",
      end: "2026-01-05T00:16:42.001Z",
    });
    expect([log.until(1e9), log.truthUntil(1010)]).toEqual([[], []]);
  });

  it("only lengthens the list of effects when one is started, so that readers keep what they know", () => {
    const { log, clock, start } = open();
    start({ type: "flap-train" });
    let before = log.until(1000);
    const { version } = log;
    for (let now = 1000; now < 3000; now += 97) {
      clock.now = now;
      const { name: type } = CATALOGUE[now % CATALOGUE.length] ?? { name: "reboot" };
      const known = log.until(now);
      expect(known.slice(0, before.length)).toEqual(before);
      start({ type });
      expect(log.until(now)).toEqual(known);
      before = known;
    }
    expect(log.version).toBe(version);
  });

  it("refuses what is wrong, and adds nothing", () => {
    const { log } = open();
    const problems: string[] = [];
    expect(
      log.start({ type: "dirty-optik" }, (field, message) => problems.push(`${field}: ${message}`)),
    ).toBeUndefined();
    expect(problems).toEqual(['type: unknown incident "dirty-optik"; did you mean dirty-optic?']);
    expect(log.list()).toEqual([]);
  });

  it("is bounded", () => {
    const { start } = open();
    const many = () => {
      for (let i = 0; i < 1000; i++)
        start({ type: "flap-train", duration: "1d", parameters: { period: 10, down: 1 } });
    };
    expect(many).toThrow(
      "too many incidents were started by hand (11); start again with another incident log",
    );
  });
});

describe("the file of an incident log", () => {
  /** What the simulation sees, however it came to know it. */
  const seen = (log: IncidentLog) => ({
    effects: log
      .until(1e7)
      .map((effect) =>
        "factors" in effect ? { ...effect, factors: [...effect.factors] } : effect,
      ),
    list: log.list(),
  });

  it("gives the same incidents and effects when it is read again", () => {
    const file = newFile();
    const first = open({ file });
    for (const [i, { name: type }] of CATALOGUE.entries()) {
      first.clock.now = 1000 + 37.1239 * i;
      const { id } = first.start({ type });
      first.clock.now += 11.7;
      if (i % 3 === 0) first.log.stop(id);
    }
    first.log.close();
    const again = open({ file, at: first.clock.now });
    expect(again.warnings).toEqual([]);
    expect(seen(again.log)).toEqual(seen(first.log));
    expect(again.start({ type: "reboot" }).id).toBe("reboot-18");
    again.log.close();
  });

  it("tells families and where they move", () => {
    const file = newFile();
    const { log, start } = open({ file });
    start({ type: "memory-leak", duration: "2m", parameters: { rate: 500_000 } });
    log.close();
    expect(linesOf(file).map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        event: "start",
        id: "memory-leak-1",
        type: "memory-leak",
        switch: name,
        origin: "request",
        start: "2026-01-05T00:16:40.001Z",
        end: "2026-01-05T00:18:40.001Z",
        duration: "2m",
        parameters: { rate: 500_000 },
        moves: [
          {
            families: ["switch_memory_available_bytes", "switch_cpu_usage_ratio"],
            reach: "switch",
          },
        ],
      },
    ]);
  });

  it("is used up to where it was cut off, at every byte, and goes on behind that", () => {
    const file = newFile();
    const { log, start, clock } = open({ file });
    start({ type: "psu-loss" });
    clock.now = 1100;
    log.stop("psu-loss-1");
    clock.now = 1200;
    start({ type: "dirty-optic" });
    log.close();
    const whole = readFileSync(file);
    const ends = [...whole.entries()].flatMap(([i, byte]) => (byte === 0x0a ? [i] : []));
    const cut = newFile();
    for (let length = 0; length <= whole.length; length++) {
      writeFileSync(cut, whole.subarray(0, length));
      const again = open({ file: cut, at: 2000 });
      // A line is whole with or without its line feed.
      const lines = ends.filter((end) => end <= length).length;
      const isTorn = length > 0 && !ends.some((end) => length === end || length === end + 1);
      expect(again.warnings).toEqual(
        isTorn
          ? [
              `${cut}:${lines + 1}: left out this line of the incident log: it is cut off or damaged`,
            ]
          : [],
      );
      expect(again.log.list().map(({ id, end }) => `${id} ${end?.slice(11, 19)}`)).toEqual(
        [
          [],
          ["psu-loss-1 01:16:40"],
          ["psu-loss-1 00:18:20"],
          ["psu-loss-1 00:18:20", "dirty-optic-2 02:20:00"],
        ][lines],
      );
      // A line is written to the disk at once, which takes its time: not at every byte.
      const goesOn = length % 29 === 0 || ends.some((end) => Math.abs(end - length) < 2);
      const id = goesOn ? again.start({ type: "reboot" }).id : undefined;
      again.log.close();
      if (id === undefined) continue;
      const third = open({ file: cut, at: 3000 });
      expect(third.log.list().at(-1)?.id).toBe(id);
      expect(third.warnings.length).toBe(isTorn ? 1 : 0);
      third.log.close();
    }
  });

  it("survives whatever bytes are in it", () => {
    const file = newFile();
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.json(), fc.constant("\0\0\0")), { maxLength: 5 }),
        (lines) => {
          writeFileSync(file, lines.join("\n"));
          const { log, start } = open({ file });
          start({ type: "reboot" });
          expect(log.list().map(({ id }) => id)).toEqual(["reboot-1"]);
          log.close();
        },
      ),
      { seed: 42, numRuns: 50 },
    );
  });

  it("leaves out lines about what this fabric does not have, and names them", () => {
    const file = newFile();
    const line = (more: object) =>
      `${JSON.stringify({ event: "start", id: "a-1", type: "reboot", switch: name, start: "2026-01-06T00:00:00.000Z", duration: "1m", parameters: {}, ...more })}\n`;
    writeFileSync(
      file,
      [
        line({ switch: "elsewhere" }),
        line({ start: "yesterday" }),
        line({ start: "2020-01-01T00:00:00.000Z" }),
        line({ event: "what" }),
        line({}),
      ].join(""),
    );
    const { log, warnings } = open({ file, at: 1e6 });
    expect(warnings.map((warning) => warning.slice(file.length))).toEqual([
      `:1: left out this line of the incident log: unknown switch "elsewhere"; known: ${name}`,
      ':2: left out this line of the incident log: it has no time of this simulation: "yesterday"',
      ':3: left out this line of the incident log: it has no time of this simulation: "2020-01-01T00:00:00.000Z"',
      ":4: left out this line of the incident log: it is not a line of an incident log",
    ]);
    expect(log.list().map(({ id }) => id)).toEqual(["a-1"]);
    log.close();
  });

  it("is not written to when it is only read, and must be there", () => {
    const file = newFile();
    const life: IncidentSource = { incidentsUntil: () => [] };
    const scenario = { file: "s.yml", text: "- {at: 10m, type: reboot}\n" };
    const first = open({ file, life, scenario });
    first.start({ type: "psu-loss", duration: "10m" });
    first.clock.now = 1100;
    first.log.stop("psu-loss-1");
    first.log.close();
    const before = readFileSync(file, "utf8");
    const again = open({ file, life, scenario, isReadOnly: true, at: 500 });
    // Relative times of the scenario count from where they did.
    expect(again.log.until(1e6)).toEqual(first.log.until(1e6));
    again.start({ type: "reboot" });
    again.log.tell(5000);
    again.log.close();
    expect(readFileSync(file, "utf8")).toBe(before);
    const missing = newFile();
    expect(() => open({ file: missing, isReadOnly: true })).toThrow(
      expect.objectContaining({
        code: "LINKLIGHT_INCIDENT_LOG",
        message: `cannot read the incident log ${missing}: there is no such file`,
      }),
    );
  });

  it("takes nothing more from one who does not know what another has written", () => {
    const file = newFile();
    const [first, second] = [open({ file }), open({ file })];
    first.start({ type: "reboot" });
    const whole = readFileSync(file, "utf8");
    const refusal = `cannot write the incident log ${file}: another process has changed it; give each endpoint a log of its own, or start this one again to read it anew`;
    expect(() => second.start({ type: "fan-failure" })).toThrow(refusal);
    expect([second.log.list(), readFileSync(file, "utf8")]).toEqual([[], whole]);
    // Whoever was first goes on; whoever reads it anew knows all.
    first.start({ type: "psu-loss" });
    second.log.close();
    const again = open({ file, at: 2000 });
    expect(again.start({ type: "fan-failure" }).id).toBe("fan-failure-3");
    expect(() => first.log.stop("psu-loss-2")).toThrow(refusal);
    first.log.close();
    again.log.close();
    expect(eventsOf(file)).toEqual(["start reboot-1", "start psu-loss-2", "start fan-failure-3"]);
  });

  it("refuses an incident that it cannot keep, as when the disk is full", () => {
    const { log, start } = open({ file: "/dev/full" });
    expect(() => start({ type: "reboot" })).toThrow(
      expect.objectContaining({
        code: "LINKLIGHT_INCIDENT_LOG",
        message: "cannot write the incident log /dev/full: the disk is full",
      }),
    );
    expect(log.list()).toEqual([]);
    log.close();
  });

  it("writes to what is no file, and reads no more than a log can be", () => {
    const { log, start } = open({ file: "/dev/null" });
    expect([start({ type: "reboot" }).id, start({ type: "reboot" }).id]).toEqual([
      "reboot-1",
      "reboot-2",
    ]);
    log.close();
    expect(() => open({ file: "/dev/zero", isReadOnly: true })).toThrow(
      "cannot read the incident log /dev/zero: it is larger than 67108864 bytes",
    );
  });

  it.each([
    ["/nowhere/at/all", "cannot open the incident log /nowhere/at/all: there is no such folder"],
    ["/", "cannot open the incident log /: it is a folder"],
  ])("cannot be %s", (file, message) => {
    expect(() => open({ file })).toThrow(
      expect.objectContaining({ code: "LINKLIGHT_INCIDENT_LOG", message }),
    );
  });
});

describe("incidents that begin by themselves", () => {
  const life: IncidentSource = {
    incidentsUntil: (seconds) =>
      [0, 5000, 90_000]
        .filter((start) => start <= seconds)
        .map((start, i) => ({
          id: `life-${i}`,
          type: "psu-loss",
          switch: name,
          start,
          duration: 100,
          parameters: {},
          origin: "life",
        })),
  };
  const scenario = { file: "s.yml", text: "- {at: 10m, type: reboot}\n" };

  it("are among the effects, the active ones and the list, as they come near", () => {
    const { log } = open({ life, scenario });
    expect(log.until(99_000).map(({ kind, from }) => [kind, from])).toEqual([
      ["psu-loss", 0],
      ["reboot", 1600],
      ["psu-loss", 5000],
      ["psu-loss", 90_000],
    ]);
    expect(truthOf(log, 5050)).toEqual({ reboot: false, "psu-loss": true });
    expect(log.list().map(({ id, state }) => [id, state])).toEqual([
      ["life-0", "ended"],
      ["scenario-1", "scheduled"],
      ["life-1", "scheduled"],
    ]);
  });

  it("can be stopped by hand, also after a new start", () => {
    const file = newFile();
    const first = open({ life, scenario, file });
    first.clock.now = 5050;
    expect(first.log.stop("life-1")).toMatchObject({ end: "2026-01-05T01:24:10.001Z" });
    first.log.close();
    const { log } = open({ life, scenario, file, at: 6000 });
    expect(log.list().find(({ id }) => id === "life-1")?.end).toBe("2026-01-05T01:24:10.001Z");
    // Relative times count from the first start with this scenario and log.
    expect(log.list().find(({ id }) => id === "scenario-1")?.start).toBe(
      "2026-01-05T00:26:40.000Z",
    );
    log.close();
  });

  it("are written into the log as they begin, once", () => {
    const file = newFile();
    const first = open({ life, scenario, file });
    first.log.tell(1000);
    first.log.tell(1700);
    first.log.tell(1700);
    first.log.close();
    const again = open({ life, scenario, file, at: 6000 });
    again.log.tell(6000);
    again.log.close();
    expect(eventsOf(file)).toEqual([
      "scenario",
      "begin life-0",
      "begin scenario-1",
      "begin life-1",
    ]);
  });
});
