import type { MetricFamily } from "@linklight/model";

/** How many metrics each family has, most first, as the table that `promtool check metrics --extended` prints. */
export function cardinalityTable(families: readonly MetricFamily[]): string {
  const counts = families
    .map(({ name, metrics }) => ({ name, count: metrics.length }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const rows = [
    ["Metric", "Cardinality", "Percentage"],
    ...counts.map(({ name, count }) => [
      name,
      String(count),
      `${((100 * count) / total).toFixed(2)}%`,
    ]),
    ["Total", String(total), "100%"],
  ];
  const widths = [0, 1, 2].map((i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)) + 4);
  return rows
    .map((row) => `${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("")}\n`)
    .join("");
}
