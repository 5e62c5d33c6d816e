import { access, readFile } from "node:fs/promises";
import { relative, resolve } from "node:path";
import { platform } from "node:process";
import { type ComposeFile, type ComposeService, readComposeFile } from "../compose/compose-file.ts";
import { containerUser, firstUnreadable } from "../compose/container-access.ts";
import { MissingVariableError } from "../compose/variables.ts";
import {
  type Check,
  type Finding,
  info,
  ok,
  type Patient,
  SERVICES,
  warning,
  wrong,
} from "../doctor/check.ts";
import { isLoopback } from "../doctor/explain-scrape-error.ts";

/** Whether the compose file of the folder can be started as it is. */
export const composeCheck: Check = {
  name: "compose",
  needs: [],
  async run(patient) {
    let file: ComposeFile | undefined;
    try {
      file = await readComposeFile(patient.folder, patient.env);
    } catch (error) {
      return [unreadableFinding(error)];
    }
    if (file === undefined) return [info("no compose file in this folder")];
    const findings = [
      ...(await secretFindings(file, patient)),
      ...(await Promise.all(file.services.map((each) => serviceFindings(each, patient)))).flat(),
      ...volumeFindings(file),
      ...(await openFindings(file)),
      ...portFindings(file, patient),
    ];
    const isWell = findings.every(({ severity }) => severity === "info");
    return isWell ? [ok(`${file.name}: ${file.services.length} services`), ...findings] : findings;
  },
};

function unreadableFinding(error: unknown): Finding {
  const { message } = error as Error;
  return error instanceof MissingVariableError
    ? wrong(`the compose file needs a variable: ${message}`, "set it in the environment or in .env")
    : wrong(
        `the compose file cannot be read: ${message}`,
        "mend it; docker compose config --quiet checks it",
      );
}

async function secretFindings(file: ComposeFile, { folder }: Patient): Promise<Finding[]> {
  const used = file.services.flatMap((service) =>
    service.secrets.map((secret) => ({ service, secret })),
  );
  const found = await Promise.all(
    used.map(async ({ service, secret }): Promise<Finding[]> => {
      const path = file.secretFiles[secret];
      if (path === undefined) return [];
      const shown = shownPath(folder, path);
      if (!(await isThere(path))) {
        return [
          wrong(
            `the file of the secret ${secret} is missing: ${shown}`,
            `write the password into ${shown}, or correct the path (GRAFANA_ADMIN_PASSWORD_FILE)`,
          ),
        ];
      }
      return accessFindings(service, path, folder);
    }),
  );
  return found.flat();
}

async function serviceFindings(service: ComposeService, { folder }: Patient): Promise<Finding[]> {
  const mounted = await Promise.all(
    service.mounts.map(async ({ source, target }): Promise<Finding[]> => {
      if (await isThere(source)) return accessFindings(service, source, folder);
      // Docker makes an empty folder of what is not there, even where a file is wanted.
      return [
        wrong(
          `${service.name}: ${shownPath(folder, source)}, mounted at ${target}, is missing`,
          "restore it (git status tells what is gone); if Docker has made an empty folder of it, remove that first",
        ),
      ];
    }),
  );
  const environment = await Promise.all(
    service.envFiles.map(async (path): Promise<Finding[]> => {
      if (await isThere(path)) return [];
      const said = refusalOf(path);
      const missing = `the env_file ${shownPath(folder, path)} is missing`;
      return [
        said === undefined
          ? wrong(`${service.name}: ${missing}`, "restore it, or correct the path")
          : wrong(`${service.name}: the compose file refuses: ${said}`, "do what it says"),
      ];
    }),
  );
  return [...mounted, ...environment].flat();
}

/** Compose refuses by a path that does not exist and whose last part is a sentence that says why. */
function refusalOf(envFile: string): string | undefined {
  return /([^/]+ [^/]+)$/.exec(envFile)?.[1];
}

