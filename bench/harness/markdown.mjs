/** A table in Markdown: the first column as it is, the others to the right. */
export function markdownTable(header, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |\n`;
  const rule = header.map((_, column) => (column === 0 ? "---" : "---:"));
  return line(header) + line(rule) + rows.map(line).join("");
}

/** Three digits at most behind which nobody can look: 0.123, 1.23, 12.3, 123, 1,234. */
export function shown(number) {
  if (number === undefined || Number.isNaN(number)) return "–";
  if (number >= 100) return Math.round(number).toLocaleString("en");
  return number.toFixed(number >= 10 ? 1 : 2);
}

/** How many times as much as something else. */
export function times(ratio) {
  return Number.isFinite(ratio) ? `${shown(ratio)}×` : "–";
}
