import { fileURLToPath } from "node:url";
import { needPeer } from "./peer.ts";
import { runProgram } from "./run-program.ts";

/** One sample as the official Python client reads it. */
export interface PythonSample {
  /** With its suffix, such as `_bucket`. */
  readonly name: string;
  /** Without the metric name. */
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** In seconds. */
  readonly timestamp: number | undefined;
  readonly exemplar: PythonExemplar | undefined;
}

/** An exemplar as the official Python client reads it; its timestamp is in seconds. */
export interface PythonExemplar {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly timestamp: number | undefined;
}

/** One metric family as the official Python client reads it. */
export interface PythonFamily {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly unit: string;
  readonly samples: readonly PythonSample[];
}

const script = fileURLToPath(new URL("./parse-exposition.py", import.meta.url));

/** Reads an exposition with the official Python client; rejects with its message when it refuses. */
export async function pythonParse(
  format: "text" | "openmetrics",
  exposition: string | Uint8Array,
): Promise<PythonFamily[]> {
  const { code, stdout, stderr } = await runProgram("python3", [script, format], {
    stdin: exposition,
    env: { PYTHONPATH: needPeer("python-client").file("."), PYTHONDONTWRITEBYTECODE: "1" },
  });
  if (code !== 0) throw new Error(`the Python client refuses the exposition: ${stderr.trim()}`);
  return JSON.parse(stdout, reviveNumber) as PythonFamily[];
}

// Python prints infinity as `inf` and nothing as null.
function reviveNumber(key: string, value: unknown): unknown {
  if (value === null) return undefined;
  if ((key !== "value" && key !== "timestamp") || typeof value !== "string") return value;
  if (value === "inf" || value === "-inf") return value === "inf" ? Infinity : -Infinity;
  return Number(value);
}
