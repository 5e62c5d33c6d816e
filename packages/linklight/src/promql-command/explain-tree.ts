import type { ExplainNode } from "@linklight/promql";

const TYPES: Readonly<Record<ExplainNode["type"], string>> = {
  scalar: "scalar",
  string: "string",
  vector: "instant vector",
  matrix: "range vector",
};

/** Longer titles are not waited for by the columns behind them. */
const WIDEST_TITLE = 60;

interface Row {
  /** The lines of the tree, and what the part does. */
  readonly title: string;
  readonly node: ExplainNode;
}

/**
 * Draws the tree of a query, a part a line: what it does, its type, and where they were measured series,
 * samples and times.
 *
 * ```
 *                              type            series  samples  self ms  total ms
 * sum by (port)                instant vector       2        2    0.051     0.210
 * └─ rate                      instant vector       2        2    0.048     0.159
 *    └─ rx_packets_total[5m]   range vector         2       40    0.111     0.111
 * ```
 */
export function explainTree(tree: ExplainNode): string {
  const rows = rowsOf(tree);
  const isMeasured = rows.some(({ node }) => node.totalMs !== undefined);
  const cells = rows.map(({ title, node }) => [
    title,
    TYPES[node.type],
    ...(isMeasured ? measurementsOf(node) : []),
  ]);
  if (isMeasured) cells.unshift(["", "type", "series", "samples", "self ms", "total ms"]);
  const widths = widthsOf(cells);
  return cells
    .map(
      (row) =>
        `${row
          .map((cell, i) => aligned(cell, i, widths))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

function rowsOf(node: ExplainNode, lead = "", indent = ""): Row[] {
  // A selector may be written over lines: here it has one.
  const title = `${lead}${node.title.replace(/\s+/g, " ")}`;
  const { children } = node;
  const rows = children.flatMap((child, i) => {
    const isLast = i === children.length - 1;
    return rowsOf(
      child,
      `${indent}${isLast ? "└─ " : "├─ "}`,
      `${indent}${isLast ? "   " : "│  "}`,
    );
  });
  return [{ title, node }, ...rows];
}

function measurementsOf({ series, samples, selfMs, totalMs }: ExplainNode): string[] {
  return [
    series?.toString() ?? "",
    samples?.toString() ?? "",
    selfMs?.toFixed(3) ?? "",
    totalMs?.toFixed(3) ?? "",
  ];
}

function widthsOf(cells: readonly (readonly string[])[]): number[] {
  return (cells[0] ?? []).map((_, i) =>
    Math.max(
      ...cells
        .map((row) => [...(row[i] ?? "")].length)
        .map((width) => (i === 0 && width > WIDEST_TITLE ? 0 : width)),
    ),
  );
}

/** Words stand on the left of their column, numbers on the right. */
function aligned(cell: string, column: number, widths: readonly number[]): string {
  const padding = " ".repeat(Math.max(0, (widths[column] ?? 0) - [...cell].length));
  return column < 2 ? cell + padding : padding + cell;
}
