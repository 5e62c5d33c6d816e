import { expect, it } from "vitest";
import { programSize } from "./program-size.ts";

it.each([
  ["", 0],
  ["eth0", 4],
  ["eth[0-9]+", 5],
  ["(a|b)*", 6],
  ["a{3}", 3],
  ["a{2,5}", 5],
  ["a{5,}", 5],
  ["(ab){10}", 40],
  ["((a{10}){10}){10}", 1220],
  ["((a{20}){10}){10}", 0],
  ["((a{500}){0}){3}b", 7],
  ["a{", 2],
  ["\\Qa{1000}\\E", 7],
  ["\\Qabc", 3],
  ["[]a{9}]", 1],
  ["\\pL\\d\\p{Greek}", 67],
  ["[[:alpha:]]", 34],
  ["(ab(c", 7],
  ["ab)c", 4],
])("%s is as large as %d instructions, or so", (source, size) => {
  expect(programSize(source)).toBe(size);
});

it("is linear in the length of the text", () => {
  for (const text of ["(", "a{1000}", "\\Q", "[", "{", "\\p{", "[^\\", "\\"])
    expect(programSize(text.repeat(100_000))).toBeGreaterThanOrEqual(0);
});
