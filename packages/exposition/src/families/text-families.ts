import type { Labels, MetricFamily, MetricType } from "@linklight/model";
import { Entry, ExpositionError, type ExpositionRule } from "../entry-parser.ts";
import { parseLabelNumber } from "../parse/number-parse.ts";
import { TextParser } from "../parse/text-parse.ts";
import { FamilyBuilder, type FamilySample, type SampleRole } from "./family-builder.ts";
import type { ProblemList } from "./problem-list.ts";

interface Draft {
  readonly name: string;
  readonly builder: FamilyBuilder;
  help?: string;
  type?: MetricType;
  interleaved: boolean;
}

interface Resolved {
  readonly draft: Draft;
  readonly role: SampleRole;
}

/**
 * The family view of text 0.0.4 and 1.0.0, with the order that the format asks for: one HELP and one TYPE
 * line a family, TYPE before the samples, all lines of a family together, each series once. Families come
 * in the order in which they are first seen; what is wrong is left out of them.
 */
export class TextFamilies {
  readonly #parser: TextParser;
  readonly #problems: ProblemList;
  readonly #families = new Map<string, Draft>();
  #current: Draft | undefined;

  constructor(bytes: Uint8Array, problems: ProblemList) {
    this.#parser = new TextParser(bytes, true);
    this.#problems = problems;
  }

  read(): MetricFamily[] {
    let entry: number | undefined;
    do {
      entry = this.#problems.attempt(() => {
        const kind = this.#parser.next();
        if (kind === Entry.SERIES) this.#series();
        else if (kind === Entry.HELP) this.#help();
        else if (kind === Entry.TYPE) this.#type();
        return kind;
      });
    } while (entry !== Entry.END && !this.#problems.isFull);
    return [...this.#families.values()].map((draft) =>
      draft.builder.build(draft.name, draft.type ?? "unknown", draft.help ?? "", ""),
    );
  }

  #help(): void {
    const draft = this.#enter(this.#family(this.#parser.metricName()));
    if (draft.help !== undefined)
      this.#fail("repeated-help", `second HELP line for metric name ${draft.name}`);
    draft.help = this.#parser.text();
  }

  #type(): void {
    const name = this.#parser.metricName();
    const draft = this.#family(name);
    if (draft.type !== undefined)
      this.#fail("repeated-type", `second TYPE line for metric name ${name}`);
    if (!draft.builder.isEmpty)
      this.#fail(
        "late-type",
        `TYPE line for metric name ${name} after its samples: it belongs before them`,
      );
    this.#enter(draft).type = this.#parser.metricType();
  }

  #series(): void {
    const { draft, role } = this.#resolve(this.#parser.metricName());
    const sample = this.#sample(draft, role);
    this.#enter(draft);
    if (!draft.builder.add(sample)) {
      const again = `the series ${this.#parser.labels()} was already given`;
      this.#fail("duplicate-series", `${again}: each combination of name and labels stands once`);
    }
  }

  #sample(draft: Draft, role: SampleRole): FamilySample {
    const labels = this.#parser.ownLabels();
    const { value } = this.#parser;
    const timestamp = this.#parser.hasTimestamp ? this.#parser.timestamp : undefined;
    if (draft.type === "histogram" && role !== "sum" && value < 0)
      this.#fail(
        "family",
        `a ${role} of the histogram ${draft.name} must not be negative: ${value}`,
      );
    if (role === "bucket") {
      const bound = this.#bound(labels, "le", draft);
      return { role, labels: labels.without("le"), value, timestamp, bound };
    }
    if (role === "quantile") {
      const bound = this.#bound(labels, "quantile", draft);
      return { role, labels: labels.without("quantile"), value, timestamp, bound };
    }
    return { role, labels, value, timestamp };
  }

  #bound(labels: Labels, label: string, draft: Draft): number {
    const text = labels.get(label);
    const bound = parseLabelNumber(text);
    if (bound === undefined || Number.isNaN(bound)) {
      const found = text === "" ? "none" : JSON.stringify(text);
      this.#fail(
        "family",
        `expected a number in label ${label} of the ${draft.type} ${draft.name}, found ${found}`,
      );
    }
    return bound;
  }

  /** The family a series belongs to: of its own name, or a histogram or summary whose suffix it bears. */
  #resolve(name: string): Resolved {
    const own = this.#families.get(name);
    if (own !== undefined) {
      if (own.type === "histogram")
        this.#fail(
          "family",
          `the histogram ${name} has a series without suffix: expected ${name}_bucket, ${name}_sum or ${name}_count`,
        );
      return { draft: own, role: own.type === "summary" ? "quantile" : "value" };
    }
    const underscore = name.lastIndexOf("_");
    const suffix = name.slice(underscore + 1);
    const base = this.#families.get(name.slice(0, underscore));
    const isHistogram = base?.type === "histogram";
    if (base !== undefined && (isHistogram || base.type === "summary")) {
      if (suffix === "sum" || suffix === "count") return { draft: base, role: suffix };
      if (suffix === "bucket" && isHistogram) return { draft: base, role: "bucket" };
    }
    return { draft: this.#family(name), role: "value" };
  }

  #family(name: string): Draft {
    let draft = this.#families.get(name);
    if (draft === undefined) {
      draft = { name, builder: new FamilyBuilder(), interleaved: false };
      this.#families.set(name, draft);
    }
    return draft;
  }

  /** A line of a family was met: it must follow the family's other lines as soon as there are samples. */
  #enter(draft: Draft): Draft {
    const left = this.#current !== draft && !draft.builder.isEmpty;
    this.#current = draft;
    if (left && !draft.interleaved) {
      draft.interleaved = true;
      this.#problems.attempt(() =>
        this.#fail(
          "interleaved",
          `lines of the metric family ${draft.name} stand apart: other families are between them`,
        ),
      );
    }
    return draft;
  }

  #fail(rule: ExpositionRule, problem: string): never {
    throw new ExpositionError(problem, this.#parser.line, 1, { rule });
  }
}
