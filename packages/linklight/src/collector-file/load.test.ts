import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type CollectedFamily, type Collector, GaugeFamily, Registry } from "@linklight/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CollectorFileError } from "./collector-file-error.ts";
import { loadCollectorFile } from "./load.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "linklight-load-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let made = 0;

/** Writes files into a new folder and gives the path of the first. */
function write(files: Readonly<Record<string, string>>): string {
  const home = join(folder, String(made++));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), text);
  }
  return join(home, Object.keys(files)[0] as string);
}

async function problemOf(path: string): Promise<CollectorFileError> {
  const error = await loadCollectorFile(path).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof CollectorFileError) return error;
  throw new Error("expected a CollectorFileError", { cause: error });
}

/** What is wrong with a file, with its name in place of its path. */
async function problemIn(path: string): Promise<string> {
  return (await problemOf(path)).message.replaceAll(`${dirname(path)}/`, "");
}

async function families(collector: Collector): Promise<CollectedFamily[]> {
  const found: CollectedFamily[] = [];
  const context = { signal: new AbortController().signal, deadline: Date.now() + 1000 };
  for await (const family of await collector.collect(context)) found.push(family);
  return found;
}

describe("loadCollectorFile", () => {
  it("shares the classes of the running packages, without package.json or installation", async () => {
    const path = write({
      "rooms.ts": `
        import { type Collector, GaugeFamily } from "@linklight/client";
        const room = () => new GaugeFamily({ name: "room_temperature_celsius", help: "Air temperature" });
        export default { describe: () => [room()], *collect() { yield room().add({}, 21.5); } } satisfies Collector;`,
    });
    const { collector } = await loadCollectorFile(path);
    const [family] = await families(collector);
    expect(family).toBeInstanceOf(GaugeFamily);
    const registry = new Registry().register(collector);
    expect(registry.collectorNames).toEqual(["rooms"]);
    expect(await registry.text()).toContain("room_temperature_celsius 21.5\n");
  });

  it.each(["client", "client/testing", "client/prom-client", "exposition", "model"])(
    "gives a collector file @linklight/%s",
    async (name) => {
      const path = write({
        "rooms.ts": `import * as running from "@linklight/${name}";
          export default { name: Object.keys(running).sort().join(), collect: () => [] };`,
      });
      const running = (await import(`@linklight/${name}`)) as object;
      const { collector } = await loadCollectorFile(path);
      expect(collector.name).toBe(Object.keys(running).sort().join());
    },
  );

  it.each([
    ["an object", "export default { name: 'given', collect: () => [] };", "given"],
    ["an object without a name", "export default { collect: () => [] };", "rooms"],
    ["a function", "export default () => ({ name: 'made', collect: () => [] });", "made"],
    ["an async function", "export default async () => ({ collect: () => [] });", "rooms"],
    [
      "an instance of a class with private fields",
      "class Rooms { #n = 'secret'; get name() { return this.#n; } collect() { return [this.#n][1] ?? []; } } export default new Rooms();",
      "secret",
    ],
    [
      "an object made after waiting",
      "const name = await Promise.resolve('later'); export default { name, collect: () => [] };",
      "later",
    ],
  ])("accepts %s as the default export", async (_, text, name) => {
    const { collector } = await loadCollectorFile(write({ "rooms.ts": text }));
    expect(collector.name).toBe(name);
    expect(await families(collector)).toEqual([]);
  });

  it.each(["rooms.ts", "rooms.mts", "rooms.js", "rooms.mjs"])(
    "runs %s as a module",
    async (name) => {
      const path = write({ [name]: "export default { collect: () => [] };" });
      expect((await loadCollectorFile(path)).collector.name).toBe("rooms");
    },
  );

  it.each(["rooms.js", "rooms.cjs", "rooms.cts"])("runs %s as CommonJS", async (name) => {
    const path = write({ [name]: "module.exports = { collect: () => [] };" });
    expect((await loadCollectorFile(path)).collector.name).toBe("rooms");
  });

  it("runs JavaScript of a package of type module", async () => {
    const path = write({
      "rooms.js": "import { name } from './name.js'; export default { name, collect: () => [] };",
      "name.js": "export const name = 'other';",
      "package.json": '{"type": "module"}',
    });
    expect((await loadCollectorFile(path)).collector.name).toBe("other");
  });

  it("imports local files of every kind, and says which", async () => {
    const path = write({
      "rooms.ts": `
        import os, { cpus } from "node:os";
        import a from "./lib/a.ts";
        import { b } from "./lib/b.mjs";
        import c, { two } from "./lib/c.cjs";
        import json from "./lib/d.json";
        const name: string = [a, b, c.one, two, json.three, os.cpus === cpus].join();
        export default { name, collect: () => [] };`,
      "lib/a.ts": "import { e } from './e.js'; export default e as string;",
      "lib/b.mjs": "export const b = 'b';",
      "lib/c.cjs": "exports.one = 1; exports.two = 2;",
      "lib/d.json": '{"three": 3}',
      "lib/e.js": "export const e = 'e';",
    });
    const { collector, files } = await loadCollectorFile(path);
    expect(collector.name).toBe("e,b,1,2,3,true");
    const home = `${dirname(path)}/`;
    expect(files.map((file) => file.replace(home, "")).sort()).toEqual([
      "lib/a.ts",
      "lib/b.mjs",
      "lib/c.cjs",
      "lib/d.json",
      "lib/e.js",
      "rooms.ts",
    ]);
  });

  it.each(["helper.ts", "helper.mjs", "helper.cjs", "helper.json"])(
    "runs a changed %s anew when it loads the file again",
    async (helper) => {
      const text = (name: string): string =>
        helper.endsWith("json")
          ? JSON.stringify({ name })
          : helper.endsWith("cjs")
            ? `exports.name = "${name}";`
            : `export const name = "${name}";`;
      const path = write({
        "rooms.ts": `import * as helper from "./${helper}"; export default { name: helper.name, collect: () => [] };`,
        [helper]: text("before"),
      });
      expect((await loadCollectorFile(path)).collector.name).toBe("before");
      writeFileSync(join(dirname(path), helper), text("after"));
      const { collector, files } = await loadCollectorFile(path);
      expect(collector.name).toBe("after");
      expect(files).toEqual([path, join(dirname(path), helper)]);
    },
  );

  it.each([
    [
      "that does not compile",
      'const a: number = 1;\nexport default { name: "q" collect() {} };\n',
      'rooms.ts:2:28: does not compile: Unexpected token, expected ","',
    ],
    [
      "that throws",
      "const rooms = undefined as any;\n\n  rooms.first.open();\nexport default {};\n",
      "rooms.ts:3:9: failed while it was loaded: Cannot read properties of undefined (reading 'first')",
    ],
    [
      "that imports what is not there",
      '\nimport { z } from "./missing.ts";\nexport default z;\n',
      'rooms.ts:2:19: cannot find "./missing.ts": check the path, which starts from the file that imports it',
    ],
    [
      "that imports a package that is not installed",
      'import z from "no-such-package-anywhere";\nexport default z;\n',
      'rooms.ts:1:15: cannot find "no-such-package-anywhere": install the package beside the file, or take the import out',
    ],
    [
      "that gives a family a bad name",
      'import { GaugeFamily } from "@linklight/client";\nconst family =\n  new GaugeFamily({ name: "a b", help: "" });\nexport default { collect: () => [family] };\n',
      'rooms.ts:3:3: failed while it was loaded: invalid metric name "a b": letters, digits, "_" and ":" only, not beginning with a digit; set utf8: true if it is meant',
    ],
  ])("says where and what in a file %s", async (_, text, message) => {
    expect(await problemIn(write({ "rooms.ts": text }))).toBe(message);
  });

  it("draws the line", async () => {
    const path = write({ "rooms.ts": "\n\tconst a = = 1;\n" });
    expect((await problemOf(path)).frame).toBe("   const a = = 1;\n             ^");
  });

  it("names the imported file when that is the wrong one", async () => {
    const path = write({
      "rooms.ts": "import a from './a.ts';\nexport default a;",
      "a.ts": "export default {;\n",
    });
    const problem = await problemOf(path);
    expect(problem.position).toEqual({ file: join(dirname(path), "a.ts"), line: 1, column: 17 });
    expect(problem.files).toEqual([path, join(dirname(path), "a.ts")]);
  });

  const expected =
    'expected a collector, as in export default { name: "rooms", collect() { … } }, or a function that returns one';
  it.each([
    [
      "export const rooms = 1, doors = 2;",
      `has no default export (it exports doors, rooms); ${expected}`,
    ],
    ["", `has no default export (it exports nothing); ${expected}`],
    ["export {};", `has no default export (it exports nothing); ${expected}`],
    ["export default undefined;", `the default export is undefined; ${expected}`],
    ["export default null;", `the default export is null; ${expected}`],
    ["export default 5;", `the default export is number 5; ${expected}`],
    ["export default [];", `the default export is a list; ${expected}`],
    [
      "export default { name: 'a' };",
      `the default export is an object without collect(); ${expected}`,
    ],
    ["export default () => {};", `the default export is undefined; ${expected}`],
    [
      "export default { name: 3, collect() {} };",
      "the name of the collector is number 3; expected a text, or no name at all",
    ],
    [
      "export default class Rooms { collect() {} }",
      "the default export is a class: export a collector made of it, export default new Rooms()",
    ],
    [
      "export default { collect() {}, describe: [] };",
      "describe is a list; expected a function that returns the metric families, or none",
    ],
    [
      "export default { collect() {}, async describe() { return []; } };",
      "describe() returned a promise; expected a list of the metric families that collect() gives, at once",
    ],
    [
      "export default { collect() {}, describe: () => ['rooms'] };",
      'describe() gave string "rooms"; expected a list of the metric families that collect() gives',
    ],
  ])("says what was expected of %j", async (text, message) => {
    expect(await problemIn(write({ "rooms.ts": text }))).toBe(`rooms.ts: ${message}`);
  });

  it.each([
    [
      "describe()",
      "export default {\n  describe() { throw new Error('no rooms'); },\n  collect: () => [] };",
      "rooms.ts:2:22: describe() failed: no rooms",
    ],
    [
      "the function that makes it",
      "export default async function rooms() {\n  throw new Error('no rooms');\n}",
      "rooms.ts:2:9: the function rooms() that is to make the collector failed: no rooms",
    ],
    [
      "a nameless function that makes it",
      "export default () => {\n  throw new Error('no rooms');\n}",
      "rooms.ts:2:9: the function that is to make the collector failed: no rooms",
    ],
    [
      "the promise of it",
      "export default Promise.reject(\n  new Error('no rooms'));",
      "rooms.ts:2:3: the promise that is to make the collector failed: no rooms",
    ],
    [
      "a getter of it",
      "export default {\n  get collect() { throw new Error('no rooms'); } };",
      "rooms.ts:2:25: the default export cannot be read: no rooms",
    ],
  ])("says where %s threw", async (_, text, message) => {
    expect(await problemIn(write({ "rooms.ts": text }))).toBe(message);
  });

  it.each([
    ["at once", "\ncollect() { throw new Error('cold'); }"],
    ["in a generator", "\n*collect() { throw new Error('cold'); }"],
    ["in an async generator", "\nasync *collect() { throw new Error('cold'); }"],
    ["in a promise", "\nasync collect() { throw new Error('cold'); }"],
  ])("says where collect() threw %s", async (_, method) => {
    const path = write({ "rooms.ts": `export default { ${method} };` });
    const { collector } = await loadCollectorFile(path);
    const error = await (async () => families(collector))().catch((thrown: unknown) => thrown);
    const column = method.indexOf("new Error");
    expect((error as Error).message).toBe(`cold (${path}:2:${column})`);
  });

  it("keeps what closes a collector", async () => {
    const path = write({
      "rooms.ts": "let closed = 0; export default { collect: () => [], close: () => ++closed };",
    });
    const { collector } = await loadCollectorFile(path);
    expect((collector as Collector & { close(): number }).close()).toBe(1);
  });

  it.each([
    ["awaits at its top", "await new Promise(() => {}); export default { collect: () => [] };"],
    ["makes its collector", "export default () => new Promise(() => {});"],
  ])("does not wait for ever for a file that %s", async (_, text) => {
    const loading = loadCollectorFile(write({ "rooms.ts": text }), { patienceMs: 20 });
    await expect(loading).rejects.toThrow("it was not done after 0.02 s");
    await expect(loading).rejects.toBeInstanceOf(CollectorFileError);
  });

  it("takes a collector that is promised", async () => {
    const text = "export default Promise.resolve({ collect: () => [] });";
    const { collector } = await loadCollectorFile(write({ "rooms.ts": text }));
    expect(collector.name).toBe("rooms");
  });

  it("follows a link: imports lie beside the file, the name is the link's, and both are watched", async () => {
    const text = 'import { zero } from "./zero.ts"; export default { collect: () => zero };';
    const path = write({ "rooms.ts": text, "zero.ts": "export const zero = [];" });
    const home = realpathSync(dirname(path));
    const link = join(folder, "linked.ts");
    symlinkSync(path, link);
    const { collector, files } = await loadCollectorFile(link);
    expect([collector.name, files]).toEqual([
      "linked",
      [link, join(home, "rooms.ts"), join(home, "zero.ts")],
    ]);
  });

  it("says that a file is not there, and that a folder is none", async () => {
    expect(await problemIn(join(folder, "nowhere.ts"))).toBe(
      "nowhere.ts: there is no such file; --collector takes the path of a TypeScript or JavaScript file, from the folder you are in",
    );
    expect(await problemIn(folder)).toContain(
      ": is a folder; --collector takes the path of a file",
    );
    expect(await problemIn("/dev/null")).toContain(": is no ordinary file;");
  });
});
