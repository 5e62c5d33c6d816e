import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { findPeer, needPeer, PROMETHEUS_PEERS } from "../harness/peer.ts";
import { runProgram } from "../harness/run-program.ts";

const deploy = (path: string): string =>
  fileURLToPath(new URL(`../../deploy/${path}`, import.meta.url));

describe.each(PROMETHEUS_PEERS)("$title", ({ role, missing }) => {
  // Its rule files are named as they are in the container, so only the file itself is judged here.
  it.skipIf(missing)("finds nothing wrong with the configuration of the stack", async () => {
    const { code, stderr } = await runProgram(needPeer(role).file("promtool"), [
      ...["check", "config", "--syntax-only"],
      deploy("prometheus/custom-prom-cfg.yml"),
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });
});

const alertmanager = findPeer("alertmanager");

describe.skipIf(alertmanager === undefined)(`alertmanager ${alertmanager?.version}`, () => {
  const route = async (...labels: readonly string[]): Promise<string> => {
    const { stdout } = await runProgram(needPeer("alertmanager").file("amtool"), [
      ...["config", "routes", "test", `--config.file=${deploy("alertmanager/alertmanager.yml")}`],
      ...labels,
    ]);
    return stdout.trim();
  };

  it("finds nothing wrong with the configuration of the stack", async () => {
    const { code, stdout } = await runProgram(needPeer("alertmanager").file("amtool"), [
      "check-config",
      deploy("alertmanager/alertmanager.yml"),
    ]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("SUCCESS") });
  });

  it.each(["critical", "warning", "info"])("sends %s alerts to the log", async (severity) => {
    expect(await route(`severity=${severity}`, "alertname=PortDown")).toBe("log");
  });
});
