import { once } from "node:events";
import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { composeProject, DOCKER_MISSING, docker } from "../harness/docker.ts";
import { fetchJson } from "../harness/fetch-json.ts";
import { undoAfterAll } from "../harness/undo.ts";
import { until } from "../harness/until.ts";

// What a user sees when the stack cannot come up: a line that names what is wrong.
describe.skipIf(DOCKER_MISSING)("a stack that cannot come up", () => {
  const undo = undoAfterAll();

  it("names the port that is taken", async () => {
    const squatter = createServer().listen(0, "127.0.0.1");
    await once(squatter, "listening");
    undo(() => squatter.close());
    const port = (squatter.address() as { port: number }).port;
    const { tryCompose, remove } = composeProject({ ENDPOINT_PORT: String(port) });
    undo(remove);
    const { code, stderr } = await tryCompose("up", "--detach", "endpoint");
    expect(code).not.toBe(0);
    expect(lastLine(stderr)).toMatch(
      new RegExp(`127\\.0\\.0\\.1:${port}.*(?:in use|already allocated)`),
    );
  });

  it("names the password file that is missing", async () => {
    const { tryCompose, remove } = composeProject({
      GRAFANA_ADMIN_PASSWORD_FILE: "/etc/no-such-password",
    });
    undo(remove);
    const { code, stderr } = await tryCompose("up", "--detach", "--no-deps", "grafana");
    expect(code).not.toBe(0);
    expect(lastLine(stderr)).toMatch(/\/etc\/no-such-password/);
  });

  it("names the service whose volume is not its own, and in its log the file", async () => {
    const { name, tryCompose, compose, remove } = composeProject();
    undo(remove);
    const images = (await compose("config", "--images")).split("\n");
    const image = images.find((each) => each.includes("prometheus")) ?? "";
    // As after a restore by root. A volume with nothing in it would take its owner from the image.
    const volume = `${name}_prometheus-data`;
    await docker([
      "volume",
      "create",
      "--label",
      "com.docker.compose.volume=prometheus-data",
      "--label",
      `com.docker.compose.project=${name}`,
      volume,
    ]);
    await docker([
      ...["run", "--rm", "--user", "0", "--volume", `${volume}:/prometheus`, "--entrypoint", "sh"],
      ...[
        image,
        "-c",
        "touch /prometheus/restored && chown 0:0 /prometheus && chmod 700 /prometheus",
      ],
    ]);
    const { code, stderr } = await tryCompose(
      "up",
      "--detach",
      "--wait",
      "--no-deps",
      "prometheus",
    );
    expect(code).not.toBe(0);
    expect(lastLine(stderr)).toMatch(/prometheus/);
    const line = await until("Prometheus to complain", async () => {
      const log = await compose("logs", "--no-log-prefix", "prometheus");
      return log.split("\n").find((each) => each.includes("permission denied"));
    });
    expect(line).toMatch(/open \/prometheus\/.*permission denied/);
  });

  it("names the profile's service that cannot make a past, and in its log the reason", async () => {
    const { tryCompose, compose, remove } = composeProject({ HISTORY: "a week" });
    undo(remove);
    const profile = ["--profile", "history"];
    const { code, stderr } = await tryCompose(...profile, "up", "--detach", "history-blocks");
    expect(code).not.toBe(0);
    expect(lastLine(stderr)).toMatch(/service "history" didn't complete successfully: exit 2/);
    expect(await compose(...profile, "logs", "--no-log-prefix", "history")).toMatch(
      /--from a week: /,
    );
    // The next test has the same ports.
    await remove();
  });

  it("shows, as a target that is down, an Alertmanager that was stopped", async () => {
    const { compose, url, remove } = composeProject();
    undo(remove);
    await compose("up", "--detach", "--wait", "prometheus");
    await compose("stop", "alertmanager");
    const error = await until(
      "the target to be down",
      async () => {
        const { data } = await fetchJson<{
          data: { activeTargets: { scrapePool: string; health: string; lastError: string }[] };
        }>(`${url("prometheus")}/api/v1/targets`);
        return data.activeTargets.find(
          ({ scrapePool, health }) => scrapePool === "alertmanager" && health === "down",
        )?.lastError;
      },
      60_000,
    );
    expect(error).toMatch(/alertmanager/);
  });
});

const lastLine = (text: string): string => text.trim().split("\n").at(-1) ?? "";
