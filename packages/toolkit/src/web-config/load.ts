import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { YamlError, type YamlProblem } from "../yaml/yaml-error.ts";
import { YamlSource } from "../yaml/yaml-source.ts";
import { parseGoDuration } from "./go-duration.ts";
import { headerProblem } from "./headers.ts";
import { passwordHashProblem } from "./password-hash.ts";
import { type RawWebConfig, webConfigSchema } from "./schema.ts";
import { isTlsEnabled, loadTlsConfig, type TlsServerConfig, tlsFiles } from "./tls-config.ts";

/** A web.yml that was read and found right, with the files it names. */
export interface WebConfig {
  /** Absent: plain HTTP. */
  readonly tls?: TlsServerConfig | undefined;
  /** Headers to set on every answer. */
  readonly headers: ReadonlyMap<string, string>;
  /** Bcrypt hashes by user name; empty: everybody may. */
  readonly users: ReadonlyMap<string, string>;
  readonly rateLimit?: RateLimit | undefined;
  /** web.yml itself and the files it names: when one changes, it is time to read again. */
  readonly files: readonly string[];
}

/** A token bucket: `burst` requests at once, then one each `intervalMs`. */
export interface RateLimit {
  readonly intervalMs: number;
  readonly burst: number;
}

/** web.yml cannot be read at all. What is wrong inside of it is a {@link YamlError}. */
export class WebConfigError extends Error {
  override readonly name = "WebConfigError";
  readonly code = "LINKLIGHT_WEB_CONFIG";
}

/**
 * Reads an exporter-toolkit web.yml and the certificates it names; paths are relative to the file.
 * `http2` is accepted and has no effect: linklight speaks HTTP/1.1, as every scraper does. Throws
 * WebConfigError when the file cannot be read, YamlError with every problem when it is wrong.
 */
export function loadWebConfig(file: string): WebConfig {
  const source = YamlSource.parse(readText(file), { file });
  const raw = source.decode(webConfigSchema);
  const directory = dirname(file);
  const problems: YamlProblem[] = [];

  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(raw.http_server_config.headers)) {
    const problem = headerProblem(name, value);
    const path = ["http_server_config", "headers", name];
    if (problem !== undefined) problems.push(source.keyProblem(path, problem));
    // "Unset if blank", says exporter-toolkit.
    if (value !== "") headers.set(name, value);
  }
  for (const [user, hash] of Object.entries(raw.basic_auth_users)) {
    const problem = passwordHashProblem(hash);
    if (problem !== undefined) problems.push(source.problem(["basic_auth_users", user], problem));
  }
  const tls = isTlsEnabled(raw.tls_server_config)
    ? loadTlsConfig(raw.tls_server_config, directory, (field, message) => {
        const section = ["tls_server_config"];
        problems.push(
          field === undefined
            ? source.keyProblem(section, message)
            : source.problem([...section, field], message),
        );
      })
    : undefined;
  const rateLimit = readRateLimit(raw, (message) => {
    problems.push(source.problem(["rate_limit", "interval"], message));
  });

  if (problems.length > 0) throw new YamlError(file, problems);
  return {
    tls,
    headers,
    users: new Map(Object.entries(raw.basic_auth_users)),
    rateLimit,
    files: [file, ...tlsFiles(raw.tls_server_config, directory)],
  };
}

/**
 * Judges a web.yml as `promtool check web-config` does, and lists every problem as one line; an empty
 * list means that a server would start with it.
 */
export function checkWebConfig(file: string): readonly string[] {
  try {
    loadWebConfig(file);
    return [];
  } catch (err) {
    if (err instanceof YamlError) return err.message.split("\n");
    if (err instanceof WebConfigError) return [err.message];
    throw err;
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    let reason = message;
    if (code === "ENOENT") reason = "there is no such file";
    if (code === "EISDIR") reason = "it is a folder";
    throw new WebConfigError(`cannot read the web configuration ${file}: ${reason}`, { cause });
  }
}

function readRateLimit(
  { rate_limit: raw }: RawWebConfig,
  complain: (message: string) => void,
): RateLimit | undefined {
  // A bare number counts nanoseconds, as in Go.
  const intervalMs =
    typeof raw.interval === "number" ? raw.interval / 1e6 : parseGoDuration(raw.interval);
  if (intervalMs === undefined || intervalMs < 0) {
    complain(
      `expected a duration such as 1s, 500ms or 1m30s, found ${JSON.stringify(raw.interval)}`,
    );
    return undefined;
  }
  return intervalMs === 0 ? undefined : { intervalMs, burst: raw.burst };
}
