import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import type { DataSourceRef } from "@grafana/grafana-foundation-sdk/common";
import {
  type DashboardLink,
  type DynamicConfigValue,
  type FieldColor,
  FieldColorModeId,
  type Panel,
  type ThresholdsConfig,
  type ValueMapping,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { byThresholds, PLAIN, type Steps, thresholds } from "./colors.ts";
import { DATASOURCE, type Query, refId, target } from "./query.ts";

/** What every panel says and asks; `unit` is one of Grafana's. */
export interface PanelSpec {
  readonly title: string;
  /** One or two sentences for somebody who sees the panel for the first time. */
  readonly description: string;
  readonly queries: readonly Query[];
  readonly unit?: string;
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
  readonly steps?: Steps;
  readonly mappings?: ValueMapping[];
  /** What is shown instead of nothing, where nothing is an answer. */
  readonly noValue?: string;
  /** Where a click on a series leads. */
  readonly links?: readonly SeriesLink[];
}

/** A link from a series to another dashboard, or page. */
export interface SeriesLink {
  readonly title: string;
  readonly url: string;
}

/** What the builders of all kinds of panels have in common. */
interface PanelBuilder extends Builder<Panel> {
  title(title: string): this;
  description(description: string): this;
  datasource(datasource: DataSourceRef): this;
  withTarget(query: Builder<Dataquery>): this;
  unit(unit: string): this;
  decimals(decimals: number): this;
  min(min: number): this;
  max(max: number): this;
  mappings(mappings: ValueMapping[]): this;
  noValue(noValue: string): this;
  thresholds(thresholds: Builder<ThresholdsConfig>): this;
  colorScheme(color: Builder<FieldColor>): this;
  dataLinks(links: Builder<DashboardLink>[]): this;
  overrideByQuery(queryRefId: string, properties: DynamicConfigValue[]): this;
}

/** Gives a panel of any kind what its specification says; the colour of a value is that of its step. */
export function describePanel<P extends PanelBuilder>(panel: P, spec: PanelSpec): P {
  panel
    .title(spec.title)
    .description(spec.description)
    .datasource(DATASOURCE)
    .thresholds(thresholds(spec.steps ?? PLAIN))
    .colorScheme(byThresholds());
  if (spec.unit !== undefined) panel.unit(spec.unit);
  if (spec.decimals !== undefined) panel.decimals(spec.decimals);
  if (spec.min !== undefined) panel.min(spec.min);
  if (spec.max !== undefined) panel.max(spec.max);
  if (spec.mappings !== undefined) panel.mappings(spec.mappings);
  if (spec.noValue !== undefined) panel.noValue(spec.noValue);
  if (spec.links !== undefined) panel.dataLinks(spec.links.map(seriesLink));
  for (const [i, query] of spec.queries.entries()) {
    panel.withTarget(target(query, i));
    if (query.color === undefined) continue;
    const mode = query.shades === true ? FieldColorModeId.Shades : FieldColorModeId.Fixed;
    const value = { mode, fixedColor: query.color };
    panel.overrideByQuery(refId(i), [{ id: "color", value }]);
  }
  return panel;
}

function seriesLink({ title, url }: SeriesLink): Builder<DashboardLink> {
  // The builder of the library would add fields that only the links above a dashboard have.
  const link = { title, url, targetBlank: false } as DashboardLink;
  return { build: () => link };
}
