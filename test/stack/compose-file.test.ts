import { describe, expect, it } from "vitest";
import { composeProject, DOCKER_MISSING, docker } from "../harness/docker.ts";

interface Service {
  readonly image: string;
  readonly ports?: readonly { readonly host_ip?: string; readonly target: number }[];
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly read_only?: boolean;
  readonly environment?: Readonly<Record<string, string | null>>;
}

interface ComposeModel {
  readonly services: Readonly<Record<string, Service>>;
}

// Compose reads and judges the file without an engine.
describe.skipIf(DOCKER_MISSING)("compose.yaml", () => {
  const read = async (env: Record<string, string> = {}): Promise<ComposeModel> =>
    JSON.parse(await composeProject(env).compose("--profile", "*", "config", "--format", "json"));

  it("is right in every profile and in all of them", async () => {
    const profiles = (await docker(["compose", "config", "--profiles"]))
      .split("\n")
      .filter(Boolean);
    for (const profile of [...profiles, "*"]) {
      const { code, stderr } = await composeProject().tryCompose(
        "--profile",
        profile,
        "config",
        "--quiet",
      );
      expect({ profile, code, stderr }).toEqual({ profile, code: 0, stderr: "" });
    }
  });

  it("opens ports on the loopback of this machine only", async () => {
    const { services } = await read();
    const addresses = Object.values(services).flatMap(({ ports = [] }) =>
      ports.map(({ host_ip }) => host_ip),
    );
    expect(addresses).toEqual(["127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.1"]);
  });

  it("opens nothing but Grafana by BIND, because only Grafana asks who one is", async () => {
    const { services } = await read({ BIND: "0.0.0.0", GRAFANA_ADMIN_PASSWORD: "long" });
    const open = Object.entries(services).filter(([, { ports = [] }]) =>
      ports.some(({ host_ip }) => host_ip !== "127.0.0.1"),
    );
    expect(open.map(([name]) => name)).toEqual(["grafana"]);
  });

  it("gives no service a capability, and to all but Grafana a root that nobody writes", async () => {
    for (const [name, service] of Object.entries((await read()).services)) {
      expect({ name, ...pick(service) }).toEqual({
        name,
        cap_drop: ["ALL"],
        security_opt: ["no-new-privileges:true"],
        read_only: name !== "grafana",
      });
    }
  });

  it("names every image with an exact tag, and lets each be replaced", async () => {
    const replaced = {
      ENDPOINT_IMAGE: "a:1",
      PROMETHEUS_IMAGE: "b:2",
      ALERTMANAGER_IMAGE: "c:3",
      GRAFANA_IMAGE: "d:4",
    };
    const images = (model: ComposeModel): string[] =>
      [...new Set(Object.values(model.services).map(({ image }) => image))].sort();
    expect(images(await read(replaced))).toEqual(["a:1", "b:2", "c:3", "d:4"]);
    for (const image of images(await read())) {
      expect(image).toMatch(/^[\w./-]+:v?\d+\.\d+\.\d+$|^linklight:test$/);
    }
  });

  it.each([
    ["the loopback default", {}, "", true],
    ["the environment", { GRAFANA_ADMIN_PASSWORD: "long" }, "long", false],
    ["a file", { GRAFANA_ADMIN_PASSWORD_FILE: "/etc/hostname" }, "", true],
    [
      "the environment, where both are given",
      { GRAFANA_ADMIN_PASSWORD: "long", GRAFANA_ADMIN_PASSWORD_FILE: "/etc/hostname" },
      "long",
      false,
    ],
  ])("takes Grafana's password from %s", async (_, env, password, isFile) => {
    const environment =
      (await read(env as Record<string, string>)).services["grafana"]?.environment ?? {};
    expect({
      password: environment["GF_SECURITY_ADMIN_PASSWORD"],
      isFile: "GF_SECURITY_ADMIN_PASSWORD__FILE" in environment,
    }).toEqual({ password, isFile });
  });

  it("refuses to open Grafana without a password, in a sentence that says what to do", async () => {
    const { code, stderr } = await composeProject({ BIND: "0.0.0.0" }).tryCompose(
      "config",
      "--quiet",
    );
    expect(code).not.toBe(0);
    expect(stderr.trim().split("\n")).toEqual([
      expect.stringContaining(
        "BIND opens Grafana to other machines and needs a password: set GRAFANA_ADMIN_PASSWORD or GRAFANA_ADMIN_PASSWORD_FILE",
      ),
    ]);
  });
});

function pick({ cap_drop, security_opt, read_only = false }: Service): Omit<Service, "image"> {
  return { ...(cap_drop && { cap_drop }), ...(security_opt && { security_opt }), read_only };
}
