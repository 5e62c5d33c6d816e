/** A file of the database could not be written: the disk is full, or broken. */
export class WriteError extends Error {
  override readonly name: string = "WriteError";
  readonly code: "LINKLIGHT_TSDB_DISK_FULL" | "LINKLIGHT_TSDB_WRITE";

  /** `consequence`: what happens now, told when the disk is full. */
  constructor(path: string, cause: NodeJS.ErrnoException, consequence: string) {
    const full = cause.code === "ENOSPC" || cause.code === "EDQUOT";
    super(
      full
        ? `${path}: no space left on the device: ${consequence}`
        : `${path}: cannot be written: ${cause.message}`,
      { cause },
    );
    this.code = full ? "LINKLIGHT_TSDB_DISK_FULL" : "LINKLIGHT_TSDB_WRITE";
  }
}
