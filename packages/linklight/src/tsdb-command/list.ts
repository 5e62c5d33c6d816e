import process from "node:process";
import { blockTable } from "./block-table.ts";
import { withDirectory } from "./open-directory.ts";

/** Prints the blocks of a directory as promtool does. */
export async function list(
  directory: string,
  flags: { readonly humanReadable?: boolean },
): Promise<void> {
  await withDirectory(directory, ({ blocks }) => {
    process.stdout.write(blockTable(blocks, flags.humanReadable === true));
  });
}
