import { isMapping, type Mapping, mappingsOf, textOf } from "./json.ts";
import { askPrometheus } from "./prometheus-api.ts";
import type { DataSource } from "./provisioning.ts";

/** The values of a dashboard's variables, by name, as they stand when it is opened. */
export type Values = ReadonlyMap<string, string>;

/** What Grafana itself fills in; the rate interval is four scrapes of 5 s, at least. */
const BUILT_IN: Values = new Map([
  ["__rate_interval", "1m"],
  ["__interval", "15s"],
  ["__interval_ms", "15000"],
  ["__range", "900s"],
  ["__range_s", "900"],
  ["__range_ms", "900000"],
  ["__from", String(Date.now() - 900_000)],
  ["__to", String(Date.now())],
]);

/** `$name`, `${name}` and `${name:format}`; `[[name]]` is no longer Grafana's. */
const REFERENCE = /\$(?:\{(\w+)(?::\w+)?\}|(\w+))/g;

/** Fills variables in. What has no value stays, for Prometheus to complain about. */
export function interpolate(text: string, values: Values): string {
  return text.replace(REFERENCE, (reference, braced?: string, bare?: string) => {
    const name = braced ?? bare ?? "";
    return values.get(name) ?? BUILT_IN.get(name) ?? reference;
  });
}

/**
 * Gives every variable a value, in the order of the file, so that a chained one sees those before it: the
 * current one of the file where it is offered, all where "All" is, otherwise the first. Rejects when one
 * has none.
 */
export async function resolveVariables(
  dashboard: Mapping,
  sources: readonly DataSource[],
): Promise<Map<string, string>> {
  const values = new Map<string, string>();
  const templating = isMapping(dashboard["templating"]) ? dashboard["templating"] : {};
  for (const variable of mappingsOf(templating["list"])) {
    const name = textOf(variable["name"]) ?? "";
    values.set(name, await valueFor(variable, name, sources, values));
  }
  return values;
}

async function valueFor(
  variable: Mapping,
  name: string,
  sources: readonly DataSource[],
  values: Values,
): Promise<string> {
  switch (variable["type"]) {
    case "datasource": {
      const fitting = sources.filter(({ type }) => type === variable["query"]);
      const source = fitting.find(({ isDefault }) => isDefault) ?? fitting[0];
      if (source === undefined)
        throw new Error(`$${name}: no data source of type ${String(variable["query"])}`);
      return source.uid;
    }
    case "query":
      return queried(variable, name, sources, values);
    case "custom":
    case "interval":
    case "constant":
      return (textOf(variable["query"]) ?? "").split(",")[0]?.trim() ?? "";
    case "textbox":
      return textOf(variable["query"]) ?? "";
    default:
      throw new Error(`$${name}: type ${String(variable["type"])} is unknown to the checker`);
  }
}

async function queried(
  variable: Mapping,
  name: string,
  sources: readonly DataSource[],
  values: Values,
): Promise<string> {
  const { query } = variable;
  const text = textOf(isMapping(query) ? query["query"] : query);
  const source = findSource(variable["datasource"], sources, values);
  if (text === undefined || source === undefined)
    throw new Error(`$${name}: no query, or no data source`);
  const match = /^label_values\(\s*(?:(.*),)?\s*(\w+)\s*\)$/s.exec(interpolate(text, values));
  if (match?.[2] === undefined) throw new Error(`$${name}: not label_values(…): ${text}`);
  const selector = match[1]?.trim();
  const found = await askPrometheus(
    source.url,
    `label/${match[2]}/values`,
    selector === undefined ? {} : { "match[]": selector },
  );
  const known = Array.isArray(found) ? found.map(String) : [];
  if (known[0] === undefined) throw new Error(`$${name}: ${text} gives no value`);
  const current = isMapping(variable["current"]) ? textOf(variable["current"]["value"]) : undefined;
  if (current !== undefined && known.includes(current)) return current;
  if (variable["includeAll"] !== true) return known[0];
  return (
    textOf(variable["allValue"]) ??
    known.map((value) => value.replaceAll(/[.+*?()|[\]{}^$\\]/g, "\\\\$&")).join("|")
  );
}

/** The data source that a panel, target or variable names: by uid, by a variable, or the default one. */
export function findSource(
  reference: unknown,
  sources: readonly DataSource[],
  values: Values,
): DataSource | undefined {
  const named = isMapping(reference) ? textOf(reference["uid"]) : textOf(reference);
  if (named === undefined) return sources.find(({ isDefault }) => isDefault);
  const uid = interpolate(named, values);
  return sources.find((source) => source.uid === uid || source.name === uid);
}
