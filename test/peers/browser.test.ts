import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { describe, expect, it } from "vitest";
import { findPeer, needPeer } from "../harness/peer.ts";
import { temporaryFolder } from "../harness/temporary-folder.ts";
import { answerPage, PAGE_QUERIES } from "../promql/browser/browser-page.ts";

const PAGE = '<!doctype html><title>PromQL</title><script type="module" src="/main.js"></script>';
const PATIENCE_MS = 45_000;

describe.skipIf(findPeer("chromium") === undefined)("PromQL in a browser", () => {
  it("is bundled without anything of Node, and answers in Chromium as it does here", async () => {
    const script = await bundle();
    expect(script).not.toMatch(/\bnode:|\brequire\(|\bprocess\.|\bBuffer\./);

    const expected = (await answerPage()).split("\n");
    expect(expected.length).toBe(PAGE_QUERIES.length);
    expect(expected.filter((answer) => answer.startsWith('{"status":"success"')).length).toBe(6);
    expect((await answersOfChromium(script)).split("\n")).toEqual(expected);
  });
});

/** The page's script in one file, as a bundler makes it of the packages' sources. */
async function bundle(): Promise<string> {
  const build = await rolldown({
    input: fileURLToPath(new URL("../promql/browser/browser-main.ts", import.meta.url)),
    platform: "browser",
    resolve: { conditionNames: ["@linklight/source", "browser", "import", "default"] },
    logLevel: "silent",
  });
  try {
    const { output } = await build.generate({ format: "esm", codeSplitting: false });
    expect(output.map((file) => file.type)).toEqual(["chunk"]);
    const [chunk] = output;
    expect(chunk.imports).toEqual([]);
    return chunk.code;
  } finally {
    await build.close();
  }
}

/** Shows Chromium a page with the script, and gives what the script sends back. */
async function answersOfChromium(script: string): Promise<string> {
  const profile = temporaryFolder("chromium");
  const { server, answers } = await startPage(script);
  const { port } = server.address() as AddressInfo;
  const child = spawn(
    needPeer("chromium").file("chromium"),
    [
      ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
      ...["--no-first-run", "--disable-extensions", `--user-data-dir=${profile.path}`],
      `http://127.0.0.1:${port}/`,
    ],
    { stdio: "ignore", detached: true },
  );
  const ended = once(child, "exit");
  try {
    return await Promise.race([
      answers,
      ended.then(([code]) => Promise.reject(new Error(`Chromium ended with ${String(code)}`))),
    ]);
  } finally {
    // The group: Chromium is many processes.
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    await ended;
    server.closeAllConnections();
    server.close();
    profile.remove();
  }
}

async function startPage(
  script: string,
): Promise<{ readonly server: Server; readonly answers: Promise<string> }> {
  let answer: (body: string) => void = () => undefined;
  const answers = new Promise<string>((resolve, reject) => {
    answer = resolve;
    AbortSignal.timeout(PATIENCE_MS).addEventListener("abort", () =>
      reject(new Error(`Chromium sent nothing within ${PATIENCE_MS / 1000} s`)),
    );
  });
  const server = createServer((request, response) => {
    if (request.method === "POST") {
      void text(request).then(answer);
      response.end();
      return;
    }
    const isScript = request.url === "/main.js";
    response.setHeader("Content-Type", isScript ? "text/javascript" : "text/html; charset=utf-8");
    response.end(isScript ? script : PAGE);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, answers };
}
