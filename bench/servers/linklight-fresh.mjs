// A collector of linklight as one writes it first: new families and new label objects each time.
import { CounterFamily, GaugeFamily, metricsHandler, Registry } from "@linklight/client";
import { series, serve } from "./serve.mjs";
import { FAMILIES, LABEL_NAMES, portsFor, valuesOf } from "./workload.mjs";

const ports = portsFor(series);
const values = FAMILIES.map((info) => valuesOf(info, ports));
let scrape = 0;
const collector = {
  name: "ports",
  describe: () => FAMILIES.map(({ name, help, type }) => ({ name, help, type, unit: "" })),
  *collect() {
    scrape++;
    for (const { name, help, type, number } of FAMILIES) {
      const Family = type === "counter" ? CounterFamily : GaugeFamily;
      const family = new Family({ name, help, labelNames: LABEL_NAMES });
      const value = values[number];
      for (const [port, labels] of ports.entries()) family.add({ ...labels }, value(port, scrape));
      yield family;
    }
  },
};
serve(metricsHandler(new Registry().register(collector)));
