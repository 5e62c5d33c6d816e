import {
  Entry,
  type EntryKind,
  type EntryParser,
  ExpositionError,
  type ExpositionFormat,
  openParser,
} from "@linklight/exposition";
import type { Labels, MetricFamily } from "@linklight/model";
import { namesOf } from "../registry/claims.ts";

/** A metric whose line is asked for. */
export interface WantedMetric {
  readonly family: MetricFamily;
  readonly labels: Labels;
}

// As many errors as a check reports: what follows in a file of garbage needs no lines.
const MOST_ERRORS = 100;

/** Where in an exposition families and series stand. Protobuf has messages instead of lines. */
export class LineIndex {
  readonly #format: ExpositionFormat;
  readonly #bytes: Uint8Array;
  /** By name, in metadata or of a series: the first line that has it. */
  readonly #firstLines = new Map<string, number>();
  /** By line, for the lines asked for: the name there. */
  readonly #names = new Map<number, string>();

  /** `lines` are those of which {@link LineIndex.nameAt} will be asked. */
  constructor(format: ExpositionFormat, bytes: Uint8Array, lines: ReadonlySet<number>) {
    this.#format = format;
    this.#bytes = bytes;
    for (const { kind, parser } of this.#entries()) {
      if (kind === Entry.COMMENT) continue;
      const name = parser.metricName();
      if (!this.#firstLines.has(name)) this.#firstLines.set(name, parser.line);
      if (lines.has(parser.line)) this.#names.set(parser.line, name);
    }
  }

  /** The metric name in a line: of its series, or of the family it describes. */
  nameAt(line: number): string | undefined {
    return this.#names.get(line);
  }

  /** The line where a family begins. */
  familyLine(family: MetricFamily): number | undefined {
    const lines = namesOf(family)
      .map((name) => this.#firstLines.get(name))
      .filter((line) => line !== undefined);
    return lines.length === 0 ? undefined : Math.min(...lines);
  }

  /** The first line of each of these metrics, found in one more pass. */
  metricLines(wanted: readonly WantedMetric[]): (number | undefined)[] {
    const lines = wanted.map((): number | undefined => undefined);
    const pending = new Map<string, Set<number>>();
    wanted.forEach(({ family }, i) => {
      for (const name of namesOf(family))
        pending.set(name, (pending.get(name) ?? new Set()).add(i));
    });
    if (wanted.length === 0) return lines;
    for (const { kind, parser } of this.#entries()) {
      if (kind !== Entry.SERIES && kind !== Entry.HISTOGRAM) continue;
      const open = pending.get(parser.metricName());
      if (open === undefined || open.size === 0) continue;
      const found = parser.labels();
      for (const i of open) {
        if (lines[i] !== undefined) open.delete(i);
        else if (holds(found, (wanted[i] as WantedMetric).labels)) lines[i] = parser.line;
      }
    }
    return lines;
  }

  *#entries(): Generator<{ readonly kind: EntryKind; readonly parser: EntryParser }> {
    const parser = openParser(this.#format, this.#bytes);
    let errors = 0;
    for (;;) {
      try {
        const kind = parser.next();
        if (kind === Entry.END) return;
        yield { kind, parser };
      } catch (error) {
        if (!(error instanceof ExpositionError)) throw error;
        errors += 1;
        if (errors === MOST_ERRORS) return;
      }
    }
  }
}

/** Whether a series, which may have a label such as `le` besides, is of a metric with these labels. */
function holds(series: Labels, metric: Labels): boolean {
  for (const [name, value] of metric) if (series.get(name) !== value) return false;
  return true;
}
