import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { needPeer } from "./peer.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { until } from "./until.ts";

/** An alert as Alertmanager's API tells of it. */
export interface ReceivedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
}

/** A real Alertmanager on a free port of 127.0.0.1, alone, with its data in a temporary folder. */
export interface RunningAlertmanager {
  /** `127.0.0.1:port`. */
  readonly address: string;
  /** What fires now, whether somebody was told or not. */
  readonly alerts: () => Promise<ReceivedAlert[]>;
  /** Ends it and removes its data. */
  readonly stop: () => Promise<void>;
}

// Debian's reads its templates from a fixed folder under /usr/share: it gets one there that nobody else sees.
const UNSHARE = "/usr/bin/unshare";
const PLACE = "/usr/share/prometheus/alertmanager";
const OWN_MOUNTS: readonly string[] = [
  ...(process.getuid?.() === 0 ? [] : ["--map-root-user"]),
  "--mount",
  "--propagation=private",
  "sh",
  "-c",
  `mount -t tmpfs none /usr/share && mkdir -p ${PLACE} && cp "$0"/*.tmpl ${PLACE} && exec "$@"`,
];

/** Starts a real Alertmanager with a configuration file and waits until it is ready. Rejects with its log when it does not start. */
export async function startAlertmanager(configFile: string): Promise<RunningAlertmanager> {
  const folder = temporaryFolder("alertmanager");
  const address = `127.0.0.1:${await freePort()}`;
  const args = [
    `--config.file=${configFile}`,
    `--storage.path=${join(folder.path, "data")}`,
    `--web.listen-address=${address}`,
    "--cluster.listen-address=",
  ];
  const { file } = needPeer("alertmanager");
  const child = spawn(UNSHARE, [...OWN_MOUNTS, file("share"), file("alertmanager"), ...args], {
    cwd: folder.path,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });
  const stop = async (): Promise<void> => {
    await end(child);
    folder.remove();
  };
  try {
    await until("Alertmanager to be ready", async () => {
      if (child.exitCode !== null) throw new Error(`it ended at its start:\n${log}`);
      return (await fetch(`http://${address}/-/ready`)).ok ? "ready" : undefined;
    });
  } catch (cause) {
    await stop();
    throw new Error(`Alertmanager does not start:\n${log}`, { cause });
  }
  const alerts = async (): Promise<ReceivedAlert[]> =>
    (await (await fetch(`http://${address}/api/v2/alerts`)).json()) as ReceivedAlert[];
  return { address, alerts, stop };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
  return address.port;
}
