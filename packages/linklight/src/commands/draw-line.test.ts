import { describe, expect, it } from "vitest";
import { drawLine } from "./draw-line.ts";

const draw = (text: string, line: number, column: number): string =>
  drawLine(new TextEncoder().encode(text), line, column);

describe("drawLine", () => {
  it("marks the column of a line", () => {
    expect(draw("one\ntwo three\nfour", 2, 5)).toBe("\n  two three\n      ^");
    expect(draw("one", 1, 4)).toBe("\n  one\n     ^");
  });

  it("counts columns in bytes and marks characters", () => {
    expect(draw('a{b="ü"} x', 1, 11)).toBe('\n  a{b="ü"} x\n           ^');
  });

  it("cuts a long line around the column", () => {
    const text = `${"a".repeat(200)}!${"b".repeat(200)}`;
    const [, shown, mark] = draw(text, 1, 201).split("\n");
    expect(shown).toBe(`  …${"a".repeat(80)}!${"b".repeat(79)}…`);
    expect(mark).toBe(`${" ".repeat(2 + 81)}^`);
  });

  it("keeps control characters from the terminal", () => {
    expect(draw("a\u001b[2Jb\r", 1, 2)).toBe("\n  a·[2Jb·\n   ^");
  });

  it("draws nothing where there is no line", () => {
    expect([draw("one\n", 2, 1), draw("one", 5, 1)]).toEqual(["", ""]);
  });
});
