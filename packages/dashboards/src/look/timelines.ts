import {
  SortOrder,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import {
  CellValuesBuilder,
  PanelBuilder as HeatmapBuilder,
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  HeatmapColorScale,
  HeatmapTooltipBuilder,
  YAxisConfigBuilder,
} from "@grafana/grafana-foundation-sdk/heatmap";
import { PanelBuilder as StateTimelineBuilder } from "@grafana/grafana-foundation-sdk/statetimeline";
import { PanelBuilder as StatusHistoryBuilder } from "@grafana/grafana-foundation-sdk/statushistory";
import { describePanel, type PanelSpec } from "./panel.ts";

const noLegend = (): VizLegendOptionsBuilder => new VizLegendOptionsBuilder().showLegend(false);
const tooltip = (): VizTooltipOptionsBuilder =>
  new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Single).sort(SortOrder.None);

/** A bar for each series that changes its colour with its state. */
export function stateTimeline(spec: PanelSpec): StateTimelineBuilder {
  return describePanel(new StateTimelineBuilder(), spec)
    .mergeValues(true)
    .showValue(VisibilityMode.Never)
    .rowHeight(0.8)
    .fillOpacity(80)
    .legend(noLegend())
    .tooltip(tooltip());
}

/** A row of cells for each series, each in the colour of its value. */
export function statusHistory(spec: PanelSpec): StatusHistoryBuilder {
  return (
    describePanel(new StatusHistoryBuilder(), spec)
      .showValue(VisibilityMode.Never)
      // Cells that are wide enough to be seen.
      .maxDataPoints(90)
      .rowHeight(0.9)
      .colWidth(1)
      .fillOpacity(90)
      .legend(noLegend())
      .tooltip(tooltip())
  );
}

/** How often which size, over time: from the buckets of a histogram. */
export function heatmap(spec: PanelSpec): HeatmapBuilder {
  return describePanel(new HeatmapBuilder(), spec)
    .maxDataPoints(120)
    .calculate(false)
    .color(
      new HeatmapColorOptionsBuilder()
        .mode(HeatmapColorMode.Scheme)
        .scheme("Blues")
        .scale(HeatmapColorScale.Exponential)
        .exponent(0.5)
        .steps(64),
    )
    .cellGap(1)
    .cellValues(new CellValuesBuilder().unit(spec.unit ?? "short"))
    .yAxis(new YAxisConfigBuilder().unit("decbytes"))
    .tooltip(new HeatmapTooltipBuilder().mode(TooltipDisplayMode.Single).yHistogram(true))
    .showLegend();
}
