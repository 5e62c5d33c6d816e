import { request as httpRequest, type IncomingMessage } from "node:http";
import { CommandFailure } from "../failure.ts";
import { noAnswerReason, pageOf, shownUrl } from "./server-url.ts";

const TIMEOUT_MS = 5000;

/** A list of some thousand incidents; more is no answer of an endpoint. */
const LONGEST_ANSWER = 16 * 1024 * 1024;

/** An incident as an endpoint tells of it. */
export interface IncidentAnswer {
  readonly id: string;
  readonly type: string;
  readonly switch: string;
  readonly port?: string;
  readonly state: string;
  readonly start: string;
  readonly end?: string;
  readonly parameters: Readonly<Record<string, number>>;
}

/** Lists the incidents of an endpoint. Throws CommandFailure when it does not answer, or refuses. */
export async function listIncidents(url: URL): Promise<readonly IncidentAnswer[]> {
  const value = await ask(url, "GET", "/incidents");
  if (!Array.isArray(value) || !value.every(isIncident)) throw strange(url, "something else");
  return value;
}

/** Starts an incident; the request is the body of `POST /incidents`. Throws as {@link listIncidents}. */
export async function startIncident(url: URL, request: object): Promise<IncidentAnswer> {
  return incidentOf(url, await ask(url, "POST", "/incidents", JSON.stringify(request)));
}

/** Stops the incident of an id. Throws as {@link listIncidents}. */
export async function stopIncident(url: URL, id: string): Promise<IncidentAnswer> {
  return incidentOf(url, await ask(url, "DELETE", `/incidents/${encodeURIComponent(id)}`));
}

function incidentOf(url: URL, value: unknown): IncidentAnswer {
  if (!isIncident(value)) throw strange(url, "something else");
  return value;
}

function isIncident(value: unknown): value is IncidentAnswer {
  const texts = ["id", "type", "switch", "state", "start"];
  const record = value as Readonly<Record<string, unknown>> | null;
  return (
    typeof record === "object" &&
    texts.every((name) => typeof record?.[name] === "string") &&
    typeof record?.["parameters"] === "object"
  );
}

async function ask(url: URL, method: string, path: string, body?: string): Promise<unknown> {
  let answer: { readonly status: number; readonly text: string };
  try {
    answer = await send(pageOf(url, path), method, body);
  } catch (cause) {
    const hint =
      (cause as NodeJS.ErrnoException).code === "ECONNREFUSED"
        ? "; start an endpoint with: linklight endpoint --enable-incidents"
        : "";
    const reason = noAnswerReason(cause, TIMEOUT_MS);
    throw new CommandFailure(`${shownUrl(url)} does not answer: ${reason}${hint}`, undefined, {
      cause,
    });
  }
  const value = parseJson(answer.text);
  if (answer.status >= 200 && answer.status < 300 && value !== undefined) return value;
  const said = refusalOf(value);
  if (said !== undefined) throw new CommandFailure(said);
  throw strange(url, `status ${answer.status}`);
}

function strange(url: URL, what: string): CommandFailure {
  return what === "status 401"
    ? new CommandFailure(
        `${shownUrl(url)} wants name and password: give them as http://name:password@host`,
      )
    : new CommandFailure(
        `${shownUrl(url)} answers with ${what} about incidents: is it an endpoint of linklight with a simulated switch?`,
      );
}

/** What an endpoint says is wrong, a line for each problem. */
function refusalOf(value: unknown): string | undefined {
  const { error, problems } = (value ?? {}) as { error?: unknown; problems?: unknown };
  if (Array.isArray(problems)) {
    const messages = problems.map((each) => (each as { message?: unknown } | null)?.message);
    // Places in a body that nobody wrote help nobody.
    if (messages.every((each) => typeof each === "string")) return messages.join("\n");
  }
  return typeof error === "string" ? error : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function send(
  url: URL,
  method: string,
  body: string | undefined,
): Promise<{ readonly status: number; readonly text: string }> {
  const request = url.protocol === "https:" ? (await import("node:https")).request : httpRequest;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = body === undefined ? {} : { "Content-Type": "application/json" };
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    request(url, { method, headers, signal, agent: false }, resolve).on("error", reject).end(body);
  });
  let text = "";
  response.setEncoding("utf8");
  for await (const piece of response) {
    text += piece as string;
    if (text.length > LONGEST_ANSWER) break;
  }
  return { status: response.statusCode ?? 0, text };
}
