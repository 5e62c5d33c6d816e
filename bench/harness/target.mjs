import { markdownTable, shown } from "./markdown.mjs";

/** Figures beside what was to be reached: rows of what it is, the figure, and the `least` or the `most` it may be. */
export function targetTable(rows) {
  return markdownTable(
    ["", "figure", "target", ""],
    rows.map(({ what, figure, least, most }) => {
      const isMet = least === undefined ? figure <= most : figure >= least;
      const target = least === undefined ? `≤ ${shown(most)}` : `≥ ${shown(least)}`;
      return [what, shown(figure), target, isMet ? "met" : "**missed**"];
    }),
  );
}
