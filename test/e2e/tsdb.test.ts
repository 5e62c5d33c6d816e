import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TemporaryFolder, temporaryFolder } from "../harness/temporary-folder.ts";
import { linklight, SLOW } from "./linklight.ts";

const HISTORY = [
  "simulate",
  "--fabric",
  "pair",
  "--from",
  "2026-02-01T11:30:00Z",
  "--to",
  "2026-02-01T14:30:00Z",
  "--step",
  "1m",
  // Histograms among them, whose buckets are series of their own.
  "--metrics",
  "switch_port_up,switch_port_receive_frame_size_bytes",
  "--switch.detail=full",
];

let folder: TemporaryFolder;
beforeEach(() => {
  folder = temporaryFolder("tsdb");
});
afterEach(() => folder.remove());

const at = (...names: readonly string[]): string => join(folder.path, ...names);

/** The rows of `tsdb list` without the ULIDs and sizes. */
function rowsOf(table: string): string[][] {
  return table
    .trimEnd()
    .split("\n")
    .slice(1)
    .map((line) => line.split(/ {2,}/).slice(1, -1));
}

describe("linklight tsdb", SLOW, () => {
  it("shows the same of blocks that were simulated and of blocks made of a page", async () => {
    const simulated = await linklight([
      ...HISTORY,
      "--output-format",
      "blocks",
      "--output",
      at("simulated"),
    ]);
    expect(simulated.stderr).toMatch(/^wrote [\d,]+ samples in 3 blocks to .*simulated in /);
    await linklight([...HISTORY, "--output", at("history.om")]);
    const created = await linklight([
      "tsdb",
      "create-blocks-from",
      "openmetrics",
      at("history.om"),
      at("created"),
    ]);
    expect(created.code).toBe(0);
    const [a, b] = await Promise.all(
      ["simulated", "created"].map(async (name) => ({
        list: (await linklight(["tsdb", "list", at(name)])).stdout,
        dump: (await linklight(["tsdb", "dump", at(name)])).stdout,
      })),
    );
    expect(rowsOf(a?.list ?? "")).toEqual(rowsOf(b?.list ?? ""));
    expect(rowsOf(created.stdout)).toEqual(rowsOf(a?.list ?? ""));
    expect(a?.dump).toBe(b?.dump);
    expect(a?.dump).toContain("switch_port_");
  });

  it("dumps what a selector and a time ask for, as lines and as OpenMetrics", async () => {
    writeFileSync(
      at("page.om"),
      'a_total{port="1"} 1 1700000000\na_total{port="1"} 1e6 1700000060\nb{port="2"} NaN 1700000000\n# EOF\n',
    );
    await linklight(["tsdb", "create-blocks-from", "openmetrics", "-q", at("page.om"), at("data")]);
    const dump = await linklight(["tsdb", "dump", "--match", '{port="1"}', at("data")]);
    expect(dump.stdout).toBe(
      '{__name__="a_total", port="1"} 1 1700000000000\n{__name__="a_total", port="1"} 1e+06 1700000060000\n',
    );
    const page = await linklight([
      "tsdb",
      "dump-openmetrics",
      "--max-time",
      "1700000000000",
      at("data"),
    ]);
    expect(page.stdout).toBe(
      'a_total{port="1"} 1 1700000000.000\nb{port="2"} NaN 1700000000.000\n# EOF\n',
    );
  });

  it("says of a block which labels make its series so many", async () => {
    writeFileSync(
      at("page.om"),
      Array.from({ length: 5 }, (_, port) => `x{port="${port}"} 1 1700000000\n`).join("") +
        "# EOF\n",
    );
    await linklight(["tsdb", "create-blocks-from", "openmetrics", "-q", at("page.om"), at("data")]);
    const { stdout } = await linklight(["tsdb", "analyze", "--limit", "1", at("data")]);
    expect(stdout).toContain("Total Series: 5\nLabel names: 2\n");
    expect(stdout).toContain("Highest cardinality labels:\n5 port\n");
    expect(stdout).toContain("Highest cardinality metric names:\n5 x\n");
  });

  it.each([
    ["a 1\n# EOF\n", /page\.om:1: expected timestamp for series a, got none/],
    ["a 1 1\n", /page\.om: does not end with # EOF: is it cut off\?/],
    ["a 1 1\na{ 2 2\n# EOF\n", /page\.om:2:\d+: /],
    ["a 1 2\na 1 1\n# EOF\n", /out of order sample/],
    ["a 1 1\na 2 1\n# EOF\n", /duplicate sample for timestamp/],
    [
      "a 1 1e19\n# EOF\n",
      /page\.om: a at 1e\+22 ms: timestamp 1e\+22: expected whole milliseconds/,
    ],
    ["# EOF\n", /holds no sample/],
  ])("refuses the page %j with the line of the mistake", async (page, message) => {
    writeFileSync(at("page.om"), page);
    const { code, stderr } = await linklight([
      "tsdb",
      "create-blocks-from",
      "openmetrics",
      at("page.om"),
      at("data"),
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
  });

  it("says in one line what is wrong with a directory, a block, a selector", async () => {
    mkdirSync(at("empty"));
    writeFileSync(at("page.om"), "x 1 1\n# EOF\n");
    const failures = await Promise.all(
      [
        ["list", at("nowhere")],
        ["analyze", at("empty")],
        ["dump", "--match", "{port=", at("empty")],
        ["create-blocks-from", "openmetrics", at("empty"), at("data")],
        ["create-blocks-from", "openmetrics", at("page.om"), at("page.om")],
        ["analyze", "--limit", "-1", at("empty")],
      ].map((args) => linklight(["tsdb", ...args])),
    );
    expect(failures.map(({ code }) => code)).toEqual([1, 1, 1, 1, 1, 2]);
    const [nowhere, empty, selector, noFile, noDirectory, limit] = failures.map(
      ({ stderr }) => stderr,
    );
    expect(nowhere).toMatch(/^error: .*nowhere: there is no such directory\n$/);
    expect(empty).toMatch(/^error: no blocks found in .*empty\n$/);
    expect(selector).toMatch(/^error: 1:7: parse error: unexpected end of input inside braces\n/);
    expect(noFile).toMatch(/^error: cannot read .*empty: expected a file\n$/);
    expect(noDirectory).toMatch(/^error: .*page\.om: cannot be used: EEXIST.*\n$/);
    expect(limit).toMatch(/^error: .*'-1' is invalid\. expected 0 or more\n$/);
  });

  it("leaves a damaged block out, and shows the others", async () => {
    await linklight([...HISTORY, "--output-format", "blocks", "--output", at("data")]);
    const [first = ""] = readdirSync(at("data")).sort();
    rmSync(at("data", first, "index"));
    const { code, stdout, stderr } = await linklight(["tsdb", "list", at("data")]);
    expect(code).toBe(0);
    expect(rowsOf(stdout)).toHaveLength(2);
    expect(stderr).toContain(`${first} is left out`);
  });
});
