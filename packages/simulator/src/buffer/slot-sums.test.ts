import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BLOCK_SECONDS } from "../traffic/cascade.ts";
import { SlotSums, type SlotTerms } from "./slot-sums.ts";

const SLOT = 1024;
const PER_BLOCK = BLOCK_SECONDS / SLOT;

/** Terms of chosen slots: the place and the value follow from the slot. */
function termsIn(slots: ReadonlySet<number>, looked: number[] = []): SlotTerms {
  return {
    places: 3,
    columns: 2,
    mayAdd: (from, length) =>
      [...slots].some((slot) => from <= slot * SLOT && slot * SLOT < from + length),
    *termsOf(slot) {
      looked.push(slot);
      if (slots.has(slot)) yield [slot % 3, [slot + 1, 1]];
    },
  };
}

function expected(slots: ReadonlySet<number>, before: number): number[] {
  const sums = [0, 0, 0, 0, 0, 0];
  for (const slot of slots) {
    if (slot >= before) continue;
    const at = 2 * (slot % 3);
    sums[at] = (sums[at] as number) + slot + 1;
    sums[at + 1] = (sums[at + 1] as number) + 1;
  }
  return sums;
}

const someSlots = fc
  .array(fc.nat(8 * PER_BLOCK), { maxLength: 40 })
  .map((slots) => new Set(slots) as ReadonlySet<number>);
const asked = fc.array(fc.nat(8 * PER_BLOCK), { minLength: 1, maxLength: 20 });

describe("sums over slots", () => {
  it("are those of all slots before, in whatever order they are asked for", () => {
    fc.assert(
      fc.property(someSlots, asked, (slots, questions) => {
        const sums = new SlotSums(termsIn(slots), SLOT);
        for (const slot of questions) expect([...sums.before(slot)]).toEqual(expected(slots, slot));
      }),
      { seed: 42 },
    );
  });

  it("follow what has changed after a moment, and keep what was before it", () => {
    fc.assert(
      fc.property(
        someSlots,
        someSlots,
        asked,
        fc.nat(8 * PER_BLOCK),
        (now, more, questions, at) => {
          const slots = new Set(now);
          const sums = new SlotSums(termsIn(slots), SLOT);
          for (const slot of questions) sums.before(slot);
          for (const slot of more) if (slot >= at) slots.add(slot);
          sums.forget(at * SLOT);
          const ordered = new Set([...slots].sort((a, b) => a - b));
          for (const slot of questions)
            expect([...sums.before(slot)]).toEqual(expected(ordered, slot));
        },
      ),
      { seed: 42 },
    );
  });

  it("look only at slots to which something may come, and not beyond what is asked for", () => {
    const looked: number[] = [];
    const sums = new SlotSums(termsIn(new Set([3, 200, 201, 300]), looked), SLOT);
    sums.before(201);
    sums.before(201);
    expect(looked).toEqual([3, 200]);
  });
});
