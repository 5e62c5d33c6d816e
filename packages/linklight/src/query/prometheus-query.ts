import { noAnswerReason, pageOf, shownUrl } from "../commands/server-url.ts";

/** As promtool's. */
const TIMEOUT_MS = 120_000;
/** Some ten million samples; more is no answer for a terminal. */
const LONGEST_ANSWER = 256 * 1024 * 1024;

/** `[1435781451.781, "1"]`. */
export type ApiPoint = readonly [seconds: number, value: string];

/** A native histogram as the API writes it: buckets are rule, lower bound, upper bound, count. */
export interface ApiHistogram {
  readonly count: string;
  readonly sum: string;
  readonly buckets?: readonly (readonly [number, string, string, string])[];
}

/** `[1435781451.781, {…}]`. */
export type ApiHistogramPoint = readonly [seconds: number, histogram: ApiHistogram];

/** A series of an instant query's answer. */
export interface ApiSample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: ApiPoint;
  readonly histogram?: ApiHistogramPoint;
}

/** A series of a range query's answer. */
export interface ApiSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly values?: readonly ApiPoint[];
  readonly histograms?: readonly ApiHistogramPoint[];
}

/** What a query yields, as the API names it. */
export type ApiValue =
  | { readonly resultType: "scalar" | "string"; readonly result: ApiPoint }
  | { readonly resultType: "vector"; readonly result: readonly ApiSample[] }
  | { readonly resultType: "matrix"; readonly result: readonly ApiSeries[] };

/** A server, and what is sent to it besides the query. */
export interface QueriedServer {
  readonly server: URL;
  readonly headers: Readonly<Record<string, string>>;
}

/** A query that was not answered, in promtool's words: `bad_data: invalid parameter …`. */
export class NotAnswered extends Error {
  override readonly name = "NotAnswered";
  readonly code = "LINKLIGHT_NOT_ANSWERED";
}

/**
 * Asks the HTTP API of a server: `query` or `query_range` with its parameters. By POST, and once more by GET where
 * the server does not take that. Throws NotAnswered after two minutes, and when the answer is an error or none.
 */
export async function askPrometheus(
  { server, headers }: QueriedServer,
  path: "query" | "query_range",
  parameters: Readonly<Record<string, string>>,
): Promise<ApiValue> {
  const page = pageOf(server, `/api/v1/${path}`);
  const credentials = credentialsOf(page);
  const body = new URLSearchParams(parameters);
  const options = {
    headers: { ...credentials, ...headers },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  };
  try {
    let response = await fetch(page, { ...options, method: "POST", body });
    if (response.status === 405 || response.status === 501) {
      await response.body?.cancel();
      page.search = body.toString();
      response = await fetch(page, options);
    }
    return readAnswer(response.status, await textOf(response));
  } catch (error) {
    if (error instanceof NotAnswered) throw error;
    const cause = (error as Error).cause ?? error;
    const reason = noAnswerReason(cause, TIMEOUT_MS);
    throw new NotAnswered(`${shownUrl(server)} does not answer: ${reason}`, { cause });
  }
}

/** Takes name and password out of a URL, since fetch refuses it with them. */
function credentialsOf(url: URL): Readonly<Record<string, string>> {
  const { username, password } = url;
  if (username === "" && password === "") return {};
  url.username = "";
  url.password = "";
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { Authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
}

async function textOf(response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    length += piece.length;
    if (length > LONGEST_ANSWER)
      throw new NotAnswered(
        `bad_response: the answer is longer than ${LONGEST_ANSWER / 2 ** 20} MiB: ask for less`,
      );
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

// The words are those of Prometheus' Go client: what else than 200 carries JSON is 400 and 422.
function readAnswer(status: number, text: string): ApiValue {
  const isApiError = status === 400 || status === 422;
  if ((status < 200 || status > 299) && !isApiError) {
    const [type, message] =
      status >= 400 && status < 500
        ? ["client_error", `client error: ${status}`]
        : status >= 500 && status < 600
          ? ["server_error", `server error: ${status}`]
          : ["bad_response", `bad response code ${status}`];
    const detail = text.trim() === "" ? "" : ` (detail: ${text.trim()})`;
    throw new NotAnswered(`${type}: ${message}${detail}`);
  }
  const answer = jsonOf(text);
  if (answer.status === "error")
    throw new NotAnswered(`${String(answer.errorType)}: ${String(answer.error)}`);
  if (isApiError) throw new NotAnswered("bad_response: inconsistent body for response code");
  if (!isValue(answer.data))
    throw new NotAnswered("bad_response: the answer is not one of Prometheus' API to a query");
  return answer.data;
}

function jsonOf(
  text: string,
): Readonly<Record<"status" | "errorType" | "error" | "data", unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as ReturnType<typeof jsonOf>;
  } catch {
    // Told below.
  }
  throw new NotAnswered(
    `bad_response: expected JSON of Prometheus' API, got ${JSON.stringify(text.slice(0, 60))}`,
  );
}

function isValue(data: unknown): data is ApiValue {
  const { resultType, result } = (data ?? {}) as { resultType?: unknown; result?: unknown };
  return (
    Array.isArray(result) &&
    typeof resultType === "string" &&
    ["scalar", "string", "vector", "matrix"].includes(resultType)
  );
}
