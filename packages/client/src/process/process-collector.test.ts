import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseFamilies } from "@linklight/exposition";
import { afterAll, describe, expect, it } from "vitest";
import { Registry } from "../registry/registry.ts";
import { type ProcessCollectorOptions, processCollector } from "./process-collector.ts";

async function collected(options?: ProcessCollectorOptions): Promise<Map<string, number>> {
  const text = await new Registry().register(processCollector(options)).text();
  return new Map(
    parseFamilies("text-0.0.4", text)
      .filter(({ name }) => name.startsWith("process_"))
      .map(({ name, metrics: [metric] }) => [
        name,
        metric !== undefined && "value" in metric ? metric.value : Number.NaN,
      ]),
  );
}

const folders: string[] = [];

function fakeProc(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), "linklight-proc-"));
  folders.push(root);
  mkdirSync(join(root, "self"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, "self", name), text);
  return root;
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

describe("processCollector", () => {
  it.skipIf(process.platform !== "linux")(
    "shows the names, help texts and types of the original, in its order",
    async () => {
      const text = await new Registry().register(processCollector()).text();
      const metadata = text
        .split("\n")
        .filter((line) => line.startsWith("#") && line.includes(" process_"));
      expect(metadata).toEqual([
        "# HELP process_virtual_memory_bytes Virtual memory size in bytes.",
        "# TYPE process_virtual_memory_bytes gauge",
        "# HELP process_resident_memory_bytes Resident memory size in bytes.",
        "# TYPE process_resident_memory_bytes gauge",
        "# HELP process_start_time_seconds Start time of the process since unix epoch in seconds.",
        "# TYPE process_start_time_seconds gauge",
        "# HELP process_cpu_seconds_total Total user and system CPU time spent in seconds.",
        "# TYPE process_cpu_seconds_total counter",
        "# HELP process_open_fds Number of open file descriptors.",
        "# TYPE process_open_fds gauge",
        "# HELP process_max_fds Maximum number of open file descriptors.",
        "# TYPE process_max_fds gauge",
      ]);
    },
  );

  it.skipIf(!existsSync("/proc/self/status"))(
    "agrees with what the kernel says elsewhere",
    async () => {
      const values = await collected();
      const status = readFileSync("/proc/self/status", "utf8");
      const kilobytes = (name: string): number =>
        Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]);
      const within = (value: number | undefined, expected: number): boolean =>
        value !== undefined && value > expected / 2 && value < expected * 2;
      expect({
        virtual: within(values.get("process_virtual_memory_bytes"), kilobytes("VmSize") * 1024),
        resident: within(values.get("process_resident_memory_bytes"), kilobytes("VmRSS") * 1024),
        started: within(
          values.get("process_start_time_seconds"),
          Date.now() / 1000 - process.uptime(),
        ),
        cpu: (values.get("process_cpu_seconds_total") ?? 0) > 0,
        files: (values.get("process_open_fds") ?? 0) >= 3,
        limit: (values.get("process_max_fds") ?? 0) >= (values.get("process_open_fds") ?? 0),
      }).toEqual({
        virtual: true,
        resident: true,
        started: true,
        cpu: true,
        files: true,
        limit: true,
      });
    },
  );

  it("shows what Node knows where there is no /proc", async () => {
    const values = await collected({ proc: "/nowhere" });
    expect([...values.keys()]).toEqual([
      "process_resident_memory_bytes",
      "process_start_time_seconds",
      "process_cpu_seconds_total",
    ]);
    expect(values.get("process_resident_memory_bytes")).toBeGreaterThan(1e6);
  });

  it("leaves out only what cannot be read", async () => {
    const stat = `1 (x) S ${"0 ".repeat(19)}8192 2 0`;
    const values = await collected({ proc: fakeProc({ stat }) });
    expect(values.get("process_virtual_memory_bytes")).toBe(8192);
    expect(values.get("process_resident_memory_bytes")).toBe(8192);
    expect(values.has("process_max_fds")).toBe(false);
  });

  it("keeps the start time from one scrape to the next", async () => {
    const registry = new Registry().register(processCollector());
    const start = async (): Promise<string | undefined> =>
      /^process_start_time_seconds .*$/m.exec(await registry.text())?.[0];
    expect(await start()).toBe(await start());
  });
});
