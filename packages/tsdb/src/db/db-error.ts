/** A database that was closed, or whose directory may be somebody else's by now. */
export class DbUnusableError extends Error {
  override readonly name = "DbUnusableError";
  readonly code: "LINKLIGHT_TSDB_CLOSED" | "LINKLIGHT_TSDB_LOCK_LOST";

  constructor(code: DbUnusableError["code"], directory: string) {
    super(`${directory}: ${MESSAGES[code]}`);
    this.code = code;
  }
}

const MESSAGES = {
  LINKLIGHT_TSDB_CLOSED: "the database is closed: open it again",
  LINKLIGHT_TSDB_LOCK_LOST:
    "the process that held the lock for us was ended: nothing is stored until it is ours again; where another process has the directory, stop that one, close this database and open it again",
} as const;
