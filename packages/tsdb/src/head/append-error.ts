/** Why a sample was refused. */
export type AppendErrorCode =
  | "LINKLIGHT_TSDB_OUT_OF_ORDER"
  | "LINKLIGHT_TSDB_DUPLICATE"
  | "LINKLIGHT_TSDB_OUT_OF_BOUNDS"
  | "LINKLIGHT_TSDB_INVALID_SERIES";

/** A sample that cannot be stored; the message is Prometheus'. The others of its batch are not touched. */
export class AppendError extends Error {
  override readonly name = "AppendError";
  readonly code: AppendErrorCode;

  constructor(code: AppendErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Older than the last sample of its series. */
export function outOfOrder(): AppendError {
  return new AppendError("LINKLIGHT_TSDB_OUT_OF_ORDER", "out of order sample");
}

/** Another value for a timestamp that the series has. */
export function duplicate(): AppendError {
  return new AppendError("LINKLIGHT_TSDB_DUPLICATE", "duplicate sample for timestamp");
}

/** Older than what the head still takes. */
export function outOfBounds(): AppendError {
  return new AppendError("LINKLIGHT_TSDB_OUT_OF_BOUNDS", "out of bounds");
}
