import { checkFamilies, expositionFormatOf } from "@linklight/exposition";
import type { MetricFamily } from "@linklight/model";
import type { Patient } from "./check.ts";
import type { QueriedSample } from "./prometheus-api.ts";

/** The families on the endpoint's page, as far as it can be read. */
export async function endpointFamilies({
  endpointPage,
}: Patient): Promise<readonly MetricFamily[]> {
  const page = await endpointPage();
  if (page.status !== 200) return [];
  const format = expositionFormatOf(page.headers["content-type"]);
  return format === undefined ? [] : checkFamilies(format, page.body).families;
}

/** The value of a family with one metric; undefined where there is none. */
export function onlyValue(families: readonly MetricFamily[], name: string): number | undefined {
  const metric = families.find((family) => family.name === name)?.metrics[0];
  return metric !== undefined && "value" in metric ? Number(metric.value) : undefined;
}

/**
 * What Prometheus has of the endpoint that was asked here, by whatever name it knows it: two processes
 * hardly start in the same hundredth of a second. Empty where the endpoint does not say when it started.
 */
export async function seriesOfEndpoint(patient: Patient): Promise<readonly QueriedSample[]> {
  const start = onlyValue(await endpointFamilies(patient), "process_start_time_seconds");
  if (start === undefined) return [];
  const samples = await patient.prometheus.query("process_start_time_seconds");
  return samples.filter(({ value }) => Math.abs(value - start) < 0.005);
}
