import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Budget } from "../eval/budget.ts";
import { goSort } from "./go-sort.ts";

class CountedBudget implements Budget {
  pauses = 0;
  spend(): boolean {
    return true;
  }
  async pause(): Promise<void> {
    this.pauses++;
  }
  hold(): void {}
  release(): void {}
}

async function sorted(
  values: readonly number[],
  less = (a: number, b: number) => a < b,
  budget = new CountedBudget(),
): Promise<number[]> {
  const list = [...values];
  await goSort(
    list.length,
    (a, b) => less(list[a] as number, list[b] as number),
    (a, b) => {
      [list[a], list[b]] = [list[b] as number, list[a] as number];
    },
    budget,
  );
  return list;
}

describe("goSort", () => {
  it("sorts whatever comes", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -20, max: 20 }), { maxLength: 300 }),
        async (values) => {
          expect(await sorted(values)).toEqual([...values].sort((a, b) => a - b));
        },
      ),
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
  ])("sorts a thousand of %s, and pauses", async (_, value) => {
    const values = Array.from({ length: 1000 }, (_, i) => value(i));
    const budget = new CountedBudget();
    expect(await sorted(values, undefined, budget)).toEqual([...values].sort((a, b) => a - b));
    // A look at the budget after some hundred comparisons, of which there is at least one an element.
    expect(budget.pauses).toBeGreaterThanOrEqual(3);
  });

  it("keeps the order of up to twelve equal elements", async () => {
    const keys = [3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2];
    const order = await sorted(
      keys.map((_, i) => i),
      (a, b) => (keys[a] as number) < (keys[b] as number),
    );
    expect(order).toEqual([1, 4, 7, 10, 2, 5, 8, 11, 0, 3, 6, 9]);
  });

  it("ends, however little sense the order makes", async () => {
    const values = Array.from({ length: 500 }, (_, i) => i);
    expect((await sorted(values, () => true)).sort((a, b) => a - b)).toEqual(values);
  });
});
