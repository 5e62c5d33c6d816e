import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Db } from "@linklight/tsdb";
import { beforeAll, describe, expect, it } from "vitest";
import { linklight } from "../e2e/linklight.ts";
import { PROMETHEUS_PEERS } from "../harness/peer.ts";
import { promtool } from "../harness/promtool.ts";
import { temporaryFolder } from "../harness/temporary-folder.ts";
import { undoAfterAll } from "../harness/undo.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** The second block begins at a time that is no whole second. */
const START = 1_700_006_400_000;
const SLOW = { timeout: 120_000 };

describe.each(PROMETHEUS_PEERS)("linklight tsdb and $title", SLOW, ({ role, missing }) => {
  const undo = undoAfterAll();
  const isOld = role === "prometheus-2";
  let folder: string;
  let blocks: string[];

  beforeAll(async () => {
    if (missing) return;
    const temporary = temporaryFolder("commands");
    undo(temporary.remove);
    folder = temporary.path;
    blocks = await writeDirectories(folder);
  });

  const both = async (...args: readonly string[]) => {
    const theirs = await promtool(role, ["tsdb", ...args], { cwd: folder });
    const ours = await linklight(["tsdb", ...args], { cwd: folder });
    return { theirs, ours };
  };

  it.skipIf(missing).each([
    ["list", "data"],
    ["list", "-r", "data"],
    ["list", "--human-readable", "data"],
    ["list", "empty"],
    ["list"],
    ["dump", "data"],
    // Of the head alone promtool leaves series in the order in which they came.
    ["dump", `--min-time=${START + 5 * HOUR}`, "--match=flow", "data"],
    // Version 2 forgets the times for a series of which something is deleted.
    ["dump", `--max-time=${START + 2 * HOUR}`, '--match={port!="3"}', "data"],
    ["dump", `--max-time=${START + HOUR}`, "--match=flow", "data"],
    ["dump", "--min-time=5", "--max-time=2", "data"],
    ["dump", '--match={port="1"}', "data"],
    ["dump", '--match=rx_bytes_total{port!~"1|2"}', "data"],
    ["dump", '--match={absent=""}', "data"],
    ["dump", "--match=sum", "data"],
    ["dump"],
  ])("print the same: %s %s %s %s", async (...args) => {
    const { theirs, ours } = await both(...args);
    expect(theirs.code).toBe(0);
    expect(ours).toEqual(theirs);
  });

  // Nothing is left out in silence: of version 2 there is nothing to compare.
  const asOfVersion3: readonly string[][] = [
    ["dump-openmetrics", "data"],
    ["dump-openmetrics", '--match={port="1"}', '--match={port="2"}', "data"],
    ["dump", "--match=rx_bytes_total", '--match={port="2"}', "data"],
    ["dump", "--sandbox-dir-root=.", "data"],
    ["dump", `--min-time=${START + HOUR}`, `--max-time=${START + 3 * HOUR}`, "data"],
  ];
  it.skipIf(missing).each(isOld ? [] : asOfVersion3)(
    "print the same, as of version 3: %s %s %s",
    async (...args) => {
      const { theirs, ours } = await both(...args);
      expect(theirs.code).toBe(0);
      expect(ours).toEqual(theirs);
    },
  );

  const sameAnalysis = async (...flags: readonly string[]): Promise<void> => {
    for (const block of [[], ...blocks.map((ulid) => [ulid])]) {
      const { theirs, ours } = await both("analyze", ...flags, "data", ...block);
      expect([theirs.code, ours.code]).toEqual([0, 0]);
      expect(comparable(ours.stdout)).toEqual(comparable(theirs.stdout));
    }
  };

  it.skipIf(missing).each([["--limit=20"], ["--limit=1"], ["--limit=3"]])(
    "analyze the same: %s",
    sameAnalysis,
  );

  const flagsOfVersion3 = ["--extended", "--match=rx_bytes_total", '--match={port=~"1|2"}'];
  it.skipIf(missing).each(isOld ? [] : flagsOfVersion3)(
    "analyze the same, as of version 3: %s",
    (flag) => sameAnalysis(flag),
  );

  it
    .skipIf(missing)
    .each([
      "a{",
      "{",
      "a[5m]",
      "sum(a)",
      '"x"',
      "1",
      "a offset 5m",
      "a b",
      "-a",
      "(a)",
      "a or b",
      'a{b="c"',
      'a{b="c"} > 1',
    ])("refuse the selector %s in the same words", async (selector) => {
    const { theirs, ours } = await both("dump", `--match=${selector}`, "data");
    expect([theirs.code, ours.code]).toEqual([1, 1]);
    const [message] = ours.stderr.split("\n");
    expect(message?.replace(/^error: /, "")).toBe(theirs.stderr.trim());
    expect(ours.stdout).toBe("");
  });

  it.skipIf(missing).each([
    [["list", "nowhere"], /no such file/, "error: nowhere: there is no such directory"],
    [["dump", "nowhere"], /no such file/, "error: nowhere: there is no such directory"],
    [["list", "page.om"], /not a directory/, "error: page.om: cannot be read: ENOTDIR"],
    [["analyze", "empty"], /block {2}not found|no blocks found/, "error: no blocks found in empty"],
    [["analyze", "data", "01AAAA"], /block.*01AAAA/, "error: invalid block ID 01AAAA"],
    [
      ["create-blocks-from", "openmetrics", "nowhere.om", "out"],
      /no such file/,
      "error: cannot read nowhere.om: ENOENT",
    ],
  ])("both refuse %j", async (args, theirWords, ourWords) => {
    const { theirs, ours } = await both(...args);
    expect([theirs.code, ours.code]).toEqual([1, 1]);
    expect(theirs.stderr).toMatch(theirWords);
    expect(ours.stderr).toContain(ourWords);
    expect(ours.stdout).toBe("");
  });

  it.skipIf(missing).each([
    ["without an end", "a 1 1\n", "data does not end with # EOF", "does not end with # EOF"],
    [
      "without times",
      "a 1\n# EOF\n",
      "expected timestamp for series got none",
      ":1: expected timestamp for series a, got none",
    ],
    [
      "with more than one end",
      "a 1 1\n# EOF\na 2 2\n# EOF\n",
      "unexpected data after # EOF",
      ":3:1: expected nothing after",
    ],
    [
      "that is no OpenMetrics",
      "a 1 1\na{ 2 2\n# EOF\n",
      "expected label name",
      ":2:3: expected a label name",
    ],
    ["of no bytes", "", "mmap, size 0", "does not end with # EOF"],
  ])("both refuse a page %s, and make nothing of it", async (_, page, theirWords, ourWords) => {
    const { theirs, ours, made } = await create(page);
    expect([theirs.code, ours.code]).toEqual([1, 1]);
    expect(theirs.stderr).toContain(theirWords);
    expect(ours.stderr).toContain(ourWords);
    expect(made).toEqual([0, 0]);
  });

  // promtool says nothing and ends with 0: data is gone, and nobody knows.
  it.skipIf(missing).each([
    ["out of order", "a 1 2\na 1 1\n# EOF\n", "a at 1000 ms: out of order sample"],
    ["twice for a time", "a 1 1\na 2 1\n# EOF\n", "a at 1000 ms: duplicate sample for timestamp"],
  ])("only linklight refuses samples %s, of which promtool loses one", async (_, page, words) => {
    const { theirs, ours, made } = await create(page);
    expect([theirs.code, theirs.stderr]).toEqual([0, ""]);
    expect([ours.code, made]).toEqual([1, [1, 0]]);
    expect(ours.stderr).toContain(words);
  });

  it.skipIf(missing).each([
    ["with exemplars, which blocks cannot hold", 'h_total{a="1"} 1 1 # {t="x"} 0.5 1\n# EOF\n'],
    ["with the same sample twice", "a 1 1\na 1 1\n# EOF\n"],
    ["of two blocks, the later one first", "a 1 7200\nb 1 1\n# EOF\n"],
    ["of every kind of number", "a NaN 1\na -0 2\na +Inf 3\na -Inf 4\na 1e-320 5\n# EOF\n"],
  ])("both make the same blocks of a page %s", async (_, page) => {
    const { theirs, ours, made, directories } = await create(page);
    expect([theirs.code, ours.code]).toEqual([0, 0]);
    expect(rowsOf(ours.stdout)).toEqual(rowsOf(theirs.stdout));
    expect(made[0]).toBe(made[1]);
    const [a, b] = await Promise.all(
      directories.map((name) => promtool(role, ["tsdb", "dump", name], { cwd: folder })),
    );
    expect(a).toEqual(b);
  });

  let pages = 0;
  /** Lets both make blocks of a page. `made`: how many, theirs first. */
  const create = async (page: string) => {
    const name = `page-${pages++}.om`;
    writeFileSync(join(folder, name), page);
    const directories = [`theirs-${name}`, `ours-${name}`] as const;
    for (const one of directories) mkdirSync(join(folder, one, "wal"), { recursive: true });
    const make = (to: string) => ["tsdb", "create-blocks-from", "openmetrics", name, to];
    const theirs = await promtool(role, make(directories[0]), { cwd: folder });
    const ours = await linklight(make(directories[1]), { cwd: folder });
    const made = directories.map(
      (one) => readdirSync(join(folder, one)).filter((entry) => entry !== "wal").length,
    );
    return { theirs, ours, made, directories };
  };
});

