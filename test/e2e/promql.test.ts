import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../harness/temporary-folder.ts";
import { linklight, SLOW } from "./linklight.ts";

const folder = temporaryFolder("promql");
afterAll(() => folder.remove());

function file(name: string, text: string): string {
  writeFileSync(join(folder.path, name), text);
  return name;
}

const promql = (...args: string[]) => linklight(["promql", ...args], { cwd: folder.path });

const SCRIPT = `# Two ports.
load 1m
  rx_packets_total{port="1"} 0+60x10
  rx_packets_total{port="2"} 0+120x9 _

eval instant at 10m rx_packets_total
`;

const HISTORY = `# TYPE rx_packets counter
rx_packets_total{port="1"} 0 0
rx_packets_total{port="1"} 60 60
rx_packets_total{port="2"} 0 0
rx_packets_total{port="2"} 120 60
# TYPE queue_bytes gauge
queue_bytes 1 0
queue_bytes 2 60
# EOF
`;

/** The drawing without what the clock says. */
function withoutTimes(drawing: string): string[] {
  return drawing.split("\n").map((line) => line.replace(/(?: +\d+\.\d{3}){2}$/, ""));
}

describe("linklight promql format", SLOW, () => {
  it("prints a query as Prometheus writes it", async () => {
    expect(await promql("format", "sum by(port)(rate(x{a='b'}[300s]))/2")).toEqual({
      code: 0,
      stdout: 'sum by (port) (rate(x{a="b"}[5m])) / 2\n',
      stderr: "",
    });
  });

  it("reads standard input for -", async () => {
    const { code, stdout } = await linklight(["promql", "format", "-"], {
      stdin: "a  +\n  b # both\n",
    });
    expect([code, stdout]).toEqual([0, "a + b\n"]);
  });

  it("marks every mistake, and ends with 1", async () => {
    expect(await promql("format", '1 == 1 + rate(x) or "a"')).toEqual({
      code: 1,
      stdout: "",
      stderr: `error: 1:15: parse error: expected type range vector in call to function "rate", got instant vector
  1 == 1 + rate(x) or "a"
                ^
1:21: parse error: binary expression must contain only scalar and instant vector types
  1 == 1 + rate(x) or "a"
                      ^
`,
    });
  });

  it("knows only the features that are asked for, where any are", async () => {
    const { code, stderr } = await promql("format", "--enable-feature=none", "min_of(1, 2)");
    expect([code, stderr.split("\n")[0]]).toEqual([
      1,
      'error: 1:1: parse error: function "min_of" is not enabled',
    ]);
    const enabled = await promql(
      ...["format", "--enable-feature", "promql-experimental-functions", "min_of(1, 2)"],
    );
    expect(enabled).toEqual({ code: 0, stdout: "min_of(1, 2)\n", stderr: "" });
    const unknown = await promql("format", "--enable-feature=x", "1");
    expect([unknown.code, unknown.stderr]).toEqual([
      2,
      expect.stringContaining("There is no feature 'x': expected of promql-experimental-functions"),
    ]);
  });
});

describe("linklight promql explain", SLOW, () => {
  it("draws the tree of a query with its types", async () => {
    expect(await promql("explain", "sum by (port) (rate(x[5m])) > 1")).toEqual({
      code: 0,
      stdout: `>                 instant vector
├─ sum by (port)  instant vector
│  └─ rate        instant vector
│     └─ x[5m]    range vector
└─ 1              scalar
`,
      stderr: "",
    });
  });

  it("says over the samples of a script what each part gave", async () => {
    const script = file("ports.test", SCRIPT);
    const { code, stdout } = await promql(
      "explain",
      "--data",
      script,
      "sum(rate(rx_packets_total[2m]))",
    );
    expect(code).toBe(0);
    expect(withoutTimes(stdout)).toEqual([
      "                            type            series  samples  self ms  total ms",
      "sum                         instant vector       1        1",
      "└─ rate                     instant vector       2        1",
      "   └─ rx_packets_total[2m]  range vector         2        3",
      "",
      "1 series at 1970-01-01T00:10:00.000Z, from 21 samples",
      "",
    ]);
  });

  it("evaluates over a range of a history in OpenMetrics, and tells what there is to remark", async () => {
    const history = file("history.om", HISTORY);
    const query = 'rate({__name__=~"rx.*|queue.*"}[2m])';
    const range = ["--data", history, "--step", "30s", "--start", "0"];
    const { code, stdout } = await promql("explain", ...range, query);
    expect(code).toBe(0);
    expect(withoutTimes(stdout)).toEqual([
      "                                   type            series  samples  self ms  total ms",
      "rate                               instant vector       3        3",
      '└─ {__name__=~"rx.*|queue.*"}[2m]  range vector         3        6',
      "",
      "3 series from 1970-01-01T00:00:00.000Z to 1970-01-01T00:01:00.000Z, every 30s, from 6 samples",
      'PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "queue_bytes" (1:6)',
      "",
    ]);
  });

  it("takes a page of metrics as of the time of the query", async () => {
    const options = { stdin: 'up{port="1"} 1\nup{port="2"} 0\n' };
    const { code, stdout } = await linklight(
      ["promql", "explain", "--data", "-", "--time", "100", "--format", "json", "rate(up[1m])"],
      options,
    );
    expect(code).toBe(0);
    const { tree, annotations } = JSON.parse(stdout);
    expect({ ...tree, selfMs: 0, totalMs: 0, children: [] }).toEqual({
      kind: "call",
      title: "rate",
      text: "rate(up[1m])",
      type: "vector",
      span: { start: 0, end: 12 },
      series: 2,
      samples: 0,
      selfMs: 0,
      totalMs: 0,
      children: [],
    });
    expect(annotations).toEqual([]);
  });

  it("says where samples cannot be read", async () => {
    const page = await promql("explain", "--data", file("bad.prom", "up 1\nup{ 2\n"), "up");
    expect([page.code, page.stdout, page.stderr.split("\n")[0]]).toEqual([
      1,
      "",
      expect.stringMatching(/^error: cannot read bad\.prom: 2:\d+: /),
    ]);
    const script = await promql("explain", "--data", file("bad.test", "load 1m\n  up{ 2\n"), "up");
    expect(script.stderr).toMatch(/^error: cannot read bad\.test: 2:\d+: /);
    const backwards = await promql(
      "explain",
      "--data",
      file("back.prom", "up 1 2000\nup 2 1000\n"),
      "up",
    );
    expect(backwards.stderr).toMatch(/^error: cannot read back\.prom: /);
    const nowhere = await promql("explain", "--data", "nowhere.prom", "up");
    expect(nowhere.stderr).toBe("error: cannot read nowhere.prom: there is no such file\n");
  });

  it("says what has no result, and why", async () => {
    const pairs = file("pairs.prom", 'a{x="1"} 1\na{x="2"} 2\n');
    const { code, stderr } = await promql("explain", "--data", pairs, "a + on() a");
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^error: found duplicate series for the match group \{\} on the /),
    ]);
  });

  it("refuses times without samples, and two things from standard input", async () => {
    const times = await promql("explain", "--time", "1", "up");
    expect([times.code, times.stderr]).toEqual([
      2,
      "error: times are for evaluating: give samples with --data too\n",
    ]);
    const twice = await promql("explain", "--data", "-", "-");
    expect(twice.code).toBe(2);
    const both = await promql("explain", "--data", "x", "--time", "1", "--start", "0", "up");
    expect(both.code).toBe(2);
  });
});
