import { PanelBuilder as BarGaugeBuilder } from "@grafana/grafana-foundation-sdk/bargauge";
import {
  BarGaugeDisplayMode,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
  VizOrientation,
} from "@grafana/grafana-foundation-sdk/common";
import { PanelBuilder as StatBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { describePanel, type PanelSpec } from "./panel.ts";

const newest = (): ReduceDataOptionsBuilder =>
  new ReduceDataOptionsBuilder().calcs(["lastNotNull"]).fields("").values(false);

/** One number, large, in the colour of its step. */
export function stat(spec: PanelSpec): StatBuilder {
  return describePanel(new StatBuilder(), spec)
    .reduceOptions(newest())
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.None)
    .textMode(BigValueTextMode.Value);
}

/** One number with its course behind it. */
export function trend(spec: PanelSpec): StatBuilder {
  return stat(spec).graphMode(BigValueGraphMode.Area);
}

/** A tile for each series, with its name on the colour of its state: the front of a switch. */
export function tiles(spec: PanelSpec): StatBuilder {
  return stat(spec)
    .colorMode(BigValueColorMode.BackgroundSolid)
    .textMode(BigValueTextMode.Name)
    .wideLayout(false);
}

/** A tile for each series, with name and value. */
export function namedTiles(spec: PanelSpec): StatBuilder {
  return stat(spec)
    .colorMode(BigValueColorMode.BackgroundSolid)
    .textMode(BigValueTextMode.ValueAndName);
}

/** A bar for each series, lying, from the first to the last. */
export function bars(spec: PanelSpec): BarGaugeBuilder {
  return describePanel(new BarGaugeBuilder(), spec)
    .reduceOptions(newest())
    .orientation(VizOrientation.Horizontal)
    .displayMode(BarGaugeDisplayMode.Basic)
    .showUnfilled(true);
}
