import { isWellFormed } from "./utf8-order.ts";

/** Whether a metric name keeps to the old character set, `[a-zA-Z_:][a-zA-Z0-9_:]*`, which every reader knows. */
export function isLegacyMetricName(name: string): boolean {
  return /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name);
}

/** Whether a label name keeps to the old character set, `[a-zA-Z_][a-zA-Z0-9_]*`, which every reader knows. */
export function isLegacyLabelName(name: string): boolean {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name);
}

/** Whether a metric or label name is valid in Prometheus 3: any UTF-8 text that is not empty. */
export function isValidName(name: string): boolean {
  return name !== "" && isWellFormed(name);
}
