import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { YamlSource } from "@linklight/toolkit";
import { interpolate, parseEnvFile } from "./variables.ts";

/** The names under which Compose looks for its file, in its order. */
const NAMES = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];

/** A file or folder of this machine that a container sees. */
export interface BindMount {
  readonly source: string;
  readonly target: string;
}

/** A port of this machine that leads to a container. */
export interface PublishedPort {
  /** An address of this machine; empty for all of them. */
  readonly host: string;
  /** As written: a number, or a range. Empty where Docker chooses. */
  readonly published: string;
  readonly target: string;
}

/** What of a service can be wrong before it is started. Paths are absolute, variables filled in. */
export interface ComposeService {
  readonly name: string;
  readonly image: string;
  readonly user: string | undefined;
  readonly ports: readonly PublishedPort[];
  readonly mounts: readonly BindMount[];
  readonly namedVolumes: readonly string[];
  readonly envFiles: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
}

/** A compose file, as far as the doctor looks at it. */
export interface ComposeFile {
  /** Its name, without folder. */
  readonly name: string;
  readonly services: readonly ComposeService[];
  /** The absolute paths of secrets, by name. */
  readonly secretFiles: Readonly<Record<string, string>>;
  readonly volumes: readonly string[];
}

/**
 * Reads the compose file of a folder, with the variables of the environment and of `.env`; undefined where
 * there is none. Services that only profiles start are left out, and so are files that it includes. Rejects
 * with YamlError, MissingVariableError, or the error of reading.
 */
export async function readComposeFile(
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<ComposeFile | undefined> {
  for (const name of NAMES) {
    const text = await textOf(join(folder, name));
    if (text === undefined) continue;
    const file = parseEnvFile((await textOf(join(folder, ".env"))) ?? "");
    const document = YamlSource.parse(text, { file: name }).plain();
    return composeFile(name, folder, fill(document, { ...file, ...env }));
  }
  return undefined;
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** A document with variables filled in wherever a text stands. */
function fill(value: unknown, env: NodeJS.ProcessEnv): unknown {
  if (typeof value === "string") return interpolate(value, env);
  if (Array.isArray(value)) return value.map((each) => fill(each, env));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fill(each, env)]));
}

function composeFile(name: string, folder: string, document: unknown): ComposeFile {
  const { services, secrets, volumes } = mapping(document);
  const secretFiles = Object.entries(mapping(secrets)).flatMap(([secret, definition]) => {
    const { file } = mapping(definition);
    return typeof file === "string" ? [[secret, resolve(folder, file)] as const] : [];
  });
  return {
    name,
    services: Object.entries(mapping(services))
      .filter(([, service]) => sequence(mapping(service)["profiles"]).length === 0)
      .map(([service, definition]) => composeService(service, folder, mapping(definition))),
    secretFiles: Object.fromEntries(secretFiles),
    volumes: Object.keys(mapping(volumes)),
  };
}

function composeService(
  name: string,
  folder: string,
  definition: Readonly<Record<string, unknown>>,
): ComposeService {
  const mounts = sequence(definition["volumes"]).flatMap((each) => mountOf(each, folder));
  const { user, image, env_file: envFile } = definition;
  return {
    name,
    image: String(image ?? ""),
    user: user === undefined ? undefined : String(user),
    ports: sequence(definition["ports"]).map(portOf),
    mounts: mounts.filter(({ source }) => isAbsolute(source)),
    namedVolumes: mounts.map(({ source }) => source).filter((source) => !isAbsolute(source)),
    envFiles: (Array.isArray(envFile) ? envFile : envFile === undefined ? [] : [envFile]).flatMap(
      (each) => envFileOf(each, folder),
    ),
    environment: environmentOf(definition["environment"]),
    secrets: sequence(definition["secrets"]).map((each) =>
      typeof each === "string" ? each : String(mapping(each)["source"] ?? ""),
    ),
  };
}

// `source:target[:options]`, a target alone (a volume without a name), or a mapping.
function mountOf(value: unknown, folder: string): BindMount[] {
  if (typeof value !== "string") {
    const { type, source, target } = mapping(value);
    if ((type !== "bind" && type !== "volume") || typeof source !== "string") return [];
    return [{ source: pathOf(source, folder, type === "bind"), target: String(target ?? "") }];
  }
  const [source = "", target] = value.split(":");
  return target === undefined
    ? []
    : [{ source: pathOf(source, folder, /^[./~]/.test(source)), target }];
}

function pathOf(source: string, folder: string, isPath: boolean): string {
  return isPath ? resolve(folder, source.replace(/^~(?=\/|$)/, homedir())) : source;
}

// `[[host:]published:]target[/protocol]`, or a mapping.
function portOf(value: unknown): PublishedPort {
  if (typeof value === "object") {
    const { host_ip: host = "", published = "", target = "" } = mapping(value);
    return { host: String(host), published: String(published), target: String(target) };
  }
  const parts = String(value)
    .replace(/\/\w+$/, "")
    .split(":");
  const target = parts.pop() ?? "";
  const published = parts.pop() ?? "";
  return { host: parts.join(":").replace(/^\[|\]$/g, ""), published, target };
}

function envFileOf(value: unknown, folder: string): string[] {
  if (typeof value === "string") return [resolve(folder, value)];
  const { path, required } = mapping(value);
  return typeof path === "string" && required !== false ? [resolve(folder, path)] : [];
}

function environmentOf(value: unknown): Readonly<Record<string, string>> {
  if (!Array.isArray(value)) {
    return Object.fromEntries(
      Object.entries(mapping(value)).map(([name, each]) => [name, String(each ?? "")]),
    );
  }
  return Object.fromEntries(
    value.map((each) => {
      const [name = "", ...rest] = String(each).split("=");
      return [name, rest.join("=")];
    }),
  );
}

function mapping(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}

function sequence(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
