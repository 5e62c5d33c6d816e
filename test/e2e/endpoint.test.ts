import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type RunningEndpoint, startEndpoint } from "../harness/endpoint.ts";
import { temporaryFolder } from "../harness/temporary-folder.ts";
import { until } from "../harness/until.ts";
import { linklight, SLOW, start, stopAll } from "./linklight.ts";

const BROWSER = { headers: { accept: "text/html,application/xhtml+xml,*/*;q=0.8" } };

afterEach(stopAll);

describe("linklight endpoint", SLOW, () => {
  let endpoint: RunningEndpoint;
  const ask = (path: string, init?: RequestInit): Promise<Response> =>
    fetch(`http://${endpoint.address}${path}`, init);
  const page = async (path = "/metrics"): Promise<string> => (await ask(path)).text();

  beforeAll(async () => {
    endpoint = await startEndpoint();
  });
  afterAll(() => endpoint.stop());

  it("logs as the original: where it listens, then a line for each collection", async () => {
    const port = endpoint.address.split(":")[1];
    expect(endpoint.logs()).toEqual([
      `[    INFO] endpoint: Prometheus server listening on port ${port}`,
    ]);
    await page();
    await until("the line of the collection", () => endpoint.logs()[1]);
    expect(endpoint.logs()[1]).toMatch(
      /^\[ {3}DEBUG\] registry: collected process, nodejs, sample, switch in \d+\.\d ms$/,
    );
  });

  it("shows the process first, then Node, then the sample, then the switch, then itself", async () => {
    const names = [...(await page()).matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name ?? "");
    const parts = names.map((name) =>
      name
        .replace(/^(process|nodejs|switch|linklight)_.*/, "$1")
        .replace(/^[a-z]+_[a-z]+_\w+$/, "sample"),
    );
    expect(parts.filter((part, i) => part !== parts[i - 1])).toEqual([
      "process",
      "nodejs",
      "sample",
      "switch",
      "linklight",
    ]);
  });

  it("counts each collection, and neither HEAD nor the landing page nor health", async () => {
    const packets = async (): Promise<number> =>
      Number(/rx_packets_total\{portnum="1".*\} (\d+)/.exec(await page())?.[1]);
    const before = await packets();
    await ask("/metrics", { method: "HEAD" });
    await ask("/", { method: "HEAD" });
    await (await ask("/", BROWSER)).text();
    await page("/-/healthy");
    expect(await packets()).toBe(before + 10);
  });

  it.each(["/", "/metrics", "/metrics?x=1", "/?"])("gives the metrics at %s", async (path) => {
    const answer = await ask(path);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([
      200,
      "text/plain; version=0.0.4; charset=utf-8; escaping=underscores",
    ]);
    expect(await answer.text()).toContain(
      "# HELP buffer_level_bytes The number of bytes stored in a buffer\n",
    );
  });

  it("gives a browser a landing page at /, and the metrics at /metrics", async () => {
    const landing = await ask("/", BROWSER);
    expect(landing.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(await landing.text()).toContain('<a href="/metrics">');
    const metrics = await ask("/metrics", BROWSER);
    expect(metrics.headers.get("content-type")).toMatch(/^text\/plain/);
  });

  it("answers HEAD with the headers alone", async () => {
    const answer = await ask("/metrics", { method: "HEAD" });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(await answer.text()).toBe("");
  });

  it("is healthy and ready in the words of Prometheus", async () => {
    expect([await page("/-/healthy"), await page("/-/ready")]).toEqual([
      "linklight is Healthy.\n",
      "linklight is Ready.\n",
    ]);
  });

  it("says what exists where there is nothing, and what is possible where it is not", async () => {
    const nothing = await ask("/metric");
    expect([nothing.status, await nothing.text()]).toEqual([
      404,
      "404: nothing at /metric; here are: /metrics, /, /-/healthy, /-/ready, /sd, /switches\n",
    ]);
    const post = await ask("/metrics", { method: "POST", body: "x" });
    expect([post.status, post.headers.get("allow"), await post.text()]).toEqual([
      405,
      "GET, HEAD",
      "405: POST is not for /metrics; it takes: GET, HEAD\n",
    ]);
  });

  it("is found healthy and ready by its own command", async () => {
    for (const [what, word] of [
      ["healthy", "Healthy"],
      ["ready", "Ready"],
    ]) {
      const url = `http://${endpoint.address}`;
      expect(await linklight(["check", what ?? "", "--url", url])).toEqual({
        code: 0,
        stdout: "",
        stderr: `  SUCCESS:  linklight is ${word}.\n`,
      });
    }
  });

  it("shows metrics that its own check finds nothing wrong with", async () => {
    const result = await linklight(["check", "metrics"], { stdin: await page() });
    expect(result).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  it("says in one line that its port is in use, and ends with 1", async () => {
    const port = endpoint.address.split(":")[1] ?? "";
    expect(await linklight(["endpoint", "--port", port])).toEqual({
      code: 1,
      stdout: "",
      stderr: `error: cannot listen on 127.0.0.1:${port}: the port is in use; stop the other process or choose another with --port\n`,
    });
  });
});

describe("linklight endpoint, with other flags", SLOW, () => {
  it("logs as JSON and stays silent below the level it is given", async () => {
    const endpoint = await start("--log.format=json", "--log.level", "info");
    await (await fetch(`http://${endpoint.address}`)).text();
    expect(await endpoint.stop()).toBe(0);
    const lines = endpoint.logs().map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ level, msg, component }) => [level, msg, component])).toEqual([
      ["INFO", `Prometheus server listening on port ${endpoint.address.split(":")[1]}`, "endpoint"],
      ["INFO", "received SIGTERM, stopping", "endpoint"],
    ]);
  });

  it("runs the collectors that are named and no others, in their order", async () => {
    const endpoint = await start("--collector", "sample", "--collector", "process");
    const page = await (await fetch(`http://${endpoint.address}`)).text();
    expect(page).toMatch(/^# HELP buffer_level_bytes/);
    expect(page).toContain("\n# TYPE process_open_fds gauge\n");
    expect(page).not.toContain("nodejs_");
  });

  it("says an error in the log, too, when the log is for programs", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    const result = await linklight(["endpoint", "--log.format=json", "--port", String(port)]);
    server.close();
    expect(result.code).toBe(1);
    expect(JSON.parse(result.stderr)).toMatchObject({
      level: "ERROR",
      msg: `cannot listen on 127.0.0.1:${port}: the port is in use; stop the other process or choose another with --port`,
    });
  });
});

