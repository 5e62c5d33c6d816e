import type * as barGauge from "@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen";
import type * as heatmap from "@grafana/schema/dist/esm/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen";
import type * as stat from "@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen";
import type * as stateTimeline from "@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen";
import type * as statusHistory from "@grafana/schema/dist/esm/raw/composable/statushistory/panelcfg/x/StatusHistoryPanelCfg_types.gen";
import type * as table from "@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen";
import type * as text from "@grafana/schema/dist/esm/raw/composable/text/panelcfg/x/TextPanelCfg_types.gen";
import type * as timeSeries from "@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen";
import type * as dashboard from "@grafana/schema/dist/esm/raw/dashboard/x/Dashboard_types.gen";

/**
 * Grafana's own types of what is in a dashboard's file, for each part that its type leaves open: JSON schemas
 * are made of them. A kind of panel that is not here is none that our dashboards use.
 */
export interface GrafanaTypes {
  readonly dashboard: dashboard.Dashboard;
  readonly panel: dashboard.Panel;
  readonly row: dashboard.RowPanel;
  /** Of `fieldConfig.defaults`, and of overrides. */
  readonly field: dashboard.FieldConfig;
  readonly variable: dashboard.VariableModel;
  readonly annotation: dashboard.AnnotationQuery;
  readonly options: {
    readonly bargauge: barGauge.Options;
    readonly heatmap: heatmap.Options;
    readonly stat: stat.Options;
    readonly "state-timeline": stateTimeline.Options;
    readonly "status-history": statusHistory.Options;
    readonly table: table.Options;
    readonly text: text.Options;
    readonly timeseries: timeSeries.Options;
  };
  /** Of `fieldConfig.defaults.custom`; what has no entry takes none. */
  readonly custom: {
    readonly heatmap: heatmap.FieldConfig;
    readonly "state-timeline": stateTimeline.FieldConfig;
    readonly "status-history": statusHistory.FieldConfig;
    readonly table: table.FieldConfig;
    readonly timeseries: timeSeries.FieldConfig;
  };
}
