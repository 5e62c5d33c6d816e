import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PagedTable } from "./paged-table.ts";

describe("a paged table", () => {
  it("has what a Map has, whatever the keys", () => {
    const key = fc.oneof(
      fc.nat(2000),
      fc.integer({ min: 2 ** 31 - 300, max: 2 ** 32 + 300 }),
      fc.integer({ min: Number.MAX_SAFE_INTEGER - 300, max: Number.MAX_SAFE_INTEGER }),
    );
    const action = fc.tuple(fc.constantFrom("set", "set", "delete", "get"), key);
    fc.assert(
      fc.property(fc.array(action, { maxLength: 500, size: "max" }), (actions) => {
        const table = new PagedTable<string>();
        const model = new Map<number, string>();
        for (const [i, [kind, one]] of actions.entries()) {
          if (kind === "set") {
            table.set(one, `${i}`);
            model.set(one, `${i}`);
          } else if (kind === "delete") {
            table.delete(one);
            model.delete(one);
          }
          expect([table.get(one), table.has(one)]).toEqual([model.get(one), model.has(one)]);
        }
        expect(table.size).toBe(model.size);
        expect([...table.values()].sort()).toEqual([...model.values()].sort());
      }),
      { seed: 42, numRuns: 200 },
    );
  });

  it("gives its pages back, and goes on while some are deleted", () => {
    const table = new PagedTable<number>();
    for (let i = 0; i < 10_000; i++) table.set(i, i);
    let seen = 0;
    for (const value of table.values()) {
      seen++;
      table.delete(value);
    }
    expect([seen, table.size, table.pageCount]).toEqual([10_000, 0, 0]);
    expect(table.get(1)).toBe(undefined);
  });
});
