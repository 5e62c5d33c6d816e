/** Something that Grafana would refuse, log as an error, or show as an empty or broken panel. */
export interface Problem {
  /** The file, or the dashboard and its panel. */
  readonly where: string;
  readonly what: string;
}

/** What Grafana ends with at its start: one line, and exit code 1. */
export class RefusedStart extends Error {
  override readonly name = "RefusedStart";
}
