import { isWellFormed, type Labels } from "@linklight/model";

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

/** Throws AppendError for labels that would be others once they are on the disk. */
export function checkLabels(labels: Labels): void {
  if (labels.size === 0) throw invalidSeries("empty labelset: invalid sample");
  for (const [name, value] of labels) {
    // All series of a block are listed under the empty name.
    if (name === "") throw invalidSeries(`label with value ${JSON.stringify(value)} has no name`);
    for (const text of [name, value])
      if (!isWellFormed(text))
        throw invalidSeries(
          `label ${JSON.stringify(name)}: ${JSON.stringify(text)} is not valid UTF-8`,
        );
  }
}

function invalidSeries(message: string): AppendError {
  return new AppendError("LINKLIGHT_TSDB_INVALID_SERIES", message);
}
