import { expositionFormatOf } from "@linklight/exposition";
import { pageOf } from "../commands/server-url.ts";
import { type Answer, jsonOf, type Reply, textOf } from "./ask.ts";

/** The four parts of the pipeline that can be asked. */
export type ServiceName = "endpoint" | "prometheus" | "alertmanager" | "grafana";

/** Who was found at the address of a service. */
export type Presence =
  /** The service; `title` is how it calls itself, with its version where it says it. */
  | { readonly state: "here"; readonly title: string; readonly answer: Answer }
  /** The service, which says that it is not ready yet. */
  | { readonly state: "starting"; readonly title: string }
  /** The service or another, which asks for name and password. */
  | { readonly state: "locked"; readonly status: number }
  /** Nobody listens, or the host is not found; the reason in plain words. */
  | { readonly state: "nobody"; readonly reason: string; readonly code: string }
  /** Somebody took the connection and did not answer as a web server does. */
  | { readonly state: "silent"; readonly reason: string; readonly isLate: boolean }
  /** Another program; `says` is how it shows itself. */
  | { readonly state: "stranger"; readonly says: string };

type Ask = (url: URL) => Promise<Reply>;

/** Finds out who answers at the address of a service. Never rejects where `ask` does not. */
export async function findPresence(name: ServiceName, url: URL, ask: Ask): Promise<Presence> {
  const reply = await ask(pageOf(url, FIRST_PAGE[name]));
  if (reply.status === undefined) {
    const { reason, code, isConnected } = reply;
    return isConnected
      ? { state: "silent", reason, isLate: code === "TIMEOUT" }
      : { state: "nobody", reason, code };
  }
  const known = RECOGNISERS[name](reply);
  if (known !== undefined) return known;
  if (reply.status === 401 || reply.status === 403)
    return { state: "locked", status: reply.status };
  const second = await ask(pageOf(url, SECOND_PAGE[name]));
  const again = second.status === undefined ? undefined : SECOND_RECOGNISERS[name]?.(second, reply);
  return again ?? { state: "stranger", says: selfDescription(reply) };
}

const FIRST_PAGE: Readonly<Record<ServiceName, string>> = {
  endpoint: "/-/healthy",
  prometheus: "/api/v1/status/buildinfo",
  alertmanager: "/api/v2/status",
  grafana: "/api/health",
};

const SECOND_PAGE: Readonly<Record<ServiceName, string>> = {
  endpoint: "/metrics",
  prometheus: "/-/healthy",
  alertmanager: "/-/healthy",
  grafana: "/",
};

type Recogniser = (answer: Answer, first: Answer) => Presence | undefined;

const RECOGNISERS: Readonly<Record<ServiceName, (answer: Answer) => Presence | undefined>> = {
  endpoint: (answer) =>
    textOf(answer).startsWith("linklight is Healthy")
      ? { state: "here", title: "linklight", answer }
      : undefined,
  prometheus(answer) {
    const { status, data } = recordOf(jsonOf(answer));
    const version = textIn(data, "version");
    return status === "success" && version !== undefined
      ? { state: "here", title: `Prometheus ${version}`, answer }
      : undefined;
  },
  alertmanager(answer) {
    const version = textIn(recordOf(jsonOf(answer))["versionInfo"], "version");
    return version === undefined
      ? undefined
      : { state: "here", title: `Alertmanager ${version}`, answer };
  },
  grafana(answer) {
    const health = recordOf(jsonOf(answer));
    if (typeof health["database"] !== "string") return undefined;
    return { state: "here", title: `Grafana ${textIn(health, "version") ?? ""}`.trimEnd(), answer };
  },
};

const SECOND_RECOGNISERS: Readonly<Partial<Record<ServiceName, Recogniser>>> = {
  // An exporter that is not ours is looked at all the same; other servers show metrics of their own.
  endpoint: (answer, first) =>
    answer.status === 200 &&
    expositionFormatOf(answer.headers["content-type"]) !== undefined &&
    /^# (?:HELP|TYPE) /m.test(textOf(answer)) &&
    !/^(?:Prometheus|OK)\b/.test(textOf(first))
      ? { state: "here", title: "an exporter", answer }
      : undefined,
  // While Prometheus reads its log, its API answers 503.
  prometheus: (answer, first) =>
    first.status === 503 && textOf(answer).startsWith("Prometheus")
      ? { state: "starting", title: "Prometheus" }
      : undefined,
};

/** How an unknown web server shows itself, in a few words. */
function selfDescription(answer: Answer): string {
  const text = textOf(answer).slice(0, 4000);
  const { server, "x-powered-by": poweredBy } = answer.headers;
  const title = /<title[^>]*>([^<]*)/i.exec(text)?.[1]?.trim();
  const line = text.includes("<") ? undefined : text.trim().split("\n")[0];
  const says = [server, poweredBy, title, line].find((each) => typeof each === "string" && each);
  const status = `status ${answer.status}`;
  return says === undefined ? status : `"${String(says).slice(0, 60)}", ${status}`;
}

/** A value of JSON as a record; an empty one where it is something else. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}

/** A value of JSON as a list; an empty one where it is something else. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A text in a record of JSON; undefined where there is none. */
export function textIn(record: unknown, key: string): string | undefined {
  const value = recordOf(record)[key];
  return typeof value === "string" ? value : undefined;
}
