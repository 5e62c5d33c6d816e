import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { isMapping, type Mapping, mappingsOf, textOf } from "./json.ts";
import { RefusedStart } from "./problem.ts";

/** A provisioned data source, with which Grafana's server asks for panels. */
export interface DataSource {
  readonly name: string;
  readonly uid: string;
  readonly type: string;
  readonly url: string;
  readonly isDefault: boolean;
}

/** Where provisioned dashboards lie. */
export interface DashboardProvider {
  readonly name: string;
  readonly folder: string;
  readonly path: string;
}

/** The data sources of `datasources/*.yml`. Throws RefusedStart where Grafana would not start. */
export function readDataSources(folder: string): DataSource[] {
  const sources: DataSource[] = [];
  for (const { file, content } of yamlFiles(join(folder, "datasources"))) {
    for (const entry of mappingsOf(content["datasources"])) {
      const name = needText(entry, "name", file);
      const source: DataSource = {
        name,
        uid: needText(entry, "uid", file),
        type: needText(entry, "type", file),
        url: needText(entry, "url", file),
        isDefault: entry["isDefault"] === true,
      };
      refuseTwice(sources, source, "name", file);
      refuseTwice(sources, source, "uid", file);
      sources.push(source);
    }
  }
  if (sources.filter(({ isDefault }) => isDefault).length > 1) {
    throw new RefusedStart(
      "datasource.yaml config is invalid. Only one datasource per organization can be marked as default",
    );
  }
  return sources;
}

/** The providers of `dashboards/*.yml`. Throws RefusedStart where Grafana would not start. */
export function readProviders(folder: string): DashboardProvider[] {
  const providers: DashboardProvider[] = [];
  for (const { file, content } of yamlFiles(join(folder, "dashboards"))) {
    for (const entry of mappingsOf(content["providers"])) {
      const options = isMapping(entry["options"]) ? entry["options"] : {};
      const provider: DashboardProvider = {
        name: needText(entry, "name", file),
        folder: textOf(entry["folder"]) ?? "General",
        path: needText(options, "path", `${file}: options`),
      };
      if (entry["type"] !== "file")
        throw new RefusedStart(`${file}: type ${String(entry["type"])} is unknown`);
      refuseTwice(providers, provider, "name", file);
      providers.push(provider);
    }
  }
  return providers;
}

function* yamlFiles(folder: string): Generator<{ file: string; content: Mapping }> {
  for (const name of readdirSync(folder).sort()) {
    if (!/\.ya?ml$/.test(name)) continue;
    const file = join(folder, name);
    const document = parseDocument(readFileSync(file, "utf8"));
    const [error] = document.errors;
    if (error !== undefined) throw new RefusedStart(`${file}: ${error.message}`);
    const content: unknown = document.toJS();
    if (!isMapping(content)) throw new RefusedStart(`${file}: not a mapping`);
    // Without it, Grafana takes the file for its oldest format and silently finds nothing in it.
    if (content["apiVersion"] !== 1) throw new RefusedStart(`${file}: apiVersion must be 1`);
    yield { file, content };
  }
}

function needText(entry: Mapping, key: string, where: string): string {
  const text = textOf(entry[key]);
  if (text === undefined) throw new RefusedStart(`${where}: ${key} is missing`);
  return text;
}

function refuseTwice<T, K extends keyof T>(
  known: readonly T[],
  added: T,
  key: K,
  file: string,
): void {
  if (known.some((each) => each[key] === added[key])) {
    throw new RefusedStart(`${file}: ${String(key)} ${String(added[key])} is there twice`);
  }
}
