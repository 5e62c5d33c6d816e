import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dockerCheck, socketsOf } from "../../packages/linklight/src/doctor-checks/docker.ts";
import { examineFakes } from "../harness/fake-pipeline.ts";

/** Runs the check against an engine of our own on a Unix socket, and gives what it was asked for. */
async function linesOf(containers: readonly unknown[]) {
  const folder = mkdtempSync(join(tmpdir(), "linklight-docker-"));
  const socket = join(folder, "docker.sock");
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(decodeURIComponent(request.url ?? ""));
    const isVersion = request.url === "/version";
    response.end(JSON.stringify(isVersion ? { Version: "28.5.2" } : containers));
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  try {
    const env = { DOCKER_HOST: `unix://${socket}` };
    const { lines } = await examineFakes([dockerCheck], {}, { env, folder });
    return { lines, asked: paths.map((path) => path.replaceAll(folder, "FOLDER")) };
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
}

describe("dockerCheck", () => {
  it("finds the engine, and asks for the containers of this folder alone", async () => {
    expect(await linesOf([])).toEqual({
      lines: ["ok Docker 28.5.2"],
      asked: [
        "/version",
        '/containers/json?all=1&filters={"label":["com.docker.compose.project.working_dir=FOLDER"]}',
      ],
    });
  });

  it("names containers that are not well", async () => {
    const container = (name: string, State: string, Status: string): unknown => ({
      ...{ Names: [`/linklight-${name}-1`], State, Status },
      Labels: { "com.docker.compose.service": name },
    });
    const { lines } = await linesOf([
      container("endpoint", "running", "Up 2 minutes (healthy)"),
      container("prometheus", "restarting", "Restarting (2) 5 seconds ago"),
      container("alertmanager", "exited", "Exited (1) 2 minutes ago"),
      container("grafana", "running", "Up 2 minutes (unhealthy)"),
      container("once", "exited", "Exited (0) 2 minutes ago"),
    ]);
    expect(lines).toEqual([
      "ok Docker 28.5.2, 5 containers of this folder",
      "wrong the container linklight-prometheus-1 is not well: Restarting (2) 5 seconds ago → docker compose logs prometheus",
      "wrong the container linklight-alertmanager-1 is not well: Exited (1) 2 minutes ago → docker compose logs alertmanager",
      "wrong the container linklight-grafana-1 is not well: Up 2 minutes (unhealthy) → docker compose logs grafana",
    ]);
  });

  it("goes on without an engine", async () => {
    const env = { DOCKER_HOST: "tcp://192.0.2.1:2375" };
    const { lines } = await examineFakes([dockerCheck], {}, { env });
    expect(lines).toEqual(["info no Docker engine found; only docker compose needs one"]);
  });
});

describe("socketsOf", () => {
  it("believes DOCKER_HOST, and else looks where installers put it", () => {
    expect(socketsOf({ DOCKER_HOST: "unix:///a.sock" })).toEqual(["/a.sock"]);
    expect(socketsOf({ DOCKER_HOST: "ssh://me@there" })).toEqual([]);
    expect(socketsOf({ XDG_RUNTIME_DIR: "/run/user/7" }).slice(0, 2)).toEqual([
      "/var/run/docker.sock",
      "/run/user/7/docker.sock",
    ]);
  });
});