/** Blocks and a head, tombstones in both; and an empty database. Returns the ULIDs of the blocks. */
async function writeDirectories(folder: string): Promise<string[]> {
  mkdirSync(join(folder, "empty", "wal"), { recursive: true });
  writeFileSync(join(folder, "page.om"), "# EOF\n");
  const db = await Db.open(join(folder, "data"), { autoCompaction: false, retentionMs: 0 });
  for (let t = START + 125; t < START + 6.5 * HOUR; t += 5 * MINUTE) {
    const appender = db.appender();
    for (const port of ["1", "2", "3"])
      appender.append({ __name__: "rx_bytes_total", port }, t, (t - START) * Number(port));
    appender.append({ __name__: "sum", text: 'a "b"\\\u0007é' }, t, Math.sin(t));
    appender.append({ __name__: "flow", id: `${Math.floor((t - START) / HOUR)}` }, t, t % 7);
    appender.commit();
  }
  await db.compact();
  const port = {
    name: "port",
    operator: "=" as const,
    value: "3",
    matches: (one: string) => one === "3",
  };
  await db.deleteSeries([port], { minTime: START + HOUR, maxTime: START + 6 * HOUR });
  const ulids = db.blocks.map(({ meta }) => meta.ulid);
  expect(ulids.length).toBeGreaterThan(1);
  await db.close();
  return ulids;
}

/** Lists are sorted by number, and promtool leaves the order of equals, and which of them are on the list, to chance. */
function comparable(report: string): string[] {
  return report
    .replace(/^Series: /m, "Total Series: ")
    .split("\n\n")
    .map((part) => {
      const [title, ...lines] = part.trim().split("\n");
      if (!/(churning|pairs|length|labels|names):$/.test(title ?? "")) return part.trim();
      const least = lines.at(-1)?.split(" ")[0];
      const certain = lines.filter((line) => line.split(" ")[0] !== least);
      return [title, lines.length, ...certain.sort()].join("\n");
    });
}

/** The rows of a table of blocks without ULIDs, and without sizes, which differ by what Prometheus has for label indices. */
function rowsOf(table: string): string[][] {
  return table
    .trimEnd()
    .split("\n")
    .slice(1)
    .map((line) => line.split(/ +/).slice(1, -1));
}
