import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const packages = fileURLToPath(new URL("../packages/", import.meta.url));

/** What a package compiles with, and what it is made of. */
interface PackageFiles {
  readonly types: unknown;
  readonly sources: readonly (readonly [path: string, text: string])[];
}

function filesOf(name: string): PackageFiles {
  const config = JSON.parse(readFileSync(join(packages, name, "tsconfig.json"), "utf8")) as {
    compilerOptions?: { types?: unknown };
  };
  const source = join(packages, name, "src");
  const paths = readdirSync(source, { recursive: true, encoding: "utf8" });
  return {
    types: config.compilerOptions?.types,
    sources: paths
      .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
      .map((path) => [path, readFileSync(join(source, path), "utf8")]),
  };
}

// `npm run check` compiles them with these options; test/peers/browser.test.ts runs them in one.
describe.each(["model", "promql"])("%s, which runs in a browser", (name) => {
  const { types, sources } = filesOf(name);

  it("compiles without Node's types", () => {
    expect(types).toEqual([]);
  });

  it("imports nothing of Node", () => {
    expect(sources.length).toBeGreaterThan(5);
    const importing = sources.filter(([, text]) => /from "node:|import\("node:/.test(text));
    expect(importing.map(([path]) => path)).toEqual([]);
  });
});
