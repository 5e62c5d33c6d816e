import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import { DataqueryBuilder, PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";

/** What a panel asks of Prometheus, and how the answer is drawn. */
export interface Query {
  /** PromQL with Grafana's variables in it; may be written over several lines. */
  readonly expr: string;
  /** The name of each series, such as `{{port}} received`. */
  readonly legend?: string;
  /**
   * `range`, the default, draws all the time that is shown; `instant` and `table` ask for its end;
   * `heatmap` takes the buckets of a histogram.
   */
  readonly kind?: "range" | "instant" | "table" | "heatmap";
  /** The colour of its series: one of `colors.ts`. */
  readonly color?: string;
  /** Whether its series, being several, are shades of the colour. */
  readonly shades?: boolean;
  /** Draws it downwards from zero: what leaves, below what arrives. */
  readonly below?: boolean;
  /** Draws it as a dashed line without a fill: a limit, not a measurement. */
  readonly limit?: boolean;
}

/** A variable of Grafana in a text that Grafana fills in. */
export function variable(name: string): string {
  return `\${${name}}`;
}

/** The data source that the reader chose: every panel and every query names it. */
export const DATASOURCE: { readonly type: string; readonly uid: string } = {
  type: "prometheus",
  uid: variable("datasource"),
};

/** A query as Grafana's file has it; `index` is its place in the panel, which names it A, B, C. */
export function target(query: Query, index: number): Builder<Dataquery> {
  const { kind = "range", expr, legend = "__auto" } = query;
  const builder = new DataqueryBuilder()
    .refId(refId(index))
    .datasource(DATASOURCE)
    .expr(oneLine(expr))
    .legendFormat(legend);
  if (kind === "table") return builder.format(PromQueryFormat.Table).instant();
  if (kind === "heatmap") return builder.format(PromQueryFormat.Heatmap).range();
  builder.format(PromQueryFormat.TimeSeries);
  return kind === "instant" ? builder.instant() : builder.range();
}

/** The name of the query at a place in a panel: A, B, C … */
export function refId(index: number): string {
  return String.fromCharCode("A".charCodeAt(0) + index);
}

/** An expression on one line, without the spaces that its lines were indented by. */
export function oneLine(expr: string): string {
  return expr.trim().replace(/\s+/g, " ").replaceAll("( ", "(").replaceAll(" )", ")");
}
