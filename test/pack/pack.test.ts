import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ProgramResult, runProgram } from "../harness/run-program.ts";
import { temporaryFolder } from "../harness/temporary-folder.ts";

// What a user gets: the tarballs of all packages, built before (npm run build), in an empty project.
const PACKAGES = [
  "model",
  "exposition",
  "client",
  "toolkit",
  "promql",
  "tsdb",
  "simulator",
  "linklight",
];
const COMPILERS = {
  "typescript-5": "typescript@5.9.3",
  "typescript-6": "typescript@6.0.3",
  "typescript-7": "typescript@7.0.2",
};

const root = fileURLToPath(new URL("../..", import.meta.url));
const { version } = JSON.parse(
  readFileSync(join(root, "packages/linklight/package.json"), "utf8"),
) as { version: string };
const folder = temporaryFolder("pack");
const tarballs = join(folder.path, "tarballs");
const project = join(folder.path, "project");

afterAll(() => folder.remove());

beforeAll(async () => {
  mkdirSync(tarballs);
  mkdirSync(project);
  const workspaces = PACKAGES.map((name) => `--workspace=packages/${name}`);
  await npm(root, "pack", "--pack-destination", tarballs, ...workspaces);
  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
  cpSync(join(root, "test/pack/consumer.ts"), join(project, "consumer.ts"));
  const compilers = Object.entries(COMPILERS).map(([alias, version]) => `${alias}@npm:${version}`);
  await npm(project, "install", ...tarballsOf(...PACKAGES), "@types/node@20.19.43", ...compilers);
});

function tarballsOf(...names: string[]): string[] {
  const files = readdirSync(tarballs);
  return names.map((name) => {
    const file = files.find((each) =>
      new RegExp(`^(linklight-)?${name}-[0-9.]+\\.tgz$`).test(each),
    );
    if (file === undefined) throw new Error(`${name} was not packed: ${files.join(", ")}`);
    return join(tarballs, file);
  });
}

async function npm(cwd: string, ...args: string[]): Promise<ProgramResult> {
  const result = await runProgram("npm", [...args, "--no-audit", "--no-fund"], { cwd });
  if (result.code !== 0) throw new Error(`npm ${args.join(" ")}: ${result.stdout}${result.stderr}`);
  return result;
}

function typeScript(alias: string, ...args: string[]): Promise<ProgramResult> {
  const compiler = join(project, "node_modules", alias, "bin", "tsc");
  return runProgram(process.execPath, [compiler, "consumer.ts", ...args], { cwd: project });
}

const STRICT = ["--strict", "--skipLibCheck", "false", "--target", "es2023", "--types", "node"];

describe("the packages, installed from their tarballs", () => {
  it.each(PACKAGES)("%s holds its build and sources, and neither tests nor build state", (name) => {
    const installed = join(
      project,
      "node_modules",
      name === "linklight" ? name : `@linklight/${name}`,
    );
    const files = readdirSync(installed, { recursive: true, encoding: "utf8" });
    expect(files).toEqual(
      expect.arrayContaining(["LICENSE", "dist/index.js", "dist/index.d.ts", "src/index.ts"]),
    );
    expect(files.filter((file) => /\.test\.|tsbuildinfo|node_modules/.test(file))).toEqual([]);
  });

  it("the client brings two packages with it, and nothing else", async () => {
    const alone = join(folder.path, "client-alone");
    mkdirSync(alone);
    writeFileSync(join(alone, "package.json"), JSON.stringify({ private: true }));
    await npm(alone, "install", ...tarballsOf("model", "exposition", "client"));
    const { stdout } = await npm(alone, "ls", "--all", "--parseable");
    const installed = stdout.trim().split("\n").slice(1);
    expect(installed.map((path) => path.split("node_modules/").at(-1)).sort()).toEqual([
      "@linklight/client",
      "@linklight/exposition",
      "@linklight/model",
    ]);
  });

  describe.each(Object.keys(COMPILERS))("%s", (compiler) => {
    it.each([
      ["nodenext", "nodenext"],
      ["esnext", "bundler"],
    ])("accepts a consumer as a module of kind %s resolved by %s", async (module, resolution) => {
      const result = await typeScript(
        compiler,
        ...STRICT,
        "--noEmit",
        "--module",
        module,
        "--moduleResolution",
        resolution,
      );
      expect(result).toEqual({ code: 0, stdout: "", stderr: "" });
    });
  });

  it("serve a page", async () => {
    const compiled = await typeScript("typescript-5", ...STRICT, "--module", "nodenext");
    expect(compiled).toEqual({ code: 0, stdout: "", stderr: "" });
    const result = await runProgram(process.execPath, ["consumer.js"], { cwd: project });
    expect(result.stderr).toBe("");
    const { text, contentType, names, labels, ...others } = JSON.parse(result.stdout) as Record<
      string,
      string | number
    >;
    expect(others).toEqual({ sum: 1, chunkBytes: 11, failures: 0 });
    expect(contentType).toMatch(/^text\/plain; version=0\.0\.4; charset=utf-8/);
    expect(text).toContain('demo_requests_total{method="GET"} 2\n');
    expect(text).toContain('room_temperature_celsius{room="kitchen"} 21.5\n');
    expect(names).toEqual(
      expect.arrayContaining(["demo_requests_total", "room_temperature_celsius"]),
    );
    expect(labels).toBe('{room="kitchen"}');
  });

  it("bring the command line", async () => {
    const linklight = join(project, "node_modules", ".bin", "linklight");
    const result = await runProgram(linklight, ["--version"], { cwd: project });
    expect(result).toEqual({ code: 0, stdout: `linklight ${version}\n`, stderr: "" });
  });
});
