import type { IncomingMessage, ServerResponse } from "node:http";
import {
  type IncidentLog,
  IncidentLogError,
  incidentRequestSchema,
  type ListedIncident,
} from "@linklight/simulator";
import {
  type RequestHandler,
  requestPath,
  YamlError,
  type YamlProblem,
  YamlSource,
} from "@linklight/toolkit";
import { isForeign } from "./foreign-origin.ts";

/** Where incidents are listed and started; one of them is below it. */
const INCIDENTS_PATH = "/incidents";

/** A request is one incident of a few fields. */
const LARGEST_BODY_BYTES = 64 * 1024;

/** What an answer says that is not what was asked for; `errorType` is one of Prometheus' words. */
interface Refusal {
  readonly errorType: "bad_data" | "not_found" | "unavailable";
  readonly error: string;
  /** Each with its place in the body. */
  readonly problems?: readonly YamlProblem[];
}

/** Ends a request with a refusal. */
class RefusedError extends Error {
  readonly status: number;
  readonly refusal: Refusal;

  constructor(status: number, refusal: Refusal) {
    super(refusal.error);
    this.status = status;
    this.refusal = refusal;
  }
}

/** Whether a request is for {@link incidentsHandler}. */
export function isForIncidents(request: IncomingMessage): boolean {
  const path = requestPath(request.url ?? "/");
  return path === INCIDENTS_PATH || path.startsWith(`${INCIDENTS_PATH}/`);
}

/**
 * Lists, starts and stops incidents of a running simulation, in JSON:
 *
 * | request | answer |
 * |---|---|
 * | `GET /incidents` | 200, a list of incidents, each with its state |
 * | `POST /incidents` | 201, the incident that was started; 400 with all problems |
 * | `GET /incidents/ID`, `DELETE /incidents/ID` | 200, the incident, stopped by the latter; 404 when there is none |
 *
 * Whatever came is answered 403 unless `isEnabled`, as Prometheus answers for its own switched-off APIs, and
 * 403 to pages of other sites.
 */
export function incidentsHandler(
  log: IncidentLog,
  { isEnabled }: { readonly isEnabled: boolean },
): RequestHandler {
  return async (request, response) => {
    try {
      if (!isEnabled) {
        throw new RefusedError(403, {
          errorType: "unavailable",
          error: "incidents are not enabled: start the endpoint with --enable-incidents",
        });
      }
      if (isForeign(request)) {
        throw new RefusedError(403, {
          errorType: "bad_data",
          error: "pages of other sites may not use this",
        });
      }
      await answer(log, request, response);
    } catch (error) {
      refuse(response, error);
    }
  };
}

async function answer(
  log: IncidentLog,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const id = idOf(request);
  const method = request.method ?? "GET";
  if (id === undefined) {
    if (method === "GET" || method === "HEAD") return sendJson(response, 200, log.list());
    if (method !== "POST") throw wrongMethod(response, method, ["GET", "HEAD", "POST"]);
    const incident = startIncident(log, await readBody(request, response));
    response.setHeader("Location", `${INCIDENTS_PATH}/${incident.id}`);
    return sendJson(response, 201, incident);
  }
  if (!["GET", "HEAD", "DELETE"].includes(method))
    throw wrongMethod(response, method, ["GET", "HEAD", "DELETE"]);
  const incident = method === "DELETE" ? log.stop(id) : log.list().find((each) => each.id === id);
  if (incident === undefined) {
    throw new RefusedError(404, {
      errorType: "not_found",
      error: `no incident ${JSON.stringify(id.slice(0, 100))}; linklight incident list, or GET ${INCIDENTS_PATH}, tells which there are`,
    });
  }
  sendJson(response, 200, incident);
}

/** The id that a request names; undefined when it is for all. */
function idOf(request: IncomingMessage): string | undefined {
  const rest = requestPath(request.url ?? "/").slice(INCIDENTS_PATH.length + 1);
  if (rest === "") return undefined;
  try {
    return decodeURIComponent(rest);
  } catch {
    // Not a name of anything.
    return rest;
  }
}

function startIncident(log: IncidentLog, text: string): ListedIncident {
  try {
    JSON.parse(text);
  } catch (cause) {
    throw new RefusedError(400, {
      errorType: "bad_data",
      error: `the body is not JSON: ${(cause as Error).message}`,
    });
  }
  // JSON is YAML, but for tabs between its parts, and there every problem has a place.
  const source = YamlSource.parse(text.replaceAll("\t", " "), { file: "body" });
  const wanted = source.decode(incidentRequestSchema);
  const problems: YamlProblem[] = [];
  const incident = log.start(wanted, (field, message) => {
    problems.push(source.problem(field, message));
  });
  if (incident === undefined) throw new YamlError("body", problems);
  return incident;
}

async function readBody(request: IncomingMessage, response: ServerResponse): Promise<string> {
  if (!/^application\/json\s*(?:;|$)/i.test(request.headers["content-type"] ?? "")) {
    throw new RefusedError(415, {
      errorType: "bad_data",
      error: "expected a body in JSON, with Content-Type: application/json",
    });
  }
  const body = await bodyOf(request);
  if (body === undefined) {
    // What is left of it is not waited for.
    response.setHeader("Connection", "close");
    throw new RefusedError(413, {
      errorType: "bad_data",
      error: `the body is larger than ${LARGEST_BODY_BYTES} bytes`,
    });
  }
  return body.toString("utf8");
}

/** The body of a request; undefined when it is too large. By events: to leave a loop would cut the connection. */
function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let length = 0;
    request
      .on("data", (piece: Buffer) => {
        length += piece.length;
        if (length <= LARGEST_BODY_BYTES) pieces.push(piece);
        else resolve(undefined);
      })
      .on("end", () => resolve(Buffer.concat(pieces)))
      .on("error", () => {
        reject(new RefusedError(400, { errorType: "bad_data", error: "the body was cut off" }));
      });
  });
}

function wrongMethod(
  response: ServerResponse,
  method: string,
  allowed: readonly string[],
): RefusedError {
  const allow = allowed.join(", ");
  response.setHeader("Allow", allow);
  return new RefusedError(405, {
    errorType: "bad_data",
    error: `${method} is not for this; it takes: ${allow}`,
  });
}

/** Answers with what is wrong; what is our own bug is left to whoever called. */
function refuse(response: ServerResponse, error: unknown): void {
  if (error instanceof RefusedError) {
    sendJson(response, error.status, error.refusal);
  } else if (error instanceof YamlError) {
    const { message, problems } = error;
    sendJson(response, 400, { errorType: "bad_data", error: message, problems } satisfies Refusal);
  } else if (error instanceof IncidentLogError) {
    const { message } = error;
    sendJson(response, 503, { errorType: "unavailable", error: message } satisfies Refusal);
  } else {
    throw error;
  }
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const text = `${JSON.stringify(value)}\n`;
  response.statusCode = status;
  response.setHeader("Content-Type", "application/json; charset=utf-8");
  response.setHeader("Cache-Control", "no-store");
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("Content-Length", Buffer.byteLength(text));
  response.end(text);
}
