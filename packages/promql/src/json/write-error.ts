import { QueryError, type QueryErrorType } from "../eval/query-error.ts";
import { ParseError } from "../syntax/parse-error.ts";
import { quoteMessage } from "./quote.ts";

/** What Prometheus' API says of a query that has no result. */
export interface ApiError {
  readonly errorType: QueryErrorType | "internal" | "unavailable" | "not_found";
  readonly error: string;
}

/** The answer of Prometheus' API that tells of an error. */
export function writeError({ errorType, error }: ApiError): string {
  return `{"status":"error","errorType":${quoteMessage(errorType)},"error":${quoteMessage(error)}}`;
}

/**
 * How Prometheus' API calls what the parser or the engine threw: mistakes in the query are of its parameter
 * `query`. Undefined for any other error, which is nobody's but ours.
 */
export function apiErrorOf(thrown: unknown): ApiError | undefined {
  if (thrown instanceof ParseError)
    return { errorType: "bad_data", error: `invalid parameter "query": ${thrown.message}` };
  if (!(thrown instanceof QueryError)) return undefined;
  const { errorType, message } = thrown;
  // What a range query cannot yield is a mistake in the query, too.
  const parameter = message.startsWith("invalid expression type ")
    ? 'invalid parameter "query": '
    : "";
  return { errorType, error: parameter + message };
}
