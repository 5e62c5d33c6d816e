import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { goSort } from "./go-sort.ts";

function sorted(values: readonly number[], less = (a: number, b: number) => a < b): number[] {
  const list = [...values];
  goSort(
    list.length,
    (a, b) => less(list[a] as number, list[b] as number),
    (a, b) => {
      [list[a], list[b]] = [list[b] as number, list[a] as number];
    },
  );
  return list;
}

describe("goSort", () => {
  it("sorts whatever comes", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -20, max: 20 }), { maxLength: 300 }), (values) => {
        expect(sorted(values)).toEqual([...values].sort((a, b) => a - b));
      }),
      { seed: 42 },
    );
  });

  it.each([
    ["ascending", (i: number) => i],
    ["descending", (i: number) => -i],
    ["equal", () => 0],
    ["two runs", (i: number) => i % 500],
    ["a saw", (i: number) => i % 7],
    ["an organ pipe", (i: number) => Math.min(i, 1000 - i)],
    ["nearly sorted", (i: number) => (i % 300 === 5 ? -1 : i)],
  ])("sorts a thousand of %s", (_, value) => {
    const values = Array.from({ length: 1000 }, (_, i) => value(i));
    expect(sorted(values)).toEqual([...values].sort((a, b) => a - b));
  });

  it("keeps the order of up to twelve equal elements", () => {
    const keys = [3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2];
    const order = sorted(
      keys.map((_, i) => i),
      (a, b) => (keys[a] as number) < (keys[b] as number),
    );
    expect(order).toEqual([1, 4, 7, 10, 2, 5, 8, 11, 0, 3, 6, 9]);
  });

  it("ends, however little sense the order makes", () => {
    const values = Array.from({ length: 500 }, (_, i) => i);
    expect(sorted(values, () => true).sort((a, b) => a - b)).toEqual(values);
  });
});
