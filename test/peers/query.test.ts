import { beforeAll, describe, expect, it } from "vitest";
import { linklight } from "../e2e/linklight.ts";
import { findPeer } from "../harness/peer.ts";
import { promtool } from "../harness/promtool.ts";
import { temporaryFolder } from "../harness/temporary-folder.ts";
import { undoAfterAll } from "../harness/undo.ts";
import { edgeSamples } from "../promql/samples/edge-samples.ts";
import { START } from "../promql/samples/switch-samples.ts";
import { startRealSide, storeSeries } from "../promql/sides/real-side.ts";

const TIME = ["--time", `${START + 3600.5}`];
const RANGE = ["--start", `${START + 3600}`, "--end", `${START + 4200}`];
// Series of an instant vector come in any order, unless they are put into one.
const ODD_LABELS =
  'label_replace(vector(1), "höhe", "a\\"b\\u2028\\x01<é", "", "") or label_replace(vector(2), "höhe", "", "", "")';

describe.skipIf(findPeer("prometheus-3") === undefined)("linklight query", () => {
  const undo = undoAfterAll();
  let url: string;

  beforeAll(async () => {
    const folder = temporaryFolder("query");
    undo(folder.remove);
    const server = await startRealSide(await storeSeries(edgeSamples(), folder.path), []);
    undo(server.stop);
    url = server.url;
  });

  it.each([
    ["instant", 'edge_level{kind="enormous"}', ...TIME],
    ["instant", "sort(edge_level)", ...TIME],
    ["instant", "sort(edge_level)", ...TIME, "-o", "json"],
    ["instant", 'edge_level{kind=~"infinite|minus_zero|tiny"}[2m]', ...TIME],
    ["instant", 'edge_level{kind=~"infinite|minus_zero|tiny"}[2m]', ...TIME, "-o", "json"],
    ["instant", ODD_LABELS, ...TIME],
    ["instant", ODD_LABELS, ...TIME, "-o", "json"],
    ["instant", '{"höhe über null", b="1"}', ...TIME],
    ["instant", '{__name__="edge:recorded:rate5m", n="1e3"}', ...TIME],
    ["instant", '{__name__="edge:recorded:rate5m", n="1e3"}', ...TIME, "-o", "json"],
    ["instant", "1e-7", ...TIME],
    ["instant", "(-1e300)", ...TIME, "-o", "json"],
    ["instant", "nothing", "--time=2026-01-05T01:00:00.5+00:00"],
    ["instant", "nothing", "-o", "json"],
    ["instant", "edge_level ["],
    ["instant", "edge_level + on (job) edge_limit", ...TIME],
    ["range", "edge_level", ...RANGE],
    ["range", "edge_level", ...RANGE, "--step", "1m30s"],
    ["range", 'sum by (kind, job) ({kind=~".+"})', ...RANGE, "--step", "2m", "-o", "json"],
    ["range", "edge_things_total or edge_items or vector(1)", ...RANGE, "--step=5m"],
    ["range", "edge_level[5m]", ...RANGE],
    ["range", "edge_level", ...RANGE, "--step", "1ms"],
    ["range", "edge_level", "--start", "5", "--end", "5"],
  ])("prints what promtool prints: %s %s %j", async (kind, expr, ...flags) => {
    const args = ["query", kind, ...flags, url, expr];
    const [theirs, ours] = await Promise.all([promtool("prometheus-3", args), linklight(args)]);
    // Our errors about the command line begin with this word, as all our errors do.
    expect({ ...ours, stderr: ours.stderr.replace(/^error: /, "") }).toEqual(theirs);
  });
});
