// prom-client and its successor with metrics whose children the program keeps and updates.
//
//   node js-static.mjs SERIES PACKAGE
import process from "node:process";
import { series, serve } from "../servers/serve.mjs";
import {
  counterStart,
  counterStep,
  FAMILIES,
  LABEL_NAMES,
  portsFor,
  valuesOf,
} from "../servers/workload.mjs";

const { default: client } = await import(process.argv[3]);
const ports = portsFor(series);
const updates = FAMILIES.map((family) => {
  const { name, help, type, number, shape } = family;
  const Metric = type === "counter" ? client.Counter : client.Gauge;
  const metric = new Metric({ name, help, labelNames: LABEL_NAMES });
  const children = ports.map((port) => metric.labels(port));
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
serve(async (_, response) => {
  scrape++;
  for (const update of updates) update(scrape);
  response.setHeader("Content-Type", client.register.contentType);
  response.end(await client.register.metrics());
});
