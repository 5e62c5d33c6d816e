import { describe, expect, it } from "vitest";
import { layOut, line, place } from "./layout.ts";
import { text } from "./text.ts";

const panel = text("A", "a");

describe("layOut", () => {
  it("puts rows under each other, and panels side by side until a line is full", () => {
    const rows = [
      { title: "One", panels: [...line(3, panel, panel), place(24, 2, panel)] },
      { title: "Two", panels: line(4, panel) },
    ];
    expect(layOut(rows).map(({ id, gridPos }) => ({ id, ...gridPos }))).toEqual([
      { id: 1, x: 0, y: 0, w: 24, h: 1 },
      { id: 2, x: 0, y: 1, w: 12, h: 3 },
      { id: 3, x: 12, y: 1, w: 12, h: 3 },
      { id: 4, x: 0, y: 4, w: 24, h: 2 },
      { id: 5, x: 0, y: 6, w: 24, h: 1 },
      { id: 6, x: 0, y: 7, w: 24, h: 4 },
    ]);
  });

  it("shares a width that does not divide evenly", () => {
    const widths = (count: number) =>
      line(1, ...Array.from({ length: count }, () => panel)).map(({ width }) => width);
    expect([widths(5), widths(7)]).toEqual([
      [5, 5, 5, 5, 4],
      [4, 4, 4, 3, 3, 3, 3],
    ]);
  });

  it.each([
    ["a line that is too wide", [place(20, 3, panel), place(8, 3, panel)]],
    ["panels of other heights in a line", [place(12, 3, panel), place(12, 4, panel)]],
    ["a line that is not full", [place(12, 3, panel)]],
  ])("refuses %s", (_what, panels) => {
    expect(() => layOut([{ title: "Row", panels }])).toThrow(RangeError);
  });
});
