import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import process from "node:process";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type RunningEndpoint, startEndpoint } from "../harness/endpoint.ts";
import { temporaryFolder } from "../harness/temporary-folder.ts";
import { until } from "../harness/until.ts";
import { linklight, SLOW, start, stopAll } from "./linklight.ts";

const BROWSER = { headers: { accept: "text/html,application/xhtml+xml,*/*;q=0.8" } };

const folder = temporaryFolder("switch");
afterAll(folder.remove);
afterEach(stopAll);

/** Asks a running endpoint. */
function asker({ address }: RunningEndpoint) {
  const ask = (path: string, init?: RequestInit): Promise<Response> =>
    fetch(`http://${address}${path}`, init);
  const text = async (path: string): Promise<string> => (await ask(path)).text();
  const json = async (path: string): Promise<unknown> => (await ask(path)).json();
  return { ask, text, json };
}

function file(name: string, text: string): string {
  const path = join(folder.path, name);
  writeFileSync(path, text);
  return path;
}

function readValue(page: string, series: string): number {
  const line = page.split("\n").find((each) => each.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1));
}

describe("linklight endpoint with one switch", SLOW, () => {
  let endpoint: RunningEndpoint;
  beforeAll(async () => {
    endpoint = await startEndpoint();
  });
  afterAll(() => endpoint.stop());

  it("shows it on /metrics, beside the two sample ports", async () => {
    const page = await asker(endpoint).text("/metrics");
    expect(page).toContain('\nswitch_port_up{port="Ethernet1/1"} 1\n');
    expect(page).toContain('\nrx_packets_total{portnum="1"');
    expect(page).toContain('\nlinklight_collector_success{collector="switch"} 1\n');
    expect(page).toMatch(/\nlinklight_build_info\{version="\d+\.\d+\.\d+"\} 1\n/);
    expect(page).not.toMatch(/^switch_.*\bswitch="/m);
  });

  it("needs no discovery, and says where the switch is", async () => {
    const { json } = asker(endpoint);
    expect(await json("/sd")).toEqual([]);
    expect(await json("/switches")).toEqual([
      { name: "leaf1", profile: "leaf-48x25g-8x100g", role: "leaf", path: "/metrics" },
    ]);
  });

  it("counts bytes as fast as simulated time goes", async () => {
    const series = 'switch_port_receive_bytes_total{port="Ethernet1/49"}';
    const { text } = asker(endpoint);
    const before = await text("/metrics");
    const grown = await until("bytes to arrive", async () => {
      const after = await text("/metrics");
      const bytes = readValue(after, series) - readValue(before, series);
      const seconds =
        readValue(after, "linklight_sim_time_seconds") -
        readValue(before, "linklight_sim_time_seconds");
      return seconds > 1 ? { bytes, seconds } : undefined;
    });
    expect(grown.bytes).toBeGreaterThan(0);
    // 100 Gb/s carry no more.
    expect(grown.bytes / grown.seconds).toBeLessThanOrEqual(12.5e9);
  });

  it("lets nobody break it unless that is enabled", async () => {
    const answer = await asker(endpoint).ask("/incidents");
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain("--enable-incidents");
  });
});

describe("linklight endpoint with several switches", SLOW, () => {
  let endpoint: RunningEndpoint;
  beforeAll(async () => {
    endpoint = await startEndpoint("--fabric", "leaf-spine:2x1", "--seed", "7");
  });
  afterAll(() => endpoint.stop());

  it("shows each on a page of its own, and none on /metrics", async () => {
    const { text } = asker(endpoint);
    const pages = await Promise.all(
      ["leaf1", "leaf2", "spine1"].map((name) => text(`/switches/${name}/metrics`)),
    );
    const names = pages.map((page) => /^switch_info\{.*\bname="([^"]*)"/m.exec(page)?.[1]);
    expect(names).toEqual(["leaf1", "leaf2", "spine1"]);
    for (const page of pages) expect(page).not.toContain("process_");
    const metrics = await text("/metrics");
    expect(metrics).not.toMatch(/^switch_/m);
    expect(metrics).toContain("\nlinklight_sim_speed_ratio 1\n");
  });

  it("names the neighbours at the other ends of its links", async () => {
    const neighbor = await asker(endpoint).text("/switches/spine1/metrics");
    expect(neighbor).toMatch(
      /^switch_lldp_neighbor_info\{port="Ethernet1\/1",remote_chassis_id="[0-9a-f:]+",remote_name="leaf1",remote_port="Ethernet1\/49"\} 1$/m,
    );
  });

  it("is discovered at the address by which it was asked", async () => {
    const { json } = asker(endpoint);
    const group = (target: string, name: string) => ({
      targets: [target],
      labels: { __metrics_path__: `/switches/${name}/metrics`, instance: name, switch: name },
    });
    const names = ["leaf1", "leaf2", "spine1"];
    expect(await json("/sd")).toEqual(names.map((name) => group(endpoint.address, name)));
    const asked = await new Promise<string>((resolve, reject) => {
      const headers = { Host: "telemetry.example:8000" };
      request(`http://${endpoint.address}/sd`, { headers }, (answer) => {
        let body = "";
        answer.on("data", (part: Buffer) => {
          body += part.toString();
        });
        answer.on("end", () => resolve(body));
      })
        .on("error", reject)
        .end();
    });
    expect(JSON.parse(asked)).toEqual(names.map((name) => group("telemetry.example:8000", name)));
  });

  it("lists its switches to browsers as a page, and as JSON to all others", async () => {
    const { ask, text, json } = asker(endpoint);
    const page = await ask("/switches", BROWSER);
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(await page.text()).toContain('<a href="/switches/spine1/metrics">');
    expect(await json("/switches")).toHaveLength(3);
    expect(await (await ask("/", BROWSER)).text()).toContain('<a href="/switches">');
    expect(await text("/switches")).toMatch(/^\[\{"name":"leaf1",/);
  });

  it.each([
    ["/switches/spin1/metrics", 'no switch is named "spin1"; did you mean spine1?'],
    ["/switches/%ff/metrics", 'no switch is named "%ff"; /switches lists all'],
    ["/switches/leaf1", "nothing at /switches/leaf1; here are: /metrics, /,"],
  ])("answers 404 at %s", async (path, problem) => {
    const answer = await asker(endpoint).ask(path);
    expect([answer.status, (await answer.text()).startsWith(`404: ${problem}`)]).toEqual([
      404,
      true,
    ]);
  });

  it("logs each collection under the name of the switch", async () => {
    await asker(endpoint).text("/switches/leaf2/metrics");
    await until("the line of leaf2", () =>
      endpoint.logs().find((line) => /leaf2: collected switch in \d+\.\d ms$/.test(line)),
    );
  });
});

describe("linklight endpoint, with the flags of the simulation", SLOW, () => {
  it("lets time go faster", async () => {
    const { text } = asker(await start("--time.speed", "60", "--fabric", "pair"));
    const time = async () => readValue(await text("/metrics"), "linklight_sim_time_seconds");
    const [before, start1] = [await time(), Date.now()];
    await until("a second to go by", () => (Date.now() - start1 > 1000 ? true : undefined));
    expect((await time()) - before).toBeGreaterThan(59);
  });

  it("leaves a gap while a switch is off, and tells the truth about it", async () => {
    const log = join(folder.path, "incidents.jsonl");
    const flags = ["--enable-incidents", "--incident-log", log, "--fabric", "leaf-spine:2x1"];
    const endpoint = await start(...flags, "--time.speed", "60");
    const { ask, text } = asker(endpoint);
    const url = `http://${endpoint.address}`;
    // Ten seconds of the clock, so that a slow machine does not miss them.
    const how = ["--switch", "leaf1", "--duration", "10m", "--url", url];
    const args = ["incident", "start", "reboot", ...how];
    expect(await linklight(args)).toMatchObject({ code: 0 });
    const page = "/switches/leaf1/metrics";
    const off = await until("leaf1 to be off", async () => {
      const answer = await ask(page);
      return answer.status === 200 ? undefined : answer;
    });
    expect([off.status, await off.text()]).toEqual([503, "503: leaf1 is off, as in a reboot\n"]);
    expect(await text("/metrics")).toContain(
      'linklight_incident_active{incident="reboot",switch="leaf1"} 1\n',
    );
    expect((await ask("/switches/leaf2/metrics")).status).toBe(200);
    await until("leaf1 to be on again", async () =>
      (await ask(page)).status === 200 ? true : undefined,
    );
    const after = await text(page);
    const upFor =
      readValue(after, "linklight_sim_time_seconds") - readValue(after, "switch_boot_time_seconds");
    expect(upFor).toBeLessThan(1800);
    expect(readFileSync(log, "utf8")).toMatch(/^\{"event":"start","id":"reboot-1",/m);
  });

  it("lets one endpoint write an incident log, and another know that it may not", async () => {
    const log = join(folder.path, "shared.jsonl");
    const flags = ["--enable-incidents", "--incident-log", log, "--fabric", "pair"];
    const [first, second] = [await start(...flags), await start(...flags)];
    const started = (endpoint: RunningEndpoint) =>
      linklight(["incident", "start", "reboot", "--url", `http://${endpoint.address}`]);
    expect(await started(first)).toMatchObject({ code: 0 });
    const before = readFileSync(log, "utf8");
    expect(await started(second)).toEqual({
      code: 1,
      stdout: "",
      stderr: `error: cannot write the incident log ${log}: another process has changed it; give each endpoint a log of its own, or start this one again to read it anew\n`,
    });
    expect(await started(first)).toMatchObject({ code: 0 });
    expect(readFileSync(log, "utf8").startsWith(before)).toBe(true);
  });

  it("shows a lone switch also on a page of its own, which is away while it is off", async () => {
    const endpoint = await start("--enable-incidents", "--time.speed", "60");
    const { ask, text } = asker(endpoint);
    const page = "/switches/leaf1/metrics";
    const alone = await text(page);
    expect(alone).toMatch(/^switch_info\{.*\bname="leaf1"/m);
    expect(alone).not.toContain("process_");
    const how = ["--duration", "10m", "--url", `http://${endpoint.address}`];
    expect(await linklight(["incident", "start", "reboot", ...how])).toMatchObject({ code: 0 });
    const off = await until("leaf1 to be off", async () => {
      const answer = await ask(page);
      return answer.status === 200 ? undefined : answer;
    });
    expect([off.status, off.headers.get("retry-after"), await off.text()]).toEqual([
      503,
      "15",
      "503: leaf1 is off, as in a reboot\n",
    ]);
    // What else the endpoint has is there.
    const rest = await text("/metrics");
    expect(rest).not.toMatch(/^switch_/m);
    expect(rest).toContain("\nlinklight_sim_switch_up 0\n");
    expect(rest).toContain("\nprocess_start_time_seconds ");
    await until("leaf1 to be on again", async () =>
      (await ask(page)).status === 200 ? true : undefined,
    );
    const after = await text("/metrics");
    expect(after).toContain("\nlinklight_sim_switch_up 1\n");
    expect(after).toMatch(/^linklight_incident_active\{incident="reboot",switch="leaf1"\} [01]$/m);
  });

  it("goes on as one simulation when it is started again", async () => {
    const boot = async (): Promise<string[]> => {
      const endpoint = await start("--fabric", "pair");
      const page = await asker(endpoint).text("/metrics");
      await endpoint.stop();
      return page.split("\n").filter((line) => /^switch_(?:info|boot|port_info)/.test(line));
    };
    expect(await boot()).toEqual(await boot());
  });

  it("shows a fabric from a file", async () => {
    const path = file("two.yml", "switches:\n  - {name: core-sw, profile: spine-32x100g}\n");
    const page = await asker(await start("--fabric", path)).text("/metrics");
    expect(page).toMatch(/^switch_info\{.*name="core-sw"/m);
  });

  it("shows idle queues and all sizes of frames when asked", async () => {
    const endpoint = await start("--fabric", "pair", "--switch.detail", "full");
    const page = await asker(endpoint).text("/metrics");
    expect(page.match(/^switch_queue_depth_bytes/gm)).toHaveLength(16);
    expect(page).toContain("# TYPE switch_port_receive_frame_size_bytes histogram");
  });

  it.concurrent.each([
    [["--fabric", "leaf-48x25g-8x10g"], 2, "did you mean leaf-48x25g-8x100g?"],
    [["--fabric", "leaf-spine:0x2"], 2, "expected leaf-spine:LEAVESxSPINES"],
    [["--fabric", "./nowhere.yml"], 1, "cannot read the fabric file ./nowhere.yml"],
    [["--scenario", "nowhere.yml"], 1, "cannot read the scenario nowhere.yml"],
    [["--seed", "-1"], 2, "Expected a whole number from 0 to 4294967295."],
    [["--time.speed", "61"], 2, "Expected a number above 0, at most 60."],
    [["--time.speed", "0"], 2, "Expected a number above 0, at most 60."],
    [
      ["--failures", "usal"],
      2,
      "--failures usal: expected none, usual or frequent; did you mean usual?",
    ],
    [["--switch.detail", "all"], 2, "--switch.detail all: expected normal or full"],
    [["--fabrik", "pair"], 2, "(Did you mean --fabric?)"],
    [
      ["--collector", "sample", "--seed", "3"],
      2,
      "--seed is for the collector switch, which --collector leaves out; add --collector switch",
    ],
  ])("refuses %j with %d and says what was expected", async (args, code, message) => {
    const result = await linklight(["endpoint", "--port", "0", ...args]);
    expect([result.code, result.stdout]).toEqual([code, ""]);
    expect(result.stderr).toMatch(/^error: /);
    expect(result.stderr).toContain(message);
  });

  it("lists all problems of a fabric file with their places", async () => {
    const path = file("bad.yml", "switches:\n  - {name: a, profile: leaf-48x25g}\n  - {name: a}\n");
    const { code, stderr } = await linklight(["endpoint", "--port", "0", "--fabric", path]);
    expect(code).toBe(1);
    expect(stderr).toContain("bad.yml:2:");
    expect(stderr).toContain("bad.yml:3:");
  });
});

describe("the page of a switch", SLOW, () => {
  const program = `
    import { Registry } from "@linklight/client";
    import { fabricOf, simulate, SwitchCollectors } from "@linklight/simulator";
    const fabric = fabricOf("leaf-spine:2x2", { seed: 42 });
    const effects = { version: 0, until: () => [] };
    const collectors = new SwitchCollectors({
      simulation: simulate(fabric, effects),
      clock: { speed: 1, seconds: () => 20 * 86400 + 12345.678 },
      version: "0",
    });
    for (const node of fabric.switches.slice(0, 3)) {
      const page = await new Registry().register(collectors.ofSwitch(node)).text();
      process.stdout.write(page.split("\\n").filter((line) => line.startsWith("switch_")).join("\\n"));
    }`;
  const run = (): string =>
    execFileSync(process.execPath, ["--input-type=module", "--eval", program], {
      cwd: "packages/linklight",
      encoding: "utf8",
      maxBuffer: 2 ** 24,
    });

  it("is the same bytes in every process, for the same seed and moment", () => {
    const first = run();
    expect(first.split("\n").length).toBeGreaterThan(3000);
    expect(run()).toBe(first);
  });
});
