/**
 * Serves an existing registry of `prom-client`, or of its successor `@prometheus-io/client`, as a collector.
 * Depends on neither.
 * @module
 */

export type {
  PromClientCollectorOptions,
  PromClientExemplar,
  PromClientMetric,
  PromClientRegister,
  PromClientValue,
} from "./prom-client/from-prom-client.ts";
export { fromPromClient } from "./prom-client/from-prom-client.ts";
