import { DbReader } from "@linklight/tsdb";
import { userPath } from "../user-path.ts";

/**
 * Opens the directory of a database to read it, says on standard error what of it cannot be read, and closes it when
 * the work is done.
 */
export async function withDirectory<T>(
  directory: string,
  work: (reader: DbReader) => Promise<T> | T,
): Promise<T> {
  const reader = await DbReader.open(userPath(directory));
  try {
    for (const { directory: block, error } of reader.blocksSetAside)
      process.stderr.write(`warning: block ${block} is left out: ${error.message}\n`);
    for (const group of reader.overlaps)
      process.stderr.write(`warning: blocks ${group.join(", ")} overlap in time: all are read\n`);
    for (const { error, bytesDropped } of reader.replayReport.damage)
      process.stderr.write(
        `warning: the log is read up to ${error.message}; ${bytesDropped} bytes behind it are left out\n`,
      );
    for (const [name, count] of reader.replayReport.unread)
      process.stderr.write(`warning: ${count} records of ${name} in the log are left out\n`);
    return await work(reader);
  } finally {
    reader.close();
  }
}
