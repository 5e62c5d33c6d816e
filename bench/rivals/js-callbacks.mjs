// prom-client and its successor with collect() callbacks, which set each series by its labels.
//
//   node js-callbacks.mjs SERIES PACKAGE
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
let scrape = 0;
for (const family of FAMILIES) {
  if (family.shape === "counter") addCounter(family);
  else addGauge(family);
}

// Counters of these libraries cannot be set; adding what is new is cheaper than reset() and the total.
function addCounter({ name, help, number }) {
  const counter = new client.Counter({
    name,
    help,
    labelNames: LABEL_NAMES,
    collect() {
      for (const [port, { portnum, speed, type }] of ports.entries())
        this.inc({ portnum, speed, type }, counterStep(number, port));
    },
  });
  for (const [port, labels] of ports.entries()) counter.inc(labels, counterStart(number, port));
}

function addGauge(family) {
  const { name, help } = family;
  const value = valuesOf(family, ports);
  new client.Gauge({
    name,
    help,
    labelNames: LABEL_NAMES,
    collect() {
      for (const [port, { portnum, speed, type }] of ports.entries())
        this.set({ portnum, speed, type }, value(port, scrape));
    },
  });
}

serve(async (_, response) => {
  scrape++;
  response.setHeader("Content-Type", client.register.contentType);
  response.end(await client.register.metrics());
});
