import { pageOf } from "../commands/server-url.ts";
import { ask } from "./ask.ts";
import {
  type Check,
  type CheckedFinding,
  info,
  type Patient,
  SERVICE_TITLES,
  SERVICES,
  type Service,
  warning,
} from "./check.ts";
import { findPresence, type ServiceName } from "./presence.ts";
import { PrometheusApi } from "./prometheus-api.ts";

/** Where the services are said to be, and how they are asked. */
export interface ExamineOptions {
  readonly addresses: Readonly<Record<ServiceName, ServiceAddress>>;
  readonly timeoutMs: number;
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly grafanaLogin?: string | undefined;
  readonly now?: () => number;
}

/** An address, and whether the user named it. */
export interface ServiceAddress {
  readonly url: URL;
  readonly isGiven: boolean;
}

/**
 * Looks who answers at the addresses, then runs all checks at once. Gives the findings in the order of the
 * checks. Never rejects: a check that cannot be made is a finding of its own.
 */
export async function examine(
  checks: readonly Check[],
  options: ExamineOptions,
): Promise<readonly CheckedFinding[]> {
  const patient = await admit(options);
  const findings = await Promise.all(checks.map((check) => runCheck(check, patient)));
  return findings.flat();
}

async function admit({
  addresses,
  timeoutMs,
  now = Date.now,
  ...rest
}: ExamineOptions): Promise<Patient> {
  const asking: Patient["ask"] = (url, options) => ask(url, timeoutMs, options);
  const found = await Promise.all(
    SERVICES.map(async (name): Promise<readonly [ServiceName, Service]> => {
      const { url, isGiven } = addresses[name];
      return [name, { name, url, isGiven, presence: await findPresence(name, url, asking) }];
    }),
  );
  return {
    ...rest,
    timeoutMs,
    now,
    ask: asking,
    endpointPage: once(() =>
      asking(pageOf(addresses.endpoint.url, "/metrics"), { headers: AS_SCRAPER }),
    ),
    prometheus: new PrometheusApi(addresses.prometheus.url, asking),
    services: Object.fromEntries(found) as Record<ServiceName, Service>,
  };
}

// What Prometheus 3 sends by default: the answer is to be the page that it gets.
const AS_SCRAPER = {
  Accept:
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
};

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

async function runCheck(check: Check, patient: Patient): Promise<readonly CheckedFinding[]> {
  const named = (finding: ReturnType<typeof info>): CheckedFinding => ({
    check: check.name,
    ...finding,
  });
  const missing = check.needs.filter((name) => patient.services[name].presence.state !== "here");
  if (missing.length > 0) {
    const titles = missing.map((name) => SERVICE_TITLES[name]).join(" and ");
    return [{ ...named(info(`not checked: it needs ${titles}`)), missing: titles }];
  }
  try {
    return (await check.run(patient)).map(named);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [
      named(warning(`could not be checked: ${reason}`, "run linklight doctor again in a moment")),
    ];
  }
}
