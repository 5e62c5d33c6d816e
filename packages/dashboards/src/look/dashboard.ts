import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  type AnnotationQuery,
  AnnotationQueryBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  type DashboardLink,
  DashboardLinkType,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { layOut, type Row } from "./layout.ts";
import { DATASOURCE, oneLine, target } from "./query.ts";

/** A dashboard: what it is called, what can be chosen, what is shown. */
export interface DashboardSpec {
  /** Never changes: links and provisioning know a dashboard by it. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly variables: readonly Variable[];
  readonly annotations: readonly Annotation[];
  readonly rows: readonly Row[];
}

/** Something to choose above the dashboard: the values that a label has among some series. */
export interface Variable {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  /** A selector, which may name variables above it. */
  readonly series: string;
  /** The label of these series whose values are the choice. */
  readonly of: string;
  /** What is chosen at first, where it is among the choice; otherwise it is the first. */
  readonly first?: string;
  /** Whether several can be chosen, and all. */
  readonly several?: boolean;
}

/** Moments or spans that are marked in every graph. */
export interface Annotation {
  readonly name: string;
  readonly expr: string;
  readonly color: string;
  readonly title: string;
  readonly text: string;
  readonly tags: readonly string[];
  /** Whether the value is the moment, in milliseconds since 1970, instead of that of the sample. */
  readonly valueIsTime?: boolean;
}

/** The dashboard as Grafana's classic JSON has it. */
export function dashboard(spec: DashboardSpec): Dashboard {
  const builder = new DashboardBuilder(spec.title)
    .uid(spec.uid)
    .description(spec.description)
    .tags(["linklight", ...spec.tags])
    .timezone("browser")
    .editable()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: "now-1h", to: "now" })
    .refresh("5s")
    .variables([datasourceVariable(), ...spec.variables.map(queryVariable)].map(withoutAuto))
    .annotations(spec.annotations.map(annotation))
    .links([otherDashboards()]);
  return { ...builder.build(), panels: layOut(spec.rows) };
}

function datasourceVariable(): Builder<VariableModel> {
  return new DatasourceVariableBuilder("datasource")
    .label("Data source")
    .description("The Prometheus that is asked.")
    .type("prometheus")
    .current({ text: "Prometheus", value: "prometheus" });
}

function queryVariable(variable: Variable): Builder<VariableModel> {
  const query = `label_values(${variable.series}, ${variable.of})`;
  const builder = new QueryVariableBuilder(variable.name)
    .label(variable.label)
    .description(variable.description)
    .datasource(DATASOURCE)
    // As Grafana's own editor saves it; 1 stands for label values.
    .query({ qryType: 1, query, refId: "PrometheusVariableQueryEditor-VariableQuery" })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.NaturalAsc);
  if (variable.first !== undefined)
    builder.current({ text: variable.first, value: variable.first });
  if (variable.several !== true) return builder;
  return builder
    .multi(true)
    .includeAll(true)
    .allValue(".*")
    .current({ text: "All", value: "$__all" });
}

/** Without the fields that the library gives all variables, and Grafana has for intervals alone. */
function withoutAuto(builder: Builder<VariableModel>): Builder<VariableModel> {
  const { auto: _auto, auto_min: _min, auto_count: _count, ...rest } = builder.build();
  return { build: () => rest };
}

/** Grafana asks the target; versions before 11, and other readers of these files, know `expr` and `step`. */
function annotation(spec: Annotation): Builder<AnnotationQuery> {
  const expr = oneLine(spec.expr);
  const builder = new AnnotationQueryBuilder()
    .name(spec.name)
    .datasource(DATASOURCE)
    .enable(true)
    .hide(false)
    .iconColor(spec.color)
    .target(target({ expr }, 0))
    .expr(expr)
    .step("30s")
    .titleFormat(spec.title)
    .textFormat(spec.text)
    .tagKeys(spec.tags.join(","))
    .useValueForTime(spec.valueIsTime === true);
  // Beside the variables, not in a menu: it is switched off where it covers something.
  const { placement: _placement, ...query } = builder.build();
  return { build: () => query };
}

/** The way to the other dashboards, with what is chosen here. */
function otherDashboards(): Builder<DashboardLink> {
  return {
    build: () => ({
      title: "linklight",
      type: DashboardLinkType.Dashboards,
      icon: "external link",
      tooltip: "The other dashboards, with what is chosen here",
      url: "",
      tags: ["linklight"],
      asDropdown: false,
      targetBlank: false,
      includeVars: true,
      keepTime: true,
    }),
  };
}
