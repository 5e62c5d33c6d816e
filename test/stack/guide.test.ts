import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { codeBlocks } from "../docs/markdown-blocks.ts";
import { DOCKER_MISSING, HAS_REAL_IMAGES, tryDocker } from "../harness/docker.ts";
import { runProgram } from "../harness/run-program.ts";
import { undoAfterAll } from "../harness/undo.ts";

const PAGE = "docs/guides/docker.md";
const root = fileURLToPath(new URL("../..", import.meta.url));
const blocks = codeBlocks(readFileSync(new URL(`../../${PAGE}`, import.meta.url), "utf8"));

// From top to bottom, as somebody would who reads it. What needs a terminal, opens the machine to others or
// shows only in a browser is not marked `run`. Not on a machine's own engine, where the names on the page may be taken.
describe.skipIf(DOCKER_MISSING || HAS_REAL_IMAGES)(PAGE, () => {
  const undo = undoAfterAll();

  beforeAll(() => {
    undo(() => tryDocker(["rm", "--force", "--volumes", "endpoint", "custom_prometheus"]));
    undo(() => tryDocker(["network", "rm", "linklight-by-hand"]));
    undo(() => tryDocker(["volume", "rm", "prometheus-by-hand"]));
    undo(() => tryDocker(["compose", "down", "--volumes"]));
  });

  it.each(
    blocks
      .filter(({ language, note }) => language === "sh" && note === "run")
      .map(({ line, text }) => [line, text] as const),
  )("does what it says in line %i", async (_, text) => {
    const { code, stdout, stderr } = await runProgram("bash", ["-euo", "pipefail", "-c", text], {
      cwd: root,
      timeoutMs: 200_000,
    });
    expect({ code, printed: code === 0 ? "" : stdout + stderr }).toEqual({ code: 0, printed: "" });
  });
});
