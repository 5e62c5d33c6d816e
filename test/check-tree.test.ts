import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";

const script = fileURLToPath(new URL("../scripts/check-tree.mjs", import.meta.url));
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Runs check-tree on a working copy with these files; its lines without the counts, and exit code. */
function checkTree(files: Record<string, string>): { lines: string[]; status: number | null } {
  const folder = mkdtempSync(join(tmpdir(), "check-tree-"));
  folders.push(folder);
  spawnSync("git", ["init", "--quiet"], { cwd: folder });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const { status, stdout } = spawnSync(process.execPath, [script, folder], { encoding: "utf8" });
  return { lines: stdout.trimEnd().split("\n").slice(0, -1), status };
}

function manifest(name: string, dependencies: Record<string, string> = {}): string {
  return JSON.stringify({ name, exports: { ".": {} }, dependencies });
}

const model = { "packages/model/package.json": manifest("@linklight/model") };

describe("check-tree", () => {
  it("accepts packages that import by their layer", () => {
    const { lines, status } = checkTree({
      ...model,
      "packages/client/package.json": manifest("@linklight/client", { "@linklight/model": "1" }),
      "packages/client/src/index.ts": '/** @module */\nexport { a } from "./a.ts";\n',
      "packages/client/src/a.ts":
        'import { readFile } from "node:fs";\nimport { b } from "@linklight/model";\n',
      "packages/client/src/a.test.ts": 'import { it } from "vitest";\n',
    });
    expect({ lines, status }).toEqual({ lines: [], status: 0 });
  });

  it("refuses imports that a package.json does not name, that leave the package, or go deep", () => {
    const { lines, status } = checkTree({
      ...model,
      "packages/exposition/package.json": manifest("@linklight/exposition", {
        "@linklight/model": "1",
      }),
      "packages/exposition/src/a.ts": [
        "/**",
        ' * import { not } from "counted";',
        " */",
        'import { b } from "../../model/src/b.ts";',
        "import {",
        "  c,",
        '} from "@linklight/model/src/c.ts";',
        'export type { D } from "yaml";',
        'const e = await import("jiti");',
        "",
      ].join("\n"),
    });
    expect(status).toBe(1);
    expect(lines).toEqual([
      'packages/exposition/src/a.ts:4: error: "../../model/src/b.ts" leaves the package: import what another one exports by its name',
      'packages/exposition/src/a.ts:5: error: "@linklight/model/src/c.ts" is not among the exports of packages/model/package.json: export it from its index.ts',
      'packages/exposition/src/a.ts:8: error: "yaml" is not in packages/exposition/package.json: add it there if the layers allow it',
      'packages/exposition/src/a.ts:9: error: "jiti" is not in packages/exposition/package.json: add it there if the layers allow it',
    ]);
  });

  it("lets a package that nobody installs import what it needs for development", () => {
    const manifestOf = (isPrivate: boolean): string =>
      JSON.stringify({
        name: "@linklight/dashboards",
        private: isPrivate,
        devDependencies: { ajv: "1" },
      });
    const linesFor = (isPrivate: boolean): string[] =>
      checkTree({
        "packages/dashboards/package.json": manifestOf(isPrivate),
        "packages/dashboards/src/a.ts": 'import { Ajv } from "ajv";\n',
      }).lines;
    expect([linesFor(true), linesFor(false)]).toEqual([
      [],
      [
        'packages/dashboards/src/a.ts:1: error: "ajv" is not in packages/dashboards/package.json: add it there if the layers allow it',
      ],
    ]);
  });

  it("refuses dependencies that the layers do not allow", () => {
    const { lines, status } = checkTree({
      "packages/model/package.json": manifest("@linklight/model", { "@linklight/client": "1" }),
      "packages/client/package.json": manifest("@linklight/client", { yaml: "2" }),
      "packages/extra/package.json": manifest("@linklight/extra"),
    });
    expect(status).toBe(1);
    expect(lines).toEqual([
      'packages/client/package.json: error: "yaml" is a third-party dependency, and client has none: write the little that is needed, or move it up a layer',
      'packages/extra/package.json: error: "extra" is in no layer: add it to scripts/check-tree/layers.mjs and ARCHITECTURE.md',
      "packages/model/package.json: error: model may not depend on client, only on nothing: declare the interface it needs, and let a higher layer connect them",
    ]);
  });

  it("refuses Node in model, and index files that are not a list of names", () => {
    const { lines, status } = checkTree({
      ...model,
      "packages/model/src/a.ts": 'import { readFile } from "node:fs";\n',
      "packages/model/src/index.ts": 'export * from "./a.ts";\n',
      "packages/model/src/labels/index.ts": 'export { b } from "./b.ts";\n',
    });
    expect(status).toBe(1);
    expect(lines).toEqual([
      'packages/model/src/a.ts:1: error: "node:fs" is Node\'s, and model runs in a browser too: take it as a parameter',
      "packages/model/src/index.ts: error: has no @module comment: begin with a sentence that says what the package is for",
      "packages/model/src/index.ts: error: has `export *`: name each export, grouped under a comment",
      "packages/model/src/labels/index.ts: error: index files hide what a folder holds: import the file that defines the thing",
    ]);
  });

  it("refuses files past 600 lines, tables excepted, and advises on those past 400", () => {
    const { lines, status } = checkTree({
      "packages/a/src/long.ts": "\n".repeat(601),
      "packages/a/src/functions-table.ts": "\n".repeat(601),
      "packages/a/src/longish.ts": "\n".repeat(401),
      "packages/a/src/fine.ts": "\n".repeat(400),
      "docs/long.md": "\n".repeat(601),
    });
    expect(status).toBe(1);
    expect(lines).toEqual([
      "packages/a/src/long.ts: error: 601 lines, at most 600: give each of the things in it a file of its own",
      "packages/a/src/longish.ts: warning: 401 lines: look whether it holds two things",
    ]);
  });

  it("advises on folders that are full or deep", () => {
    const files = Array.from({ length: 13 }, (_, i) => [`packages/a/src/b/${i}.ts`, ""]);
    const { lines, status } = checkTree({
      ...Object.fromEntries(files),
      "packages/a/src/b/0.test.ts": "",
      "packages/a/src/b/c/d.ts": "",
    });
    expect(status).toBe(0);
    expect(lines).toEqual([
      "packages/a/src/b/: warning: 13 files, a dozen is enough: move those that belong together into a folder",
      "packages/a/src/b/c/: warning: two levels below src, one is enough: move the folder up",
    ]);
  });

  it("refuses what belongs to one machine", () => {
    const home = "/home";
    const { lines, status } = checkTree({
      "docs/guide.md": `first\nsee ${home}/somebody/notes\n`,
      "package-lock.json": '{ "resolved": "https://host.example/a.tgz" }',
    });
    expect(status).toBe(1);
    expect(lines).toEqual([
      `docs/guide.md:2: error: "${home}/somebody/notes" belongs to one machine: use a relative path, or the system's temporary folder`,
      "package-lock.json: error: names the host it was made with: npm install with omit-lockfile-registry-resolved=true",
    ]);
  });
});
