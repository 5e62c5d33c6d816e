import type { QueryResult } from "../engine/query-result.ts";
import { lineAndColumn } from "../syntax/parse-error.ts";
import type { Annotation } from "./annotations.ts";

/** How many warnings, and how many infos, Prometheus' API shows. */
const MOST_REMARKS = 10;

/** A remark with its place in the text that was asked, as Prometheus writes it: `PromQL info: … (1:6)`. */
export function renderAnnotation({ text, span }: Annotation, query: string): string {
  return `${text} (${lineAndColumn(query, span.start)})`;
}

/**
 * The warnings and infos beside a result as Prometheus' API lists them: ten of each at most, and how many more there
 * are. Those of the storage are warnings.
 */
export function renderRemarks(
  { annotations, storageWarnings }: Pick<QueryResult, "annotations" | "storageWarnings">,
  query: string,
): { readonly warnings: readonly string[]; readonly infos: readonly string[] } {
  const rendered = (severity: Annotation["severity"]): string[] =>
    annotations
      .filter((annotation) => annotation.severity === severity)
      .map((annotation) => renderAnnotation(annotation, query));
  return {
    warnings: shown([...rendered("warning"), ...storageWarnings], "warning"),
    infos: shown(rendered("info"), "info"),
  };
}

function shown(remarks: readonly string[], word: "warning" | "info"): readonly string[] {
  const omitted = remarks.length - MOST_REMARKS;
  if (omitted <= 0) return remarks;
  return [...remarks.slice(0, MOST_REMARKS), `${omitted} more ${word} annotations omitted`];
}
