import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** A segment of a write-ahead log, or of a checkpoint. */
export interface Segment {
  readonly number: number;
  readonly path: string;
  readonly bytes: number;
}

/** The segments of a directory in order; none when there is no such directory. */
export function listSegments(directory: string): Segment[] {
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  return names
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ number: Number(name), path: join(directory, name) }))
    .sort((a, b) => a.number - b.number)
    .map((segment) => ({ ...segment, bytes: statSync(segment.path).size }));
}
