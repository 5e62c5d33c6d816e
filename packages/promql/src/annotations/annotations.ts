import { formatGoFloat, formatTwoDigits } from "../number/go-format.ts";
import type { Span } from "../syntax/ast.ts";

/** A remark beside a result: Prometheus' text, without the place. */
export interface Annotation {
  readonly severity: "warning" | "info";
  readonly text: string;
  readonly span: Span;
}

/** What had to be corrected in classic histograms: when, in which buckets, and by how much at most. */
export interface Correction {
  readonly timestampMs: number;
  readonly minBound: number;
  readonly maxBound: number;
  readonly maxDifference: number;
}

/** Collects the remarks of one query; the same remark at the same place counts once. */
export class Annotations {
  readonly #byKey = new Map<string, Annotation>();
  /** By their text, which is without the extent: all of a text are one remark. */
  readonly #corrections = new Map<string, Corrections>();

  warn(text: string, span: Span): void {
    this.#add({ severity: "warning", text: `PromQL warning: ${text}`, span });
  }

  inform(text: string, span: Span): void {
    this.#add({ severity: "info", text: `PromQL info: ${text}`, span });
  }

  /** Tells of a correction, together with all others of the same text. */
  informOfCorrection(text: string, correction: Correction, span: Span): void {
    const known = this.#corrections.get(text);
    if (known === undefined) this.#corrections.set(text, new Corrections(correction, span));
    else known.add(correction);
  }

  /** All remarks in the order in which they came, corrections last. */
  list(): readonly Annotation[] {
    const corrections = [...this.#corrections].map(([text, { extent, span }]): Annotation => {
      return { severity: "info", text: `PromQL info: ${text}, ${extent}`, span };
    });
    return [...this.#byKey.values(), ...corrections];
  }

  #add(annotation: Annotation): void {
    const key = `${annotation.severity} ${annotation.span.start} ${annotation.span.end} ${annotation.text}`;
    if (!this.#byKey.has(key)) this.#byKey.set(key, annotation);
  }
}

class Corrections {
  readonly span: Span;
  #count = 1;
  #first: number;
  #last: number;
  #minBound: number;
  #maxBound: number;
  #maxDifference: number;

  constructor({ timestampMs, minBound, maxBound, maxDifference }: Correction, span: Span) {
    this.span = span;
    this.#first = timestampMs;
    this.#last = timestampMs;
    this.#minBound = minBound;
    this.#maxBound = maxBound;
    this.#maxDifference = maxDifference;
  }

  add({ timestampMs, minBound, maxBound, maxDifference }: Correction): void {
    this.#count++;
    this.#first = Math.min(this.#first, timestampMs);
    this.#last = Math.max(this.#last, timestampMs);
    this.#minBound = Math.min(this.#minBound, minBound);
    this.#maxBound = Math.max(this.#maxBound, maxBound);
    this.#maxDifference = Math.max(this.#maxDifference, maxDifference);
  }

  /** In Prometheus' words. */
  get extent(): string {
    const buckets = `${formatGoFloat(this.#minBound)} to ${formatGoFloat(this.#maxBound)}`;
    const times = `${formatSecond(this.#first)} to ${formatSecond(this.#last)}`;
    const difference = formatTwoDigits(this.#maxDifference);
    return `from buckets ${buckets}, with a max diff of ${difference}, over ${this.#count} samples from ${times}`;
  }
}

/** `2026-11-22T21:09:23Z` */
function formatSecond(timestampMs: number): string {
  // 8.64e15 ms: what a Date can hold.
  const second = Math.trunc(Math.min(timestampMs, 8.64e15) / 1000) * 1000;
  return new Date(second).toISOString().replace(".000Z", "Z");
}
