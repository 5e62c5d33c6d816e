import type { AskOptions, Reply } from "./ask.ts";
import type { Presence, ServiceName } from "./presence.ts";
import type { PrometheusApi } from "./prometheus-api.ts";

/** How bad a finding is: `wrong` makes the doctor end with 1; `info` tells what is there, or was not looked at. */
export type Severity = "ok" | "info" | "warning" | "wrong";

/** What a check found: a sentence without full stop, and what to do where something is to be done. */
export interface Finding {
  readonly severity: Severity;
  readonly message: string;
  readonly remedy?: string;
}

/** A finding with the name of its check. */
export interface CheckedFinding extends Finding {
  readonly check: string;
  /** Who was missing, where the check could not be made: such findings are many and say little. */
  readonly missing?: string;
}

/** All services, in the order of the pipeline. */
export const SERVICES: readonly ServiceName[] = [
  "endpoint",
  "prometheus",
  "alertmanager",
  "grafana",
];

/** How each service is called in sentences. */
export const SERVICE_TITLES: Readonly<Record<ServiceName, string>> = {
  endpoint: "the endpoint",
  prometheus: "Prometheus",
  alertmanager: "Alertmanager",
  grafana: "Grafana",
};

/** A service as it was found. */
export interface Service {
  readonly name: ServiceName;
  readonly url: URL;
  /** Whether the user named the address: then nobody there is wrong, and not just not running. */
  readonly isGiven: boolean;
  readonly presence: Presence;
}

/** What all checks look at. */
export interface Patient {
  readonly services: Readonly<Record<ServiceName, Service>>;
  /** Asks a server, within the time that every request has; never rejects. */
  readonly ask: (url: URL, options?: AskOptions) => Promise<Reply>;
  /** The page of the endpoint's metrics as Prometheus asks for it; asked for once, because some counters count scrapes. */
  readonly endpointPage: () => Promise<Reply>;
  /** The API of Prometheus; of use only where it is there. */
  readonly prometheus: PrometheusApi;
  /** The longest that a request may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Where compose files are looked for. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Name and password of Grafana, as in `name:password`. */
  readonly grafanaLogin?: string | undefined;
}

/** Looks at one thing that can be wrong. One that fails costs its own findings and no others. */
export interface Check {
  readonly name: string;
  /** Services without which there is nothing to look at. */
  readonly needs: readonly ServiceName[];
  run(patient: Patient): Promise<readonly Finding[]>;
}

/** A finding that all is well. */
export function ok(message: string): Finding {
  return { severity: "ok", message };
}

/** A finding that is neither good nor bad. */
export function info(message: string, remedy?: string): Finding {
  return { severity: "info", message, ...(remedy !== undefined && { remedy }) };
}

/** A finding that something could be better. */
export function warning(message: string, remedy: string): Finding {
  return { severity: "warning", message, remedy };
}

/** A finding that something does not work. */
export function wrong(message: string, remedy: string): Finding {
  return { severity: "wrong", message, remedy };
}
