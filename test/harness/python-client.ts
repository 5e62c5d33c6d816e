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
  const families = JSON.parse(stdout) as Printed<PythonFamily>[];
  return families.map((family) => ({ ...family, samples: family.samples.map(readSample) }));
}

// Numbers come as text, since JSON has no NaN and no infinity, and what is absent as null.
type Printed<T> = T extends number
  ? string
  : T extends undefined
    ? null
    : T extends readonly (infer E)[]
      ? readonly Printed<E>[]
      : T extends object
        ? { readonly [K in keyof T]: Printed<T[K]> }
        : T;

function readSample({ exemplar, ...sample }: Printed<PythonSample>): PythonSample {
  return {
    name: sample.name,
    labels: sample.labels,
    ...readNumbers(sample),
    exemplar: exemplar === null ? undefined : { labels: exemplar.labels, ...readNumbers(exemplar) },
  };
}

function readNumbers(printed: { readonly value: string; readonly timestamp: string | null }): {
  readonly value: number;
  readonly timestamp: number | undefined;
} {
  const { value, timestamp } = printed;
  return {
    value: readNumber(value),
    timestamp: timestamp === null ? undefined : Number(timestamp),
  };
}

// Python prints infinity as `inf`.
function readNumber(text: string): number {
  return Number(text.replace("inf", "Infinity"));
}
