import { rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { AppendFile } from "./append-file.ts";
import { syncDirectory } from "./sync-directory.ts";

/** Writes a file, in place of an old one if there is one: a reader, and a crash, find the old or the new one, whole. */
export async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.tmp`;
  await rm(temporary, { force: true });
  const file = new AppendFile(temporary);
  file.write(bytes);
  await file.finish();
  await rename(temporary, path);
  await syncDirectory(dirname(path));
}
