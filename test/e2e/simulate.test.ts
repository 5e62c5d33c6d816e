import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { Entry, OpenMetricsParser, parseFamilies } from "@linklight/exposition";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runProgram } from "../harness/run-program.ts";
import { type TemporaryFolder, temporaryFolder } from "../harness/temporary-folder.ts";
import { linklight, SLOW } from "./linklight.ts";

const main = fileURLToPath(new URL("../../packages/linklight/dist/main.js", import.meta.url));
const PAIR = ["simulate", "--fabric", "pair", "--from", "1h", "--step", "1m"];

let folder: TemporaryFolder;
beforeEach(() => {
  folder = temporaryFolder("simulate");
});
afterEach(() => folder.remove());

const output = (): string => join(folder.path, "history.om");

/** How many samples each series has. */
function samplesBySeries(bytes: Uint8Array): Map<string, number> {
  const counts = new Map<string, number>();
  const parser = new OpenMetricsParser(bytes);
  for (let entry = parser.next(); entry !== Entry.END; entry = parser.next()) {
    if (entry !== Entry.SERIES) continue;
    const series = parser.labels().toString();
    counts.set(series, (counts.get(series) ?? 0) + 1);
  }
  return counts;
}

describe("linklight simulate", SLOW, () => {
  it("writes a history that reads back: every series with the labels of a scrape, at each step", async () => {
    const { code, stdout, stderr } = await linklight([...PAIR, "--output", output()]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toMatch(
      /^wrote [\d,]+ samples of \d+ series to .*history\.om: [\d.]+ [kM]B in /,
    );
    const bytes = readFileSync(output());
    expect(() => parseFamilies("openmetrics-1.0.0", bytes)).not.toThrow();
    const counts = samplesBySeries(bytes);
    const up = [...counts].filter(([series]) => series.startsWith("up{"));
    expect(up).toEqual([
      ['up{group="custom", instance="pair1", job="custom prometheus"}', expect.any(Number)],
    ]);
    const steps = up[0]?.[1] as number;
    expect(steps === 60 || steps === 61).toBe(true);
    for (const [series, count] of counts) {
      expect(series).toMatch(/group="custom", .*instance="pair1", job="custom prometheus"/);
      if (series.startsWith("switch_port_")) expect(count).toBe(steps);
    }
    expect(readdirSync(folder.path)).toEqual(["history.om"]);
  });

  it("writes the same again, with the labels and metrics that are asked for", async () => {
    const args = ["--metrics", "switch_port_up", "--label", "site=lab", "--label", "group="];
    const span = ["--from", "2026-03-01", "--to", "2026-03-02", "--step", "6h"];
    const runs = [1, 2].map(() =>
      linklight(["simulate", "--fabric", "pair", ...span, ...args, "--output", "-"]),
    );
    const [first, second] = await Promise.all(runs);
    expect(first?.stdout).toBe(second?.stdout);
    const series = (name: string, more = ""): string =>
      `${name}{instance="pair1",job="custom prometheus"${more},site="lab"} 1.0 1772323200`;
    expect(first?.stdout.split("\n").filter((line) => line.endsWith(" 1772323200"))).toEqual([
      series("up"),
      ...[1, 2].map((i) => series("switch_port_up", `,port="Ethernet1/${i}"`)),
    ]);
  });

  it("takes a scenario, whose times count from the start of the history", async () => {
    const scenario = join(folder.path, "scenario.yml");
    writeFileSync(scenario, "- {at: 20m, type: reboot, switch: pair1}\n");
    const metrics = ["--metrics", "linklight_incident_active"];
    const args = ["--scenario", scenario, ...metrics, "--step", "15s"];
    await linklight([...PAIR, ...args, "--output", output()]);
    const lines = readFileSync(output(), "utf8").split("\n");
    const ups = lines.filter((line) => line.startsWith("up{"));
    const down = ups.findIndex((line) => line.includes("} 0.0 "));
    expect([down, ups.length]).toEqual([
      expect.toSatisfy((i: number) => i >= 79 && i <= 82),
      expect.toSatisfy((count: number) => count === 240 || count === 241),
    ]);
    const active = lines.filter((line) => line.startsWith("linklight_incident_active{"));
    const valueIn = (line: string): number => Number(line.split(" ").at(-2));
    // The truth at every moment: active exactly while the switch is off, and 0 before and after.
    expect(active.map(valueIn)).toEqual(ups.map((line) => 1 - valueIn(line)));
  });

  it("tells the same as the endpoint whose incident log it reads", async () => {
    const log = join(folder.path, "incidents.jsonl");
    const at = (time: string): string => `2026-03-01T${time}.000Z`;
    const started = {
      ...{ event: "start", id: "reboot-1", type: "reboot", switch: "pair1", origin: "request" },
      ...{ start: at("12:08:00"), duration: "20m", parameters: {} },
    };
    const stopped = { event: "stop", id: "reboot-1", time: at("12:20:00") };
    const torn = '{"event":"start","id":"reb';
    const text = `${JSON.stringify(started)}\n${JSON.stringify(stopped)}\n${torn}`;
    writeFileSync(log, text);
    const span = ["--from", "2026-03-01T12:00:00Z", "--to", "2026-03-01T13:00:00Z"];
    const metrics = ["--metrics", "linklight_incident_active"];
    const args = [...PAIR, ...span, ...metrics, "--incident-log", log, "--output", "-"];
    const { code, stdout, stderr } = await linklight(args);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining(
        `${log}:3: left out this line of the incident log: it is cut off or damaged`,
      ),
    });
    const series = (name: string): readonly number[] =>
      stdout
        .split("\n")
        .filter((line) => line.startsWith(`${name}{`))
        .map((line) => Number(line.split(" ").at(-2)));
    const isOff = (minute: number): boolean => minute >= 8 && minute < 20;
    const minutes = Array.from({ length: 61 }, (_, minute) => minute);
    expect(series("up")).toEqual(minutes.map((minute) => (isOff(minute) ? 0 : 1)));
    expect(series("linklight_incident_active")).toEqual(
      minutes.map((minute) => (isOff(minute) ? 1 : 0)),
    );
    expect(readFileSync(log, "utf8")).toBe(text);
  });

  it.each([
    [["--step", "0s"], 2, "--step 0s: a step must be above zero, such as 15s"],
    [["--to", "2100-01-01"], 2, /^--to 2100-01-01: lies in the future; it is now \S+Z$/],
    [["--from", "soon"], 2, /^--from soon: expected a time ago such as 30d, /],
    [["--metrics", "switch_prt_up"], 2, /did you mean switch_port_up\?$/],
    [
      ["--metrics", "rx_packets"],
      2,
      /^there is no metric "rx_packets"; those of a history are up, /,
    ],
    [["--metrics", ","], 2, /Expected names of metrics, with commas between\.$/],
    [["--output", ""], 2, /Expected the name of a file, or - for standard output\.$/],
    [["--failures", "frequnt"], 2, /^--failures frequnt: expected .*; did you mean frequent\?$/],
    [["--from", "10d", "--to", "30d"], 2, /^--from 10d: lies behind the end of the history, /],
    [["--fabric", "campus-48x1g"], 2, /did you mean campus-48x1g-4x10g\?$/],
    [
      ["--from", "2020-01-01"],
      2,
      "--from 2020-01-01: lies before 2026-01-05T00:00:00.000Z, when the simulation begins; take a later time",
    ],
    [
      ["--scenario", "nowhere.yml"],
      1,
      "cannot read the scenario nowhere.yml: there is no such file",
    ],
    [["--scenario", "/"], 1, "cannot read the scenario /: it is a folder"],
    [["--output", "/"], 1, "cannot write /: it is a folder; name a file in it"],
    [["--output", "/dev/full"], 1, "cannot write /dev/full: the disk is full"],
    [
      ["--incident-log", "nowhere.jsonl"],
      1,
      /^cannot read the incident log nowhere.jsonl: there is no such file$/,
    ],
    [["--output", "nowhere/a.om"], 1, "cannot write nowhere/a.om: there is no such folder"],
  ])("refuses %j with exit code %d and one line", async (args, expected, message) => {
    const given = [...PAIR, "--output", output(), ...args];
    const { code, stderr } = await linklight(given, { cwd: folder.path });
    expect(code).toBe(expected);
    const lines = stderr.trimEnd().split("\n");
    expect(lines).toEqual([expect.stringMatching(/^error: /)]);
    if (typeof message === "string") expect(lines[0]).toBe(`error: ${message}`);
    else expect(lines[0]?.slice("error: ".length)).toMatch(message);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it("lists all problems of a fabric and of a scenario, each with its place", async () => {
    const [fabric, scenario] = [join(folder.path, "f.yml"), join(folder.path, "s.yml")];
    const leaf = (name: string): string => `  - {name: ${name}, profile: leaf-48x25g-8x100g}`;
    const links = [
      "  - a:Ethernet1/49 -- s:Ethernet1/1",
      "  - a:Ethernet1/49 -- b:Ethernet1/50",
      "  - a:Ethernet1/1 -- s:Ethernet1/2",
      "  - b:Ethernet1/51 -- t:Ethernet1/2",
    ];
    const spine = "  - {name: s, profile: spine-32x100g}";
    writeFileSync(
      fabric,
      ["switches:", leaf("a"), leaf("b"), spine, "links:", ...links, ""].join("\n"),
    );
    writeFileSync(scenario, "- {at: soon, type: rebot}\n- {at: 1h, type: link-down, port: 99}\n");
    const args = ["simulate", "--from", "1h", "--step", "1m", "--output", output()];
    const [one, other] = await Promise.all([
      linklight([...args, "--fabric", fabric]),
      linklight([...args, "--scenario", scenario]),
    ]);
    expect([one, other]).toEqual([
      {
        code: 1,
        stdout: "",
        stderr: `error: ${fabric}:7:5: a:Ethernet1/49 is already used at line 6; a port takes one link
${fabric}:8:5: both ends of a link need the same speed: a:Ethernet1/1 has 25G, s:Ethernet1/2 has 100G
${fabric}:9:5: t:Ethernet1/2 is nowhere: no switch is named t; the switches are a, b, s\n`,
      },
      {
        code: 1,
        stdout: "",
        stderr: `error: ${scenario}:1:8: expected a time such as 2h or 2026-02-01 12:30, found "soon"
${scenario}:1:20: unknown incident "rebot"; did you mean reboot?
${scenario}:2:35: unknown port "99" on leaf1; its ports are Ethernet1/1 to Ethernet1/56\n`,
      },
    ]);
    expect(readdirSync(folder.path).sort()).toEqual(["f.yml", "s.yml"]);
  });

  it("removes what it has written when the disk is full", async () => {
    // Node ignores the signal of a file that is too large, and gets an error as with a full disk.
    const command = `ulimit -f 64; exec "$0" "$@"`;
    const args = [main, ...PAIR, "--output", output()];
    const { code, stderr } = await runProgram("bash", ["-c", command, process.execPath, ...args]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(
        /^error: cannot write .* the file may not become that large .*\n$/,
      ),
    });
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("leaves nothing behind when it is ended by %s", async (signal, expected) => {
    writeFileSync(output(), "of last week");
    const long = ["simulate", "--from", "100d", "--step", "1s", "--output", output()];
    const child = spawn(process.execPath, [main, ...long], { stdio: ["ignore", "ignore", "pipe"] });
    const stderr: Buffer[] = [];
    child.stderr.on("data", (block: Buffer) => stderr.push(block));
    try {
      // It is at work once there is something to leave behind.
      while (readdirSync(folder.path).length < 2)
        await new Promise((resolve) => setTimeout(resolve, 20));
      child.kill(signal);
      const [code] = (await once(child, "close")) as [number | null];
      expect({ code, stderr: Buffer.concat(stderr).toString() }).toEqual({
        code: expected,
        stderr: `error: ended by ${signal}: ${output()} was not written\n`,
      });
      expect(readdirSync(folder.path)).toEqual(["history.om"]);
      expect(readFileSync(output(), "utf8")).toBe("of last week");
    } finally {
      child.kill("SIGKILL");
    }
  });

  it("ends without error when nobody reads any more", async () => {
    const command = `"$0" "$@" | head -n 1; echo "codes \${PIPESTATUS[@]}"`;
    const metrics = ["--metrics", "switch_port_mtu_bytes"];
    const args = [main, ...PAIR, "--step", "1s", ...metrics, "--output", "-"];
    const { stdout, stderr } = await runProgram("bash", ["-c", command, process.execPath, ...args]);
    expect({ stdout, stderr }).toEqual({
      stdout: expect.stringMatching(/^# HELP up .*\ncodes 0 0\n$/),
      stderr: "",
    });
  });
});
