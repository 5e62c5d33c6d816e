import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../harness/temporary-folder.ts";
import { linklight, SLOW } from "./linklight.ts";

const folder = temporaryFolder("check");
afterAll(() => folder.remove());

function file(name: string, text: string): string {
  writeFileSync(join(folder.path, name), text);
  return name;
}

const check = (...args: string[]) => linklight(["check", ...args], { cwd: folder.path });

const GOOD =
  "# HELP room_temperature_celsius Air temperature\n# TYPE room_temperature_celsius gauge\nroom_temperature_celsius 21.5\n";
const POOR = "# HELP doors_opened Doors opened\n# TYPE doors_opened counter\ndoors_opened 1\n";
const ORIGINAL = `# HELP buffer_level_bytes The number of bytes stored in a buffer
# TYPE buffer_level_bytes gauge
buffer_level_bytes{portnum="1"} 2.0
# HELP buffer_level_bytes The number of bytes stored in a buffer
# TYPE buffer_level_bytes gauge
buffer_level_bytes{portnum="2"} 8.0
`;

describe("linklight check metrics", SLOW, () => {
  it("says nothing and ends with 0 when all is well", async () => {
    const names = [file("good.prom", GOOD), file("empty.prom", "")];
    expect(await check("metrics", ...names)).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  it("reads standard input without a file, and for -", async () => {
    const expected = {
      code: 3,
      stdout: "",
      stderr:
        'doors_opened counter metrics should have "_total" suffix: rename it to doors_opened_total (line 1)\n',
    };
    expect(await linklight(["check", "metrics"], { stdin: POOR })).toEqual(expected);
    expect(await linklight(["check", "metrics", "-"], { stdin: POOR })).toEqual(expected);
  });

  it("says of each file what should be better, and ends with 3", async () => {
    const { code, stderr } = await check("metrics", file("poor.prom", POOR), "good.prom");
    expect([code, stderr]).toEqual([
      3,
      'doors_opened counter metrics should have "_total" suffix: rename it to doors_opened_total (poor.prom:1)\n',
    ]);
  });

  it("says where, why and what to do about the page of the original, and ends with 1", async () => {
    const { code, stderr } = await check("metrics", file("original.prom", ORIGINAL), "poor.prom");
    expect(code).toBe(1);
    expect(stderr.split("\n")).toEqual([
      expect.stringMatching(
        /^error while linting: original\.prom:4:\d+: second HELP line for metric name buffer_level_bytes; print each family once: /,
      ),
      "  # HELP buffer_level_bytes The number of bytes stored in a buffer",
      expect.stringMatching(/^ +\^$/),
      expect.stringMatching(
        /^error while linting: original\.prom:5:\d+: second TYPE line for metric name buffer_level_bytes; print each family once: /,
      ),
      "  # TYPE buffer_level_bytes gauge",
      expect.stringMatching(/^ +\^$/),
      expect.stringMatching(/^doors_opened counter metrics/),
      "",
    ]);
  });

  it("judges OpenMetrics by its own rules", async () => {
    const { code, stderr } = await check("metrics", "--format=openmetrics", "good.prom");
    expect([code, stderr]).toEqual([
      1,
      'error while linting: good.prom:4:1: expected "# EOF" as the last line, found the end of the input\n',
    ]);
  });

  it("says that a file is not there, and goes on with the others", async () => {
    const { code, stderr } = await check("metrics", "nowhere.prom", "poor.prom");
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^error while linting: cannot read nowhere\.prom: there is no such file\ndoors_opened /,
    );
  });

  it("counts series with --extended, as promtool prints them", async () => {
    const two = `${GOOD}# HELP b_bytes b\n# TYPE b_bytes gauge\nb_bytes{a="1"} 1\nb_bytes{a="2"} 1\n`;
    const { code, stdout } = await check("metrics", "--extended", file("two.prom", two));
    expect(code).toBe(0);
    expect(stdout.split("\n").map((line) => line.trimEnd())).toEqual([
      "Metric                      Cardinality    Percentage",
      "b_bytes                     2              66.67%",
      "room_temperature_celsius    1              33.33%",
      "Total                       3              100%",
      "",
    ]);
  });
});

describe("linklight check web-config", SLOW, () => {
  it("says of each file whether it is right, as promtool does", async () => {
    file("good.yml", "basic_auth_users: {}\n");
    file("bad.yml", "basic_auth_user: {}\n");
    const good = await check("web-config", "good.yml");
    expect(good).toEqual({ code: 0, stdout: "", stderr: "good.yml SUCCESS\n" });
    const both = await check("web-config", "good.yml", "bad.yml", ".");
    expect(both.code).toBe(1);
    expect(both.stderr).toMatch(
      /^good\.yml SUCCESS\nbad\.yml FAILED: bad\.yml:1:1: .*basic_auth_user.*\n\. FAILED: cannot read the web configuration \.: it is a folder\n$/,
    );
  });
});

describe("linklight check healthy", SLOW, () => {
  it("ends with 1 when nobody answers", async () => {
    // Port 1 is nobody's.
    expect(await check("healthy", "--url", "http://127.0.0.1:1/base/")).toEqual({
      code: 1,
      stdout: "",
      stderr:
        "error: check failed: URL=http://127.0.0.1:1/base, no answer: connection refused; nothing listens there\n",
    });
  });

  it("says what to do about a certificate that is not trusted here", async () => {
    const data = new URL("../../packages/toolkit/src/web-config/testdata/", import.meta.url);
    const read = (name: string) => readFileSync(new URL(name, data));
    const options = { key: read("server.test.key"), cert: read("server.test.pem") };
    const server = createServer(options, (_, response) => response.end("linklight is Healthy."));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const url = `https://127.0.0.1:${port}`;
      const ca = fileURLToPath(new URL("ca.test.pem", data));
      const trusting = { env: { NODE_EXTRA_CA_CERTS: ca } };
      expect(await linklight(["check", "healthy", "--url", url], trusting)).toEqual({
        code: 0,
        stdout: "",
        stderr: "  SUCCESS:  linklight is Healthy.\n",
      });
      const { code, stderr } = await check("healthy", "--url", url);
      expect(code).toBe(1);
      expect(stderr).toContain("NODE_EXTRA_CA_CERTS=ca.pem");
      const plain = await check("healthy", "--url", url.replace("https", "http"));
      expect(plain.stderr).toMatch(/perhaps it speaks https\n$/);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});
