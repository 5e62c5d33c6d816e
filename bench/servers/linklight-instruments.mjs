// linklight as most programs use it: instruments whose children the program keeps and updates.
import { Counter, Gauge, metricsHandler, Registry } from "@linklight/client";
import { series, serve } from "./serve.mjs";
import {
  counterStart,
  counterStep,
  FAMILIES,
  LABEL_NAMES,
  portsFor,
  valuesOf,
} from "./workload.mjs";

const registry = new Registry();
const ports = portsFor(series);
const updates = FAMILIES.map((family) => {
  const { name, help, type, number, shape } = family;
  const Instrument = type === "counter" ? Counter : Gauge;
  const instrument = new Instrument({ name, help, labelNames: LABEL_NAMES, registry });
  const children = ports.map((port) => instrument.labels(port));
  if (shape === "counter") {
    for (const [port, child] of children.entries()) child.inc(counterStart(number, port));
    return () => {
      for (let port = 0; port < children.length; port++)
        children[port].inc(counterStep(number, port));
    };
  }
  const value = valuesOf(family, ports);
  return (scrape) => {
    for (let port = 0; port < children.length; port++) children[port].set(value(port, scrape));
  };
});

let scrape = 0;
const handler = metricsHandler(registry);
serve((request, response) => {
  scrape++;
  for (const update of updates) update(scrape);
  handler(request, response);
});
