import { apiErrorOf, Engine, writeError, writeResult } from "@linklight/promql";
import { MemoryStorage } from "@linklight/promql/memory";

/** What a page asks of an hour of two ports, at its end; the last two are no queries. */
export const PAGE_QUERIES: readonly string[] = [
  "sum by (port) (rate(rx_packets_total[5m]))",
  'rx_packets_total{port=~"[12]"} / on () group_left () count(rx_packets_total)',
  'label_replace(topk(1, rx_packets_total), "ort", "Gerät <$1>", "port", "(.*)")',
  "histogram_quantile(0.9, rx_packets_total)",
  "avg_over_time(deriv(rx_packets_total[10m])[30m:1m])",
  "1e-7 ^ 3 > bool 0",
  "rate(rx_packets_total[5m]",
  "sum(rx_packets_total) and 1",
];

/** Answers them, one JSON a line, with nothing that only Node has. */
export async function answerPage(): Promise<string> {
  const storage = new MemoryStorage();
  for (const port of ["1", "2"]) {
    const samples = Array.from({ length: 241 }, (_, i) => ({
      timestamp: i * 15_000,
      value: Math.floor(i * Number(port) * 1234.5) % 100_000,
    }));
    storage.appendAll({ __name__: "rx_packets_total", port }, samples);
  }
  const engine = new Engine();
  const decoder = new TextDecoder();
  const answers = PAGE_QUERIES.map(async (query) => {
    try {
      const result = await engine.instant(storage, { query, timeMs: 3_600_000 });
      return Array.from(writeResult(result, query), (chunk) => decoder.decode(chunk)).join("");
    } catch (error) {
      return writeError(apiErrorOf(error) ?? { errorType: "internal", error: String(error) });
    }
  });
  return (await Promise.all(answers)).join("\n");
}
