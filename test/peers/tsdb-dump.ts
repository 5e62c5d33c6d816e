import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Labels } from "@linklight/model";
import type { PrometheusRole } from "../harness/peer.ts";
import { promtool } from "../harness/promtool.ts";
import { temporaryFolder } from "../harness/temporary-folder.ts";

/** A sample of a block, as `promtool tsdb dump` prints it. */
export interface DumpedSample {
  readonly labels: Labels;
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

/**
 * Makes blocks of an OpenMetrics exposition with a real promtool and dumps what is in them. Every
 * sample must have a timestamp. Rejects with promtool's message when it refuses.
 */
export async function dumpBlocksFrom(
  role: PrometheusRole,
  openMetrics: Uint8Array,
): Promise<DumpedSample[]> {
  const folder = temporaryFolder("blocks");
  try {
    const blocks = join(folder.path, "data");
    await createBlocksFrom(role, openMetrics, blocks);
    return await dumpDirectory(role, blocks);
  } finally {
    folder.remove();
  }
}

/** Makes blocks of an OpenMetrics exposition in a new directory with a real promtool. */
export async function createBlocksFrom(
  role: PrometheusRole,
  openMetrics: Uint8Array,
  directory: string,
): Promise<void> {
  const folder = temporaryFolder("page");
  try {
    const file = join(folder.path, "page.om");
    // Without a folder for the WAL, dump takes the data for broken.
    mkdirSync(join(directory, "wal"), { recursive: true });
    writeFileSync(file, openMetrics);
    await succeed(role, ["tsdb", "create-blocks-from", "openmetrics", file, directory]);
  } finally {
    folder.remove();
  }
}

/** Every sample of a database's directory, as a real promtool reads it. */
export async function dumpDirectory(
  role: PrometheusRole,
  directory: string,
): Promise<DumpedSample[]> {
  const dump = await succeed(role, ["tsdb", "dump", directory]);
  return dump === "" ? [] : dump.trimEnd().split("\n").map(readLine);
}

/** Runs a real promtool and gives what it prints; rejects with that when it fails. */
export async function succeed(role: PrometheusRole, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await promtool(role, args);
  if (code !== 0) throw new Error(`promtool ${args.slice(0, 3).join(" ")}: ${stderr}${stdout}`);
  return stdout;
}

// {__name__="a", b="c"} 1 1700000000123
function readLine(line: string): DumpedSample {
  const found = /^\{(.*)\} (\S+) (-?\d+)$/.exec(line);
  if (found === null) throw new Error(`promtool tsdb dump printed: ${line}`);
  const [, labels = "", value = "", timestamp = ""] = found;
  return {
    labels: Labels.from(readLabels(labels)),
    value: Number(value.replace("Inf", "Infinity")),
    timestamp: Number(timestamp),
  };
}

// Go quotes labels as JSON does, for the characters that tests use.
function readLabels(text: string): [string, string][] {
  return Array.from(
    text.matchAll(/([\w:]+|"(?:[^"\\]|\\.)*")=("(?:[^"\\]|\\.)*")/g),
    ([, name = "", value = ""]) => [
      name.startsWith('"') ? (JSON.parse(name) as string) : name,
      JSON.parse(value) as string,
    ],
  );
}
