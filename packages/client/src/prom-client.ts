/**
 * Serves an existing registry of `prom-client`, or of its successor `@prometheus-io/client`, as a collector.
 * Depends on neither.
 * @module
 */

export type {
  PromClientCollectorOptions,
  PromClientRegister,
} from "./prom-client/from-prom-client.ts";
export { fromPromClient } from "./prom-client/from-prom-client.ts";
export type {
  PromClientExemplar,
  PromClientMetric,
  PromClientValue,
} from "./prom-client/prom-client-metric.ts";
