import { access } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { jsonOf, type Reply } from "../doctor/ask.ts";
import {
  type Check,
  type Finding,
  info,
  ok,
  type Patient,
  warning,
  wrong,
} from "../doctor/check.ts";
import { listOf, recordOf, textIn } from "../doctor/presence.ts";

/** Whether a Docker engine is here, and the containers of this folder's compose project are well. */
export const dockerCheck: Check = {
  name: "docker",
  needs: [],
  async run(patient) {
    for (const socketPath of socketsOf(patient.env)) {
      const isThere = await access(socketPath).then(
        () => true,
        () => false,
      );
      if (isThere) return engineFindings(socketPath, patient);
    }
    return [info("no Docker engine found; only docker compose needs one")];
  },
};

/** Where the engine's socket is: as told by DOCKER_HOST, or at one of the places where installers put it. */
export function socketsOf(env: NodeJS.ProcessEnv): string[] {
  const told = env["DOCKER_HOST"];
  // An engine on another machine is not this machine's health.
  if (told) return told.startsWith("unix://") ? [told.slice("unix://".length)] : [];
  const runtime = env["XDG_RUNTIME_DIR"];
  return [
    "/var/run/docker.sock",
    ...(runtime ? [join(runtime, "docker.sock")] : []),
    join(homedir(), ".docker/run/docker.sock"),
    join(homedir(), ".docker/desktop/docker.sock"),
  ];
}

async function engineFindings(socketPath: string, { ask, folder }: Patient): Promise<Finding[]> {
  const get = (path: string): Promise<Reply> => ask(new URL(path, "http://docker"), { socketPath });
  const version = await get("/version");
  if (version.status === undefined) {
    return [
      version.code === "EACCES"
        ? warning(
            `${socketPath} is not open to this user: docker needs root or the group docker`,
            "add yourself to the group (usermod -aG docker NAME) and log in again",
          )
        : warning(
            `${socketPath} is there, and no Docker engine answers: ${version.reason}`,
            "start Docker (systemctl start docker, or Docker Desktop)",
          ),
    ];
  }
  const label = `com.docker.compose.project.working_dir=${resolve(folder)}`;
  const filters = new URLSearchParams({ all: "1", filters: JSON.stringify({ label: [label] }) });
  const containers = await get(`/containers/json?${filters}`);
  const listed = containers.status === 200 ? listOf(jsonOf(containers)) : [];
  const name = `Docker ${textIn(jsonOf(version), "Version") ?? ""}`.trimEnd();
  const here = listed.length === 0 ? "" : `, ${listed.length} containers of this folder`;
  return [ok(`${name}${here}`), ...listed.flatMap(containerFindings)];
}

function containerFindings(container: unknown): Finding[] {
  const state = textIn(container, "State") ?? "";
  const status = textIn(container, "Status") ?? state;
  const isFailed = state === "restarting" || state === "dead" || /^Exited \([^0]/.test(status);
  if (!isFailed && !status.includes("(unhealthy)")) return [];
  const name = String(listOf(recordOf(container)["Names"])[0] ?? "?").replace(/^\//, "");
  const service = textIn(recordOf(container)["Labels"], "com.docker.compose.service") ?? name;
  return [wrong(`the container ${name} is not well: ${status}`, `docker compose logs ${service}`)];
}
