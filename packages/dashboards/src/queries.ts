import { mayBeEmpty } from "./may-be-empty.ts";

/** As much of a dashboard's file as says what it asks. */
export interface DashboardFile {
  readonly uid?: string;
  readonly panels?: readonly PanelOfFile[];
  readonly templating?: { readonly list?: readonly VariableOfFile[] };
  readonly annotations?: {
    readonly list?: readonly { readonly name: string; readonly target?: TargetOfFile }[];
  };
}

interface PanelOfFile {
  readonly type: string;
  readonly title?: string;
  readonly targets?: readonly TargetOfFile[];
  /** Those of a row that is folded. */
  readonly panels?: readonly PanelOfFile[];
}

interface TargetOfFile {
  readonly refId?: string;
  readonly expr?: string;
  readonly instant?: boolean;
}

interface VariableOfFile {
  readonly type: string;
  readonly name: string;
  readonly query?: string | Readonly<Record<string, unknown>>;
}

/** What to put where a query names a variable; several values become a regular expression that matches each. */
export type VariableValues = Readonly<Record<string, string | readonly string[]>>;

/** Something that a dashboard asks of Prometheus, with its variables filled in. */
export interface AskedQuery {
  /** The uid of the dashboard. */
  readonly dashboard: string;
  /** The title of the panel, or the name of the annotation or variable. */
  readonly title: string;
  readonly of: "panel" | "annotation" | "variable";
  /** The query's name in its panel: A, B, C … */
  readonly refId: string;
  /** PromQL. Of a variable: the selector of the series whose label has the values. */
  readonly expr: string;
  /** Whether it is asked for one moment, the end of the shown time, instead of all of it. */
  readonly instant: boolean;
  /** The label whose values a variable offers. */
  readonly label?: string;
  /** Why an empty answer may be right, if it may. */
  readonly mayBeEmpty?: string;
}

/**
 * All queries of a dashboard, in the order of its file: of panels, those in folded rows too, of annotations and
 * of variables. Throws RangeError when a query names a variable that has no value; Grafana's own
 * (`__rate_interval`, `__interval`, `__range`) must be given too.
 */
export function dashboardQueries(file: DashboardFile, values: VariableValues): AskedQuery[] {
  const dashboard = file.uid ?? "";
  const queries: AskedQuery[] = [];
  const add = (
    query: Omit<AskedQuery, "dashboard" | "expr" | "mayBeEmpty">,
    expr: string,
  ): void => {
    const where = `${dashboard}, ${query.of} "${query.title}", query ${query.refId}`;
    const reason = mayBeEmpty(dashboard, query.title, query.refId);
    queries.push({
      dashboard,
      ...query,
      expr: fillIn(expr, values, where),
      ...(reason === undefined ? {} : { mayBeEmpty: reason }),
    });
  };
  for (const { title = "", targets = [] } of everyPanel(file.panels ?? [])) {
    for (const { refId = "", expr = "", instant = false } of targets)
      add({ title, of: "panel", refId, instant }, expr);
  }
  for (const { name, target } of file.annotations?.list ?? []) {
    if (target?.expr !== undefined)
      add({ title: name, of: "annotation", refId: "A", instant: false }, target.expr);
  }
  for (const variable of file.templating?.list ?? []) {
    const [, selector, label] = LABEL_VALUES.exec(variableQuery(variable)) ?? [];
    if (selector !== undefined && label !== undefined)
      add({ title: variable.name, of: "variable", refId: "A", instant: false, label }, selector);
  }
  return queries;
}

const LABEL_VALUES = /^label_values\((.*), *(\w+)\)$/;

function variableQuery({ type, query }: VariableOfFile): string {
  if (type !== "query") return "";
  return String(typeof query === "object" ? query["query"] : query);
}

/** All panels of a dashboard that are not rows, those in folded rows too. */
export function everyPanel(panels: readonly PanelOfFile[]): PanelOfFile[] {
  return panels.flatMap((panel) =>
    panel.type === "row" ? everyPanel(panel.panels ?? []) : [panel],
  );
}

// `$name`, `${name}`, `${name:format}` and `[[name]]`. A name begins with a letter: `$1` belongs to PromQL.
const VARIABLE = /\$([A-Za-z_]\w*)|\$\{([A-Za-z_]\w*)(?::\w+)?\}|\[\[([A-Za-z_]\w*)\]\]/g;

function fillIn(expr: string, values: VariableValues, where: string): string {
  return expr.replace(VARIABLE, (text, ...names: (string | undefined)[]) => {
    const name = names.slice(0, 3).find((one) => one !== undefined) ?? "";
    const value = values[name];
    if (value === undefined) throw new RangeError(`${where}: the variable ${text} has no value`);
    return typeof value === "string" ? value : anyOf(value);
  });
}

function anyOf(values: readonly string[]): string {
  return `(${values.map((value) => value.replace(/[\\^$.*+?()[\]{}|]/g, "\\\\$&")).join("|")})`;
}
