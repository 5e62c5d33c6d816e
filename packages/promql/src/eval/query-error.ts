/** The words of Prometheus' API for what went wrong. */
export type QueryErrorType = "bad_data" | "execution" | "timeout" | "canceled";

export type QueryErrorCode =
  | "LINKLIGHT_QUERY_TIMEOUT"
  | "LINKLIGHT_QUERY_CANCELED"
  | "LINKLIGHT_QUERY_TOO_MANY_SAMPLES"
  | "LINKLIGHT_QUERY_TOO_MANY_POINTS"
  | "LINKLIGHT_QUERY_RANGE"
  | "LINKLIGHT_QUERY_STORAGE"
  | "LINKLIGHT_QUERY_EXECUTION";

/** Why a query has no result: its message is Prometheus' own text. */
export class QueryError extends Error {
  override readonly name = "QueryError";
  readonly code: QueryErrorCode;
  readonly errorType: QueryErrorType;

  constructor(
    code: QueryErrorCode,
    errorType: QueryErrorType,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = code;
    this.errorType = errorType;
  }
}

/** The data does not allow what the query asks for: a duplicate series, an invalid label … */
export function executionError(message: string): QueryError {
  return new QueryError("LINKLIGHT_QUERY_EXECUTION", "execution", message);
}
