import { type Dashboard, panelsOf, readDashboards } from "./dashboard-files.ts";
import { isMapping, type Mapping, mappingsOf, textOf } from "./json.ts";
import type { Problem } from "./problem.ts";
import { countSeries } from "./prometheus-api.ts";
import { type DataSource, readDataSources, readProviders } from "./provisioning.ts";
import { findSource, interpolate, resolveVariables, type Values } from "./variables.ts";

/** One query of one panel, or of an annotation, as it was asked. */
export interface AskedQuery {
  readonly dashboard: string;
  /** The title of the panel, or the name of the annotation. */
  readonly panel: string;
  readonly refId: string;
  readonly expr: string;
  readonly series: number;
}

/** What the checker found. It is content when `problems` is empty. */
export interface Report {
  readonly dashboards: readonly string[];
  readonly panels: number;
  readonly queries: readonly AskedQuery[];
  readonly problems: readonly Problem[];
}

/** Grafana's own data source, for annotations made by hand and the like. */
const BUILT_IN_SOURCE = "-- Grafana --";

/** Loads what is provisioned and asks every query of every dashboard. Rejects only where Grafana would not start. */
export async function checkEverything(folder: string): Promise<Report> {
  const sources = readDataSources(folder);
  const problems: Problem[] = [];
  const dashboards: Dashboard[] = [];
  const queries: AskedQuery[] = [];
  let panels = 0;
  for (const provider of readProviders(folder)) {
    const found = readDashboards(provider);
    dashboards.push(...found.dashboards);
    problems.push(...found.problems);
  }
  for (const dashboard of dashboards) {
    panels += panelsOf(dashboard.json).filter(({ type }) => type !== "row").length;
    await checkDashboard(dashboard, sources, queries, problems);
  }
  return { dashboards: dashboards.map(({ uid }) => uid), panels, queries, problems };
}

async function checkDashboard(
  { uid, json }: Dashboard,
  sources: readonly DataSource[],
  queries: AskedQuery[],
  problems: Problem[],
): Promise<void> {
  let values: Values;
  try {
    values = await resolveVariables(json, sources);
  } catch (error) {
    problems.push({ where: uid, what: String(error) });
    return;
  }
  for (const { panel, refId, expr, reference } of questionsOf(json)) {
    const where = `${uid}: ${panel}`;
    const source = findSource(reference, sources, values);
    if (source === undefined) {
      problems.push({
        where,
        what: `its data source ${JSON.stringify(reference)} is not provisioned`,
      });
      continue;
    }
    const asked = interpolate(expr, values);
    try {
      queries.push({
        dashboard: uid,
        panel,
        refId,
        expr: asked,
        series: await countSeries(source.url, asked),
      });
    } catch (error) {
      problems.push({ where, what: `${asked}: ${String(error)}` });
    }
  }
}

interface Question {
  readonly panel: string;
  readonly refId: string;
  readonly expr: string;
  readonly reference: unknown;
}

function* questionsOf(json: Mapping): Generator<Question> {
  for (const panel of panelsOf(json)) {
    const title = textOf(panel["title"]) ?? `panel ${String(panel["id"])}`;
    for (const target of mappingsOf(panel["targets"])) {
      const expr = textOf(target["expr"]);
      if (expr !== undefined)
        yield {
          panel: title,
          refId: refIdOf(target),
          expr,
          reference: target["datasource"] ?? panel["datasource"],
        };
    }
  }
  const annotations = isMapping(json["annotations"]) ? json["annotations"] : {};
  for (const annotation of mappingsOf(annotations["list"])) {
    const { datasource } = annotation;
    const target = isMapping(annotation["target"]) ? annotation["target"] : annotation;
    const expr = textOf(target["expr"]);
    if (expr === undefined || (isMapping(datasource) && datasource["uid"] === BUILT_IN_SOURCE))
      continue;
    yield {
      panel: String(annotation["name"]),
      refId: refIdOf(target),
      expr,
      reference: datasource,
    };
  }
}

function refIdOf(query: Mapping): string {
  return textOf(query["refId"]) ?? "A";
}
