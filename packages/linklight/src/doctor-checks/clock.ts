import type { Answer } from "../doctor/ask.ts";
import {
  type Check,
  type Finding,
  info,
  ok,
  type Patient,
  SERVICE_TITLES,
  SERVICES,
  warning,
  wrong,
} from "../doctor/check.ts";
import { endpointFamilies, onlyValue } from "../doctor/endpoint-page.ts";

/** Beyond it, the newest minutes of graphs are visibly empty, or end in the future. */
const NOTICEABLE_MS = 5_000;
/** Beyond it, alerts and graphs are late by more than what alerts wait for. */
const HARMFUL_MS = 60_000;

/** Whether the clocks of all servers say the same as the one here. */
export const clockCheck: Check = {
  name: "clock",
  needs: [],
  async run(patient) {
    const skews = [...headerSkews(patient), ...(await querySkews(patient))];
    const findings = [
      ...skews.flatMap(({ whose, skewMs }) => skewFindings(whose, skewMs)),
      ...(await simulatedTimeFindings(patient)),
    ];
    if (skews.length === 0) return findings;
    const isWell = findings.every(({ severity }) => severity === "info");
    return isWell ? [ok("all clocks say the same as the one here"), ...findings] : findings;
  },
};

interface Skew {
  readonly whose: string;
  readonly skewMs: number;
}

/**
 * By how much a server's clock is ahead of ours at least, in milliseconds, negative where it is behind: its
 * Date header says a whole second, somewhere in which the answer began, and that was between asking and
 * being answered. 0 where both may be the same; undefined without a header.
 */
export function dateSkewMs({ headers, sentAt, answeredAt }: Answer): number | undefined {
  const date = Date.parse(headers.date ?? "");
  if (Number.isNaN(date)) return undefined;
  if (date > answeredAt) return date - answeredAt;
  return Math.min(0, date + 1000 - sentAt);
}

function headerSkews({ services }: Patient): Skew[] {
  return SERVICES.flatMap((name) => {
    const { presence } = services[name];
    const skewMs = presence.state === "here" ? dateSkewMs(presence.answer) : undefined;
    return skewMs === undefined ? [] : [{ whose: SERVICE_TITLES[name], skewMs }];
  });
}

/** Prometheus' own time, which has no Date header's coarseness. */
async function querySkews({ services, prometheus, now }: Patient): Promise<Skew[]> {
  if (services.prometheus.presence.state !== "here") return [];
  const before = now();
  const [sample] = await prometheus.query("time()").catch(() => []);
  if (sample === undefined) return [];
  const theirs = sample.value * 1000;
  const skewMs = theirs > now() ? theirs - now() : Math.min(0, theirs - before);
  return [{ whose: "Prometheus' queries", skewMs }];
}

function skewFindings(whose: string, skewMs: number): Finding[] {
  const size = Math.abs(skewMs);
  if (size < NOTICEABLE_MS) return [];
  const message = `the clock of ${whose} is ${durationText(size)} ${skewMs > 0 ? "ahead of" : "behind"} the one here`;
  const remedy =
    "let both machines take the time from the network (timedatectl set-ntp true); virtual machines lose it when they sleep";
  return [size < HARMFUL_MS ? warning(message, remedy) : wrong(message, remedy)];
}

function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

async function simulatedTimeFindings(patient: Patient): Promise<Finding[]> {
  if (patient.services.endpoint.presence.state !== "here") return [];
  const families = await endpointFamilies(patient);
  const simulated = onlyValue(families, "linklight_sim_time_seconds");
  if (simulated === undefined) return [];
  const speed = onlyValue(families, "linklight_sim_speed_ratio") ?? 1;
  const ahead = simulated * 1000 - patient.now();
  if (Math.abs(ahead) < NOTICEABLE_MS && speed === 1) return [];
  const where = `${durationText(Math.abs(ahead))} ${ahead > 0 ? "ahead of" : "behind"} the clock`;
  return [
    info(
      `the simulated time is ${where} and runs at ${speed} times its speed: rates are ${speed} times as high`,
    ),
  ];
}
