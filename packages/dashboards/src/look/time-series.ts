import {
  GraphGradientMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  LineInterpolation,
  ScaleDistribution,
  ScaleDistributionConfigBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import type { DynamicConfigValue } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import { NEUTRAL, oneColor } from "./colors.ts";
import { describePanel, type PanelSpec } from "./panel.ts";
import { type Query, refId } from "./query.ts";

/** A line for each series. */
export interface TimeSeriesSpec extends PanelSpec {
  /** The colour of series whose query has none. */
  readonly color?: string;
  /** Stacks the series on each other: for parts of a whole. */
  readonly stacked?: boolean;
  /** Draws the thresholds as lines. */
  readonly showSteps?: boolean;
  /** Holds each value until the next: for what changes in steps. */
  readonly stepped?: boolean;
  /** Each step of the axis is this many times the one before. */
  readonly logBase?: number;
  /** The axis shows at least up to here. */
  readonly softMax?: number;
  /** `list` under the graph (the default), a `table` at its right for many series, or none. */
  readonly legend?: "list" | "table" | "none";
}

/** Numbers over time. */
export function timeSeries(spec: TimeSeriesSpec): PanelBuilder {
  const panel = describePanel(new PanelBuilder(), spec)
    .colorScheme(oneColor(spec.color ?? NEUTRAL, true))
    .lineWidth(1)
    .fillOpacity(spec.stacked === true ? 40 : 12)
    .gradientMode(GraphGradientMode.Opacity)
    .showPoints(VisibilityMode.Never)
    .lineInterpolation(
      spec.stepped === true ? LineInterpolation.StepAfter : LineInterpolation.Linear,
    )
    .spanNulls(false)
    .stacking(
      new StackingConfigBuilder()
        .mode(spec.stacked === true ? StackingMode.Normal : StackingMode.None)
        .group("above"),
    )
    .tooltip(
      // Of fifty ports, those where something happens.
      new VizTooltipOptionsBuilder()
        .mode(TooltipDisplayMode.Multi)
        .sort(SortOrder.Descending)
        .hideZeros(true),
    )
    .legend(legend(spec.legend ?? "list"));
  if (spec.softMax !== undefined) panel.axisSoftMax(spec.softMax);
  if (spec.showSteps === true) {
    panel.thresholdsStyle(
      new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed),
    );
  }
  if (spec.logBase !== undefined) {
    panel.scaleDistribution(
      new ScaleDistributionConfigBuilder().type(ScaleDistribution.Log).log(spec.logBase),
    );
  }
  for (const [i, query] of spec.queries.entries()) {
    const properties = lineProperties(query, spec.stacked === true);
    if (properties.length > 0) panel.overrideByQuery(refId(i), properties);
  }
  return panel;
}

function lineProperties({ below, limit }: Query, isStacked: boolean): DynamicConfigValue[] {
  const properties: DynamicConfigValue[] = [];
  if (below === true) {
    properties.push({ id: "custom.transform", value: "negative-Y" });
    const mode = isStacked ? StackingMode.Normal : StackingMode.None;
    properties.push({ id: "custom.stacking", value: { mode, group: "below" } });
  }
  if (limit === true) {
    properties.push({ id: "custom.lineStyle", value: { fill: "dash", dash: [8, 8] } });
    properties.push({ id: "custom.fillOpacity", value: 0 });
    const mode = StackingMode.None;
    properties.push({ id: "custom.stacking", value: { mode, group: "limit" } });
  }
  return properties;
}

function legend(kind: "list" | "table" | "none"): VizLegendOptionsBuilder {
  const builder = new VizLegendOptionsBuilder().showLegend(kind !== "none");
  if (kind !== "table") {
    return builder.displayMode(LegendDisplayMode.List).placement(LegendPlacement.Bottom).calcs([]);
  }
  // Many series: the one that matters is found by its maximum, not by its colour.
  return builder
    .displayMode(LegendDisplayMode.Table)
    .placement(LegendPlacement.Right)
    .calcs(["lastNotNull", "max"])
    .sortBy("Max")
    .sortDesc(true);
}
