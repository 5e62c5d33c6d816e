import { CounterFamily, GaugeFamily } from "@linklight/client";
import { FAMILIES, LABEL_NAMES, portsFor, valuesOf } from "../servers/workload.mjs";

/**
 * The families of the bench without a server: `tables(scrape)` sets what they show at a scrape and copies
 * it, as a registry does; `lines(scrape)` is the same as `[name, labels, value]` for naive rivals.
 */
export function familiesOf(series) {
  const ports = portsFor(series);
  const kept = FAMILIES.map((info) => {
    const { name, help, type } = info;
    const Family = type === "counter" ? CounterFamily : GaugeFamily;
    const family = new Family({ name, help, labelNames: LABEL_NAMES });
    const handles = ports.map((port) => family.series(port));
    return { family, name, handles, values: valuesOf(info, ports) };
  });
  return {
    tables(scrape) {
      for (const { handles, values } of kept)
        for (let port = 0; port < handles.length; port++) handles[port].set(values(port, scrape));
      return kept.map(({ family }) => family.table());
    },
    *lines(scrape) {
      for (const { name, values } of kept)
        for (const [port, labels] of ports.entries()) yield [name, labels, values(port, scrape)];
    },
  };
}
