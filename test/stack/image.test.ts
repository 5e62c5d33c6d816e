import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { DOCKER_MISSING, docker, HAS_REAL_IMAGES, tryDocker } from "../harness/docker.ts";
import { undoAfterAll } from "../harness/undo.ts";
import { until } from "../harness/until.ts";

const IMAGE = "linklight:test";
const LARGEST_ADDITION_BYTES = 40_000_000;
/** A promise to whoever updates it: Docker's own patience, and that of orchestrators, is longer. */
const LONGEST_END_MS = 2_000;
/** What the image promises to need nothing beyond. */
const HARDENED = ["--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges"];

interface ImageDescription {
  readonly Size: number;
  readonly Config: {
    readonly User: string;
    readonly Entrypoint: string[];
    readonly Cmd: string[];
    readonly StopSignal: string;
    readonly Healthcheck: { readonly Test: string[] };
    readonly Labels: Record<string, string>;
  };
}

describe.skipIf(DOCKER_MISSING)("the image", () => {
  const undo = undoAfterAll();

  beforeAll(async () => {
    await docker(["build", "--file", "deploy/Dockerfile", "--tag", IMAGE, "."]);
  });

  const inspect = async (image: string): Promise<ImageDescription> =>
    JSON.parse(await docker(["image", "inspect", "--format", "{{json .}}", image]));

  const inside = (script: string): Promise<string> =>
    docker(["run", "--rm", "--entrypoint", "sh", IMAGE, "-c", script]);

  it("is built from a file that Docker's own check has nothing against", async () => {
    const { code, stdout, stderr } = await tryDocker([
      "build",
      "--check",
      "--file",
      "deploy/Dockerfile",
      ".",
    ]);
    expect({ code, said: /Check complete, no warnings found/.test(stdout + stderr) }).toEqual({
      code: 0,
      said: true,
    });
  });

  it("runs the endpoint as nobody special, and knows how to tell whether it is healthy", async () => {
    const { User, Entrypoint, Cmd, StopSignal, Healthcheck, Labels } = (await inspect(IMAGE))
      .Config;
    expect({ User, Entrypoint, Cmd, StopSignal, Test: Healthcheck.Test }).toEqual({
      User: "1000:1000",
      Entrypoint: ["linklight"],
      Cmd: ["endpoint", "--host", "0.0.0.0"],
      StopSignal: "SIGTERM",
      Test: ["CMD", "linklight", "check", "healthy", "--url", "http://127.0.0.1:8000"],
    });
    expect(Object.keys(Labels)).toEqual(
      expect.arrayContaining(
        ["title", "description", "licenses", "version", "revision"].map(
          (name) => `org.opencontainers.image.${name}`,
        ),
      ),
    );
  });

  it("adds less than 40 MB to its base", async () => {
    const dockerfile = readFileSync(new URL("../../deploy/Dockerfile", import.meta.url), "utf8");
    const base = /^ARG NODE_IMAGE=(.+)$/m.exec(dockerfile);
    // An engine that builds from a public image need not keep it.
    if (HAS_REAL_IMAGES) await docker(["pull", "--quiet", base?.[1] ?? ""]);
    const added = (await inspect(IMAGE)).Size - (await inspect(base?.[1] ?? "")).Size;
    expect(added).toBeLessThan(LARGEST_ADDITION_BYTES);
  });

  it("holds what runs and nothing that made it: no compiler, no tests, no source maps", async () => {
    const packages = await inside("cd /linklight/node_modules && ls -d [a-z]* @*/* | sort");
    expect(packages.split("\n")).not.toEqual(
      expect.arrayContaining([
        expect.stringMatching(/typescript|vitest|biome|oxlint|knip|grafana|@types/),
      ]),
    );
    expect(
      await inside(
        "find /linklight -name '*.map' -o -name '*.test.*' -o -name '*.ts' -o -name .npmrc",
      ),
    ).toBe("");
  });

  it("belongs to root and is written by nobody, except /data", async () => {
    expect(
      await inside("find /linklight ! -user root -o -perm -o+w -type f; stat -c %u:%g /data"),
    ).toBe("1000:1000");
  });

  it("runs with a read-only root and without any privilege, becomes healthy, and ends within two seconds of SIGTERM", async () => {
    const id = await docker([
      "run",
      "--detach",
      ...HARDENED,
      IMAGE,
      "endpoint",
      "--host",
      "0.0.0.0",
    ]);
    undo(() => docker(["rm", "--force", "--volumes", id]));
    await until("the container to be healthy", async () => {
      const state = await docker(["inspect", "--format", "{{.State.Health.Status}}", id]);
      return state === "healthy" ? state : undefined;
    });
    const page = await docker([
      "exec",
      id,
      "node",
      "-e",
      "fetch('http://127.0.0.1:8000/metrics').then((r) => r.text()).then(console.log)",
    ]);
    expect(page).toContain('rx_packets_total{portnum="1",speed="100GBPS",type="Ethernet"}');
    const signalledAt = Date.now();
    await docker(["kill", "--signal", "TERM", id]);
    expect(await docker(["wait", id])).toBe("0");
    const endedAt = Date.parse(
      await docker(["inspect", "--format", "{{json .State.FinishedAt}}", id]).then(JSON.parse),
    );
    expect(endedAt - signalledAt).toBeLessThan(LONGEST_END_MS);
  });

  it("shows its help for a command line that is wrong, with exit code 2", async () => {
    const { code, stderr } = await tryDocker(["run", "--rm", IMAGE, "endpoint", "--prot", "9000"]);
    expect({ code, stderr: stderr.trim() }).toEqual({
      code: 2,
      stderr: expect.stringContaining("unknown option '--prot'"),
    });
  });
});
