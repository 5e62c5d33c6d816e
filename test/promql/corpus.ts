/** Queries that once had another answer here than at Prometheus, or that nobody should get wrong. */
export const CORPUS: readonly string[] = [
  "up",
  "-1 ^ 2",
  "sum(rate(edge_level[5m])) + sum(rate(edge_level[5m]))",
  "quantile(5, edge_level) + quantile(6, edge_level)",
  "topk(3, edge_level)",
  "histogram_quantile(0.9, rate(edge_seconds_bucket[5m]))",
];
