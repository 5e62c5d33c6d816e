import { spawn } from "node:child_process";
import process from "node:process";
import { afterEach, describe, expect, it } from "vitest";
import { until } from "../harness/until.ts";
import { linklight, SLOW, start, stopAll } from "./linklight.ts";

// From 22.18 on, Node runs TypeScript by itself.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const runsTypeScript = major > 22 || (major === 22 && minor >= 18);

afterEach(stopAll);

describe("examples/first-collector", SLOW, () => {
  it("runs in linklight endpoint", async () => {
    const endpoint = await start("--collector", "examples/first-collector/collector.ts");
    const page = await (await fetch(`http://${endpoint.address}`)).text();
    expect(page).toMatch(/^machine_cpu_seconds_total\{cpu="0",mode="user"\} \d/m);
    expect(page).toContain('linklight_collector_success{collector="machine"} 1\n');
    const checked = await linklight(["check", "metrics"], { stdin: page });
    expect(checked).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  const ways = [
    ["node --import jiti/register", ["--import", "jiti/register"]],
    ...(runsTypeScript ? [["node", []] as const] : []),
  ] as const;
  it.each(ways)("runs as a program of its own with %s", async (_, args) => {
    const program = [...args, "examples/first-collector/main.ts", "--port", "0"];
    const child = spawn(process.execPath, program, { stdio: ["ignore", "pipe", "inherit"] });
    let log = "";
    child.stdout.on("data", (text: Buffer) => {
      log += text.toString();
    });
    try {
      const port = await until("the program to listen", () => /port (\d+)\n/.exec(log)?.[1]);
      const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      expect(page).toMatch(/^machine_memory_bytes\{use="free"\} \d/m);
      expect(page).toMatch(/^process_resident_memory_bytes \d/m);
    } finally {
      child.kill();
    }
  });
});
