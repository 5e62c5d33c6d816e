import { Labels } from "@linklight/model";
import { describe, expect, it } from "vitest";
import { layout } from "./layout.ts";
import { SeriesList } from "./table.ts";

const TEXT = layout("text-0.0.4");

function list(size: number): SeriesList {
  return new SeriesList(Array.from({ length: size }, (_, i) => Labels.from({ port: String(i) })));
}

describe("SeriesList", () => {
  it("gives the same rendering for the same layout and key", () => {
    const series = list(1);
    const rendering = series.rendering(TEXT, "a", 1);
    expect([
      series.rendering(layout("text-0.0.4"), "a", 1) === rendering,
      series.rendering(TEXT, "b", 1) === rendering,
      series.rendering(layout("openmetrics-1.0.0"), "a", 1) === rendering,
    ]).toEqual([true, false, false]);
  });

  it("keeps what was rendered of the series that are picked, as far as it goes", () => {
    const series = list(5);
    // Two prefixes a series, and the last series not yet rendered.
    for (let i = 0; i < 4; i++) series.rendering(TEXT, "a", 2).push(`sum ${i}`, `count ${i}`);
    const picked = series.pick([0, 2, 4]);
    expect(picked.labels.map((labels) => labels.get("port"))).toEqual(["0", "2", "4"]);
    expect(picked.rendering(TEXT, "a", 2)).toEqual(["sum 0", "count 0", "sum 2", "count 2"]);
    expect(series.rendering(TEXT, "a", 2)).toHaveLength(8);
  });
});
