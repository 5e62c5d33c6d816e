// A collector of linklight that keeps its families and the handle of each series.
import { CounterFamily, GaugeFamily, metricsHandler, Registry } from "@linklight/client";
import { series, serve } from "./serve.mjs";
import { FAMILIES, LABEL_NAMES, portsFor, valuesOf } from "./workload.mjs";

const ports = portsFor(series);
const kept = FAMILIES.map((info) => {
  const { name, help, type } = info;
  const Family = type === "counter" ? CounterFamily : GaugeFamily;
  const family = new Family({ name, help, labelNames: LABEL_NAMES });
  const handles = ports.map((port) => family.series(port));
  return { family, handles, value: valuesOf(info, ports) };
});

let scrape = 0;
const collector = {
  name: "ports",
  describe: () => kept.map(({ family }) => family),
  *collect() {
    scrape++;
    for (const { family, handles, value } of kept) {
      for (let port = 0; port < handles.length; port++) handles[port].set(value(port, scrape));
      yield family;
    }
  },
};
serve(metricsHandler(new Registry().register(collector)));
