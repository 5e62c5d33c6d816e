import { randomBytes } from "node:crypto";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { type ProgramResult, runProgram } from "./run-program.ts";

const LONGEST_MS = 280_000;
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Whether this run goes without containers: for `describe.skipIf`. */
export const DOCKER_MISSING: boolean = !isDockerWanted();

/** Whether images are the public ones, pulled by this machine's own engine, and Grafana is Grafana. */
export const HAS_REAL_IMAGES: boolean = process.env["LINKLIGHT_DOCKER"] === "own";

// Never an engine that merely happens to run here: it may be somebody's.
function isDockerWanted(): boolean {
  const wanted = (process.env["LINKLIGHT_PEERS"] ?? "").split(",").map((name) => name.trim());
  if (!wanted.includes("all") && !wanted.includes("docker")) return false;
  if (process.env["LINKLIGHT_DOCKER"] === undefined) {
    throw new Error(
      "LINKLIGHT_PEERS asks for docker: run this by scripts/stack.sh run …, or with LINKLIGHT_DOCKER=own",
    );
  }
  return true;
}

/** Runs docker in the root of this tree, whatever its exit code. */
export function tryDocker(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<ProgramResult> {
  return runProgram("docker", args, { cwd: ROOT, env, timeoutMs: LONGEST_MS });
}

/** Runs docker and gives its standard output; rejects with all it printed when it fails. */
export async function docker(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<string> {
  const { code, stdout, stderr } = await tryDocker(args, env);
  if (code !== 0)
    throw new Error(`docker ${args.join(" ")}: exit code ${code}\n${stdout}${stderr}`);
  return stdout.trim();
}

/** A stack of this tree's compose.yaml under a name and on ports of its own. */
export interface ComposeProject {
  readonly name: string;
  /** `docker compose …`; rejects when it fails. */
  readonly compose: (...args: readonly string[]) => Promise<string>;
  /** `docker compose …`, whatever its exit code. */
  readonly tryCompose: (...args: readonly string[]) => Promise<ProgramResult>;
  /** Where a service answers on this machine. */
  readonly url: (service: StackService) => string;
  /** Ends all of it, with its volumes. */
  readonly remove: () => Promise<void>;
}

/** A service with a port. */
export type StackService = "endpoint" | "prometheus" | "alertmanager" | "grafana";

/** Ports that no stack of a user has by default, so that a running one is in nobody's way. */
const PORTS: Readonly<Record<StackService, number>> = {
  endpoint: 18_000,
  prometheus: 19_090,
  alertmanager: 19_093,
  grafana: 13_000,
};

/** Describes a stack; nothing is started. `env` wins over what the test sets, which is image and ports. */
export function composeProject(env: Record<string, string> = {}): ComposeProject {
  const name = `linklight-test-${randomBytes(4).toString("hex")}`;
  const environment = {
    ENDPOINT_IMAGE: "linklight:test",
    ...Object.fromEntries(
      Object.entries(PORTS).map(([service, port]) => [
        `${service.toUpperCase()}_PORT`,
        String(port),
      ]),
    ),
    BIND: "",
    GRAFANA_ADMIN_PASSWORD: "",
    GRAFANA_ADMIN_PASSWORD_FILE: "",
    ...env,
  };
  const command = (args: readonly string[]): string[] => [
    ...["compose", "--project-name", name, "--progress", "plain"],
    ...args,
  ];
  return {
    name,
    compose: (...args) => docker(command(args), environment),
    tryCompose: (...args) => tryDocker(command(args), environment),
    url: (service) => `http://127.0.0.1:${PORTS[service]}`,
    remove: async () => {
      // Whatever was wrong with the environment of the test is not wrong with this one.
      const { BIND: _, ...harmless } = environment;
      await docker(command(["--profile", "*", "down", "--volumes", "--timeout", "5"]), {
        ...harmless,
        GRAFANA_ADMIN_PASSWORD_FILE: "",
      });
    },
  };
}
