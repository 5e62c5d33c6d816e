import { Labels } from "@linklight/model";

/**
 * The labels of a series as a scrape stores them: those of its target are added. Where both have a label the
 * target's wins, and the series' own is kept as `exported_…`, as Prometheus does it, be they the same or not.
 */
export function scrapedLabels(own: Labels, target: Labels): Labels {
  const all = new Map(target);
  for (const [name, value] of own) {
    all.set(all.has(name) ? freeName(`exported_${name}`, own, all) : name, value);
  }
  return Labels.from(all);
}

function freeName(name: string, own: Labels, all: ReadonlyMap<string, string>): string {
  return all.has(name) || own.has(name) ? freeName(`exported_${name}`, own, all) : name;
}
