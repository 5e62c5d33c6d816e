import { mkdtempSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import type { RunningEndpoint } from "../harness/endpoint.ts";
import { temporaryFolder } from "../harness/temporary-folder.ts";
import { until } from "../harness/until.ts";
import { linklight, SLOW, start, stopAll } from "./linklight.ts";

const folder = temporaryFolder("collector-file");
afterEach(stopAll);
afterAll(() => folder.remove());

function file(name: string, text: string): string {
  const path = join(folder.path, name);
  writeFileSync(path, text);
  return path;
}

/** A collector that shows one gauge with the value that its helper exports. */
const collector = (name: string, helper: string): string => `
  import { GaugeFamily } from "@linklight/client";
  import { value } from "./${helper}";
  const family = () => new GaugeFamily({ name: "${name}", help: "A value" });
  export default { describe: () => [family()], *collect() { yield family().add({}, value as number); } };`;

const page = async ({ address }: RunningEndpoint): Promise<string> =>
  (await fetch(`http://${address}/metrics`)).text();

describe("linklight endpoint --collector FILE", SLOW, () => {
  it.concurrent.each([
    ["is not there", undefined, /^error: file\.ts: there is no such file; /],
    [
      "does not compile",
      "export default {\n  name: 'a' collect() {} };\n",
      /^error: file\.ts:2:13: does not compile: .*\n {4}name: 'a' collect\(\) \{\} \};\n {14}\^\n$/,
    ],
    [
      "has no collector in it",
      "export const a = 1;",
      /^error: file\.ts: has no default export .*; expected a collector, /,
    ],
    [
      "exports something else",
      "export default 1;",
      /^error: file\.ts: the default export is number 1; expected a collector, /,
    ],
    [
      "fails while it is loaded",
      "\nthrow new Error('no device');",
      /^error: file\.ts:2:7: failed while it was loaded: no device\n/,
    ],
    [
      "fails when it is asked for its families",
      "export default { collect: () => [],\n describe() { throw new Error('none'); } };",
      /^error: file\.ts:2:21: describe\(\) failed: none\n/,
    ],
    [
      "takes the name of another collector",
      "export default { name: 'sample', collect: () => [] };",
      /^error: two collectors are named "sample", sample and file\.ts: give one of them another name\n$/,
    ],
    [
      "has a family that clashes with another's",
      "export default { describe: () => [{ name: 'rx_packets_total', type: 'gauge', help: '', unit: '' }], collect: () => [] };",
      /^error: file\.ts: cannot register collector file: family rx_packets_total is a gauge here and a counter in collector sample: /,
    ],
  ])("says where and what when it %s, and ends with 1", async (_, text, message) => {
    const cwd = mkdtempSync(join(folder.path, "case-"));
    if (text !== undefined) writeFileSync(join(cwd, "file.ts"), text);
    const args = ["endpoint", "--port", "0", "--collector", "sample", "--collector", "file.ts"];
    const { code, stdout, stderr } = await linklight(args, { cwd });
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });

  it("shows a stack trace when --log.level=debug is given", async () => {
    const path = file("stack.ts", "\nthrow new Error('no device');");
    const { stderr } = await linklight(["--log.level=debug", "--collector", path]);
    expect(stderr).toMatch(/^error: .*no device\n {4}at /s);
  });

  it("ends when a failed start leaves a timer behind", async () => {
    const path = file("timer.ts", "setInterval(() => {}, 1000);\nexport default 1;");
    expect((await linklight(["--collector", path])).code).toBe(1);
  });

  it("serves a collector from anywhere", async () => {
    file("helper.ts", "export const value: number = 1;");
    const endpoint = await start("--collector", file("rooms.ts", collector("rooms", "helper.ts")));
    const text = await page(endpoint);
    expect(text).toContain("\nrooms 1\n");
    expect(text).toContain('linklight_collector_success{collector="rooms"} 1\n');
    expect(text).not.toContain("process_");
  });

  it("goes on when a collector fails, and says where", async () => {
    const path = file("cold.ts", "export default {\n  *collect() { throw new Error('cold'); } };");
    const endpoint = await start("--collector", path, "--collector", "sample");
    const text = await page(endpoint);
    expect(text).toContain('linklight_collector_success{collector="cold"} 0\n');
    expect(text).toContain("rx_packets_total");
    const line = await until("the log", () =>
      endpoint.logs().find((each) => each.includes("cold")),
    );
    expect(line).toContain(`cold (${path}:2:22)`);
  });

  it("goes on when a collector throws where nobody can catch it", async () => {
    const path = file(
      "stray.ts",
      `setTimeout(() => { throw new Error("stray timer"); });
       void Promise.reject(new Error("stray promise"));
       export default { collect: () => [] };`,
    );
    const endpoint = await start("--collector", path, "--collector", "sample");
    await until("the log", () => endpoint.logs().find((line) => line.includes("stray")));
    expect(await page(endpoint)).toContain("rx_packets_total");
    expect(await endpoint.stop()).toBe(0);
  });

  it("closes a collector at the end", async () => {
    const path = file(
      "closing.ts",
      `export default { collect: () => [], close() { process.stdout.write("closed\\n"); } };`,
    );
    const endpoint = await start("--collector", path);
    await endpoint.stop();
    expect(endpoint.logs().at(-1)).toBe("closed");
  });
});

describe("linklight endpoint --watch", SLOW, () => {
  it("loads again what changed, keeps the old while it is wrong, and says so once", async () => {
    file("watched-helper.ts", "export const value = 1;");
    const path = file("watched.ts", collector("watched", "watched-helper.ts"));
    const endpoint = await start("--watch", "--collector", path);
    const shows = (line: string): Promise<string> =>
      until(`the page to show ${line}`, async () => {
        const text = await page(endpoint);
        return text.includes(`\n${line}\n`) ? text : undefined;
      });
    const logged = (text: string): string[] =>
      endpoint.logs().filter((line) => line.includes(text));
    await shows("watched 1");

    // A file that it imports, saved by renaming, as editors do.
    renameSync(file("saved", "export const value = 2;"), join(folder.path, "watched-helper.ts"));
    await shows("watched 2");

    file("watched-helper.ts", "export const value = = 3;");
    await until("the error", () => logged("does not compile")[0]);
    await shows("watched 2");
    file("watched-helper.ts", "export const value = 4;");
    await shows("watched 4");
    expect(logged("does not compile")).toHaveLength(1);
    expect(logged("does not compile")[0]).toMatch(/watched-helper\.ts:1:22: .*goes on as it was$/);

    // Other families than before.
    file("watched.ts", collector("other", "watched-helper.ts"));
    expect(await shows("other 4")).not.toContain("watched 4");
    expect(logged("again: collector watched")).toHaveLength(3);
    expect(await endpoint.stop()).toBe(0);
  });
});
