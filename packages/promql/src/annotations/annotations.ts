import type { Span } from "../syntax/ast.ts";

/** A remark beside a result: Prometheus' text, without the place. */
export interface Annotation {
  readonly severity: "warning" | "info";
  readonly text: string;
  readonly span: Span;
}

/** Collects the remarks of one query; the same remark at the same place counts once. */
export class Annotations {
  readonly #byKey = new Map<string, Annotation>();

  warn(text: string, span: Span): void {
    this.#add({ severity: "warning", text: `PromQL warning: ${text}`, span });
  }

  inform(text: string, span: Span): void {
    this.#add({ severity: "info", text: `PromQL info: ${text}`, span });
  }

  /** All remarks in the order in which they came. */
  list(): readonly Annotation[] {
    return [...this.#byKey.values()];
  }

  #add(annotation: Annotation): void {
    const key = `${annotation.severity} ${annotation.span.start} ${annotation.span.end} ${annotation.text}`;
    if (!this.#byKey.has(key)) this.#byKey.set(key, annotation);
  }
}