describe("linklight", SLOW, () => {
  const version = JSON.parse(readFileSync("packages/linklight/package.json", "utf8")) as {
    readonly version: string;
  };

  it("says its version", async () => {
    const result = await linklight(["--version"]);
    expect(result).toEqual({ code: 0, stdout: `linklight ${version.version}\n`, stderr: "" });
  });

  it.each([[["--help"]], [["endpoint", "--help"]], [["check", "metrics", "--help"]]])(
    "helps with %j in lines that fit a terminal",
    async (args) => {
      const { code, stdout, stderr } = await linklight(args);
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toMatch(/^Usage: linklight /);
      expect(stdout.split("\n").filter((line) => line.length > 100)).toEqual([]);
    },
  );

  it.concurrent.each([
    [["--port", "x"], "argument 'x' is invalid. Expected a whole number from 0 to 65535."],
    [["endpoint", "--port", "70000"], "Expected a whole number from 0 to 65535."],
    [["endpoint", "--port", "-1"], "Expected a whole number from 0 to 65535."],
    [["endpoint", "--host", ""], "Expected a name or an IP address, such as 127.0.0.1 or ::1."],
    [["endpoint", "--prot", "1"], "unknown option '--prot'\n(Did you mean --port?)"],
    [["endpoint", "extra"], "too many arguments for 'endpoint'"],
    [
      ["endpoit"],
      "unknown command 'endpoit'; the commands are: up, endpoint, simulate, incident, check",
    ],
    [
      ["--collector", "smaple"],
      "Expected one of process, nodejs, sample, switch, or a file whose name ends in .ts or .js.",
    ],
    [["--web.listen-address", "nowhere"], 'not a listen address: "nowhere": the port is missing'],
    [["--web.listen-address", ":0", "--port", "1"], "cannot be used with option '--port <number>'"],
    [["--port", "0", "endpoint"], "the command 'endpoint' stands before its options"],
    [["--log.level", "loud"], "Allowed choices are debug, info, warn, error."],
    [["check", "metrics", "--format", "xml"], "Allowed choices are text, openmetrics."],
    [["check", "healthy", "--url", "here"], "Expected an address such as http://127.0.0.1:8000."],
    [["check", "web-config"], "missing required argument 'file'"],
  ])("ends with 2 for %j and says what was expected", async (args, message) => {
    const { code, stdout, stderr } = await linklight(args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^error: /);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });

  it("starts the endpoint without a command, and stops it in order by Ctrl-C", async () => {
    const child = spawn(process.execPath, ["packages/linklight/dist/main.js", "--port", "0"]);
    let log = "";
    child.stderr.on("data", (text: Buffer) => {
      log += text.toString();
    });
    try {
      const port = await until("it to listen", () => /port (\d+)/.exec(log)?.[1]);
      expect((await fetch(`http://127.0.0.1:${port}`)).status).toBe(200);
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGINT");
      expect(await ended).toBe(0);
    } finally {
      child.kill("SIGKILL");
    }
  });

  it("ends a scrape in order when npm passes on the Ctrl-C that it got itself", async () => {
    const source = `export default { name: "slow", async collect() { await new Promise((resolve) => setTimeout(resolve, 500)); return []; } };`;
    const folder = temporaryFolder("endpoint");
    writeFileSync(join(folder.path, "slow.mjs"), source);
    const args = ["packages/linklight/dist/main.js", "--port", "0", "--collector"];
    const env = { ...process.env, npm_lifecycle_event: "start" };
    const child = spawn(process.execPath, [...args, join(folder.path, "slow.mjs")], {
      env,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let log = "";
    child.stderr.on("data", (text: Buffer) => {
      log += text.toString();
    });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    try {
      const port = await until("it to listen", () => /port (\d+)/.exec(log)?.[1]);
      const scrape = fetch(`http://127.0.0.1:${port}/metrics`);
      // Something answered says that what was asked before it has begun.
      await fetch(`http://127.0.0.1:${port}/-/healthy`);
      child.kill("SIGINT");
      await until("the first signal to be taken", () => /received SIGINT/.exec(log)?.[0]);
      child.kill("SIGINT");
      expect([(await scrape).status, await ended]).toEqual([200, 0]);
    } finally {
      child.kill("SIGKILL");
      folder.remove();
    }
  });

  it("gives its exit code to npm, and npm's signals reach it", async () => {
    const child = spawn("npm", ["start", "--", "--port", "0"], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let log = "";
    child.stderr.on("data", (text: Buffer) => {
      log += text.toString();
    });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    try {
      await until("it to listen", () => /port (\d+)/.exec(log)?.[1]);
    } finally {
      child.kill("SIGTERM");
    }
    expect(await ended).toBe(0);
    expect(log).toMatch(/received SIGTERM, stopping\n$/);
  });

  it("stops when npm, which started it in a shell, has gone", async () => {
    // The second command keeps the shell from becoming the program itself.
    const script = `"${process.execPath}" packages/linklight/dist/main.js --port 0; true`;
    const env = { ...process.env, npm_lifecycle_event: "start" };
    const shell = spawn("sh", ["-c", script], { env, stdio: ["ignore", "ignore", "pipe"] });
    let log = "";
    shell.stderr.on("data", (text: Buffer) => {
      log += text.toString();
    });
    const closed = new Promise((resolve) => shell.once("close", resolve));
    try {
      await until("it to listen", () => /port (\d+)/.exec(log)?.[1]);
    } finally {
      shell.kill("SIGTERM");
    }
    // The program holds the other end of the pipe until it ends.
    await closed;
    expect(log).toMatch(/received SIGTERM, stopping\n$/);
  });
});
