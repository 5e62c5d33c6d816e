/** What a storage says of a sample that it cannot take. */
export type AppendErrorCode = "LINKLIGHT_OUT_OF_ORDER_SAMPLE" | "LINKLIGHT_DUPLICATE_SAMPLE";

/** A sample that does not fit behind those of its series, in Prometheus' words. */
export class AppendError extends Error {
  override readonly name = "AppendError";
  readonly code: AppendErrorCode;

  constructor(code: AppendErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
