import { validateHeaderValue } from "node:http";

// What exporter-toolkit lets web.yml set, so that all Prometheus programs are alike; with the values
// allowed, where the header has a fixed set of them.
const ALLOWED: ReadonlyMap<string, readonly string[] | undefined> = new Map([
  ["Strict-Transport-Security", undefined],
  ["X-Content-Type-Options", ["nosniff"]],
  ["X-Frame-Options", ["deny", "sameorigin"]],
  ["X-XSS-Protection", undefined],
  ["Content-Security-Policy", undefined],
]);

/** What is wrong with a header of `http_server_config`, or undefined. */
export function headerProblem(name: string, value: string): string | undefined {
  if (!ALLOWED.has(name)) {
    return `HTTP header ${JSON.stringify(name)} can not be configured; only ${[...ALLOWED.keys()].join(", ")}`;
  }
  const values = ALLOWED.get(name);
  if (values !== undefined && !values.includes(value)) {
    return `invalid value for ${name}. Expected one of: ${JSON.stringify(values)}, but got: ${JSON.stringify(value)}`;
  }
  try {
    validateHeaderValue(name, value);
    return undefined;
  } catch {
    return `invalid value for ${name}: a character that no HTTP header can carry`;
  }
}