async function accessFindings(
  service: ComposeService,
  path: string,
  folder: string,
): Promise<Finding[]> {
  const user = containerUser(service);
  // Docker Desktop shows files of macOS and Windows to every user.
  if (user === undefined || platform !== "linux") return [];
  const unreadable = await firstUnreadable(path, user).catch(() => path);
  if (unreadable === undefined) return [];
  const shown = shownPath(folder, unreadable);
  return [
    wrong(
      `${service.name}: its user (${user.uid}) may not read ${shown}`,
      `chmod -R o+rX ${shown}, or make it belong to that user: chown -R ${user.uid} ${shown}`,
    ),
  ];
}

function volumeFindings({ name, services, volumes }: ComposeFile): Finding[] {
  return services.flatMap((service) =>
    service.namedVolumes
      .filter((volume) => !volumes.includes(volume))
      .map((volume) =>
        wrong(
          `${service.name}: the volume ${volume} is not declared`,
          `name it under volumes: of ${name}, or write ./${volume} if you mean a folder`,
        ),
      ),
  );
}

/** Ports that other machines reach, of services that do not ask who asks. */
async function openFindings(file: ComposeFile): Promise<Finding[]> {
  const found = await Promise.all(
    file.services.map(async (service): Promise<Finding[]> => {
      const open = service.ports.find(({ host }) => !isLoopback(host));
      const isRefused = service.envFiles.some((path) => refusalOf(path) !== undefined);
      if (open === undefined || isRefused) return [];
      const where = open.host === "" ? "all addresses" : open.host;
      const message = `${service.name} is open to other machines (port ${open.published || open.target} on ${where})`;
      const remedy = `publish it on loopback: "127.0.0.1:${open.published || open.target}:${open.target}"`;
      if (!/grafana/.test(service.image)) {
        return [warning(`${message} and asks nobody for a password`, remedy)];
      }
      return (await hasPassword(service, file))
        ? []
        : [
            wrong(
              `${message} with no password but admin`,
              "set GRAFANA_ADMIN_PASSWORD or GRAFANA_ADMIN_PASSWORD_FILE, or unset BIND",
            ),
          ];
    }),
  );
  return found.flat();
}

async function hasPassword(
  { environment }: ComposeService,
  { secretFiles }: ComposeFile,
): Promise<boolean> {
  const password = environment["GF_SECURITY_ADMIN_PASSWORD"];
  if (password) return password !== "admin";
  const inside = environment["GF_SECURITY_ADMIN_PASSWORD__FILE"] ?? "";
  const path = secretFiles[/^\/run\/secrets\/(.*)$/.exec(inside)?.[1] ?? ""];
  // One that cannot be read from here is somebody's own.
  const content = path === undefined ? "" : await readFile(path, "utf8").catch(() => "unknown");
  return !["", "admin"].includes(content.trim());
}

/** Ports that somebody else has, and such that are others than those looked at. */
function portFindings({ services }: ComposeFile, patient: Patient): Finding[] {
  return SERVICES.flatMap((name): Finding[] => {
    const { url, presence } = patient.services[name];
    const published = services.find((each) => each.name === name)?.ports[0]?.published;
    if (!published || presence.state === "here") return [];
    if (published !== url.port) {
      const remedy = `look there: --${name} http://127.0.0.1:${published}`;
      return [info(`the compose file has ${name} on port ${published}`, remedy)];
    }
    if (presence.state !== "stranger" && presence.state !== "silent") return [];
    const variable = `${name.toUpperCase()}_PORT`;
    return [
      wrong(
        `docker compose cannot start ${name}: another program has the port ${published}`,
        `end that program, or set ${variable} to a free port`,
      ),
    ];
  });
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code === "EACCES",
  );
}

function shownPath(folder: string, path: string): string {
  const short = relative(resolve(folder), path);
  return short.startsWith("..") || short === "" ? path : short;
}
