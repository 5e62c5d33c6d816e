import { isMapping } from "./json.ts";

/** Asks Prometheus' HTTP API at a data source's address, and gives `data`. Rejects with its error text. */
export async function askPrometheus(
  url: string,
  path: string,
  parameters: Readonly<Record<string, string>>,
): Promise<unknown> {
  const response = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(parameters)}`, {
    signal: AbortSignal.timeout(30_000),
  });
  const answer: unknown = await response.json();
  if (!isMapping(answer) || answer["status"] !== "success") {
    const error = isMapping(answer) ? answer["error"] : undefined;
    throw new Error(String(error ?? `HTTP ${response.status}`));
  }
  return answer["data"];
}

/** How many series a range query of the last quarter of an hour gives. */
export async function countSeries(url: string, expr: string): Promise<number> {
  const end = Date.now() / 1000;
  const parameters = { query: expr, start: String(end - 900), end: String(end), step: "15" };
  const data = await askPrometheus(url, "query_range", parameters);
  return isMapping(data) && Array.isArray(data["result"]) ? data["result"].length : 0;
}
