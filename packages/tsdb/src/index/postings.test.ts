import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { subtract, unite } from "./postings.ts";
import { inMemory, intersectLists } from "./postings-list.ts";

const postings = fc
  .uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 50 })
  .map((refs) => Uint32Array.from(refs.sort((a, b) => a - b)));
const lists = fc.array(postings, { minLength: 1, maxLength: 6 });
const check = (property: fc.IProperty<never> | fc.IProperty<unknown[]>) =>
  fc.assert(property as fc.IProperty<unknown[]>, { seed: 42, numRuns: 500 });

describe("postings", () => {
  it("intersect to the refs that every list has", () => {
    check(
      fc.property(lists, (all) => {
        const expected = [...(all[0] ?? [])].filter((ref) => all.every((one) => one.includes(ref)));
        expect([...intersectLists(all.map(inMemory))]).toEqual(expected);
      }),
    );
  });

  it("unite to the refs that any list has", () => {
    check(
      fc.property(lists, (all) => {
        const expected = [...new Set(all.flatMap((one) => [...one]))].sort((a, b) => a - b);
        expect([...unite(all)]).toEqual(expected);
      }),
    );
  });

  it("subtract to the refs that only the first has", () => {
    check(
      fc.property(postings, postings, (from, without) => {
        expect([...subtract(from, without)]).toEqual([...from].filter((r) => !without.includes(r)));
      }),
    );
  });

  it("are nothing when nothing is united, and refuse an intersection of nothing", () => {
    expect([...unite([])]).toEqual([]);
    expect(() => intersectLists([])).toThrow(RangeError);
  });
});
