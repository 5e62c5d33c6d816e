import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** What a real program is to a test; which version plays it floats (scripts/peers.sh). */
export type PeerRole =
  | "prometheus-2"
  | "prometheus-3"
  | "alertmanager"
  | "python-client"
  | "chromium"
  | "client-golang";

/** A real Prometheus: the roles that hold a server and a promtool. */
export type PrometheusRole = "prometheus-2" | "prometheus-3";

/** A real program, fetched and ready to run. */
export interface Peer {
  readonly role: PeerRole;
  readonly version: string;
  /** The path of one of its files, such as `promtool`. */
  readonly file: (name: string) => string;
}

const cache = fileURLToPath(new URL("../../.cache/peers", import.meta.url));

/**
 * The peer of a role, or undefined when `LINKLIGHT_PEERS` (`all`, or roles with commas between) does
 * not ask for it, so that a test says `describe.skipIf(findPeer(role) === undefined)`.
 * Throws when it is asked for and not there: a wanted proof must not vanish.
 */
export function findPeer(role: PeerRole): Peer | undefined {
  const wanted = (process.env["LINKLIGHT_PEERS"] ?? "").split(",").map((name) => name.trim());
  if (!wanted.includes("all") && !wanted.includes(role)) return undefined;
  const folder = join(cache, role);
  const versionFile = join(folder, "VERSION");
  if (!existsSync(versionFile)) {
    throw new Error(`LINKLIGHT_PEERS asks for ${role}, which is not fetched: run scripts/peers.sh`);
  }
  const version = readFileSync(versionFile, "utf8").trim();
  return { role, version, file: (name) => join(folder, name) };
}

/** As findPeer, inside a test that runs only where the peer is there. */
export function needPeer(role: PeerRole): Peer {
  const found = findPeer(role);
  if (found === undefined) throw new Error(`LINKLIGHT_PEERS does not name ${role}`);
  return found;
}

/** A real Prometheus for `describe.each`: its version stands in the title of its tests, never in their checks. */
export interface PrometheusPeer {
  readonly role: PrometheusRole;
  readonly title: string;
  /** Whether this run goes without it: for `describe.skipIf`. */
  readonly missing: boolean;
}

const ROLES: readonly PrometheusRole[] = ["prometheus-2", "prometheus-3"];

/** Both real Prometheus servers. */
export const PROMETHEUS_PEERS: readonly PrometheusPeer[] = ROLES.map((role) => {
  const peer = findPeer(role);
  return { role, title: `${role} (${peer?.version ?? "not here"})`, missing: peer === undefined };
});
