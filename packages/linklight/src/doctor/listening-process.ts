import { readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";

/** A process that listens on a port. */
export interface ListeningProcess {
  readonly pid: number;
  /** The name of the program; its arguments, which may hold secrets, are not read. */
  readonly name: string;
}

/**
 * The process that listens on a TCP port of this machine, as far as Linux' /proc tells it to this user: of
 * processes of others only root sees which sockets they have. Undefined where that is not known.
 */
export async function findListeningProcess(
  port: number,
  proc = "/proc",
): Promise<ListeningProcess | undefined> {
  const tables = await Promise.all(
    ["tcp", "tcp6"].map((name) => readFile(join(proc, "net", name), "utf8").catch(() => "")),
  );
  const sockets = new Set(tables.flatMap((table) => listeningSockets(table, port)));
  if (sockets.size === 0) return undefined;
  const names = await readdir(proc).catch(() => []);
  for (const name of names.filter((each) => /^\d+$/.test(each))) {
    if (!(await holdsOneOf(join(proc, name, "fd"), sockets))) continue;
    const comm = await readFile(join(proc, name, "comm"), "utf8").catch(() => "");
    return { pid: Number(name), name: comm.trim() };
  }
  return undefined;
}

/** State "listen" in the kernel's table of sockets (tcp_states.h). */
const LISTEN = "0A";

/** The inodes of sockets that listen on a port, in the text of /proc/net/tcp or tcp6. */
export function listeningSockets(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return table.split("\n").flatMap((line) => {
    // sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode …
    const fields = line.trim().split(/\s+/);
    const isIt = fields[3] === LISTEN && fields[1]?.endsWith(suffix) === true;
    return isIt && fields[9] !== undefined ? [fields[9]] : [];
  });
}

async function holdsOneOf(folder: string, sockets: ReadonlySet<string>): Promise<boolean> {
  const files = await readdir(folder).catch(() => []);
  const links = await Promise.all(
    files.map((file) => readlink(join(folder, file)).catch(() => "")),
  );
  return links.some((link) => sockets.has(/^socket:\[(\d+)\]$/.exec(link)?.[1] ?? ""));
}
