import type { Logger, Matcher } from "@linklight/model";
import { SampleBuffer } from "../chunk/sample-buffer.ts";
import type { Selection } from "../query/select.ts";
import type { Db } from "./db.ts";

export const MINUTE = 60_000;
export const HOUR: number = 60 * MINUTE;

/** Selects everything. */
export const ALL: Selection = { matchers: [], minTime: -1e15, maxTime: 1e15 };

/** One sample a minute. */
export function fill(
  db: Db,
  from: number,
  to: number,
  ports: readonly string[] = ["1", "2"],
): void {
  for (let t = from; t < to; t += MINUTE) {
    const appender = db.appender();
    for (const port of ports)
      appender.append({ __name__: "x", port }, t, Math.sin(t / MINUTE) * Number(port));
    appender.commit();
  }
}

/** All samples, by the text of their labels. */
export async function contents(
  db: Pick<Db, "select">,
  minTime = -1e15,
): Promise<Record<string, [number, number][]>> {
  const { series } = await db.select({ ...ALL, minTime });
  return Object.fromEntries(
    series
      .map((one) => [one.labels.toString(), read(one, minTime)] as const)
      .filter(([, samples]) => samples.length > 0),
  );
}

/** The samples of a series. */
export function read(
  series: { read(into: SampleBuffer, minTime: number, maxTime: number): void },
  minTime = -1e15,
): [number, number][] {
  const into = new SampleBuffer();
  series.read(into, minTime, 1e15);
  return into.pairs();
}

/** A matcher for one value. */
export function equals(name: string, value: string): Matcher {
  return { name, operator: "=", value, matches: (candidate) => candidate === value };
}

/** Keeps what it is told: message and fields. */
export function fakeLogger(): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  const note = (message: string, fields?: unknown): void => {
    lines.push(`${message} ${JSON.stringify(fields)}`);
  };
  const logger: Logger = {
    debug: note,
    info: () => {},
    warn: note,
    error: note,
    named: () => logger,
  };
  return { logger, lines };
}
