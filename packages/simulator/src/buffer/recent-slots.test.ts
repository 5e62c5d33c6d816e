import { describe, expect, it } from "vitest";
import { RecentSlots } from "./recent-slots.ts";

/** Slots whose value is ten times their number, and those that were computed, in order. */
function tens(): { readonly slots: RecentSlots<number[]>; readonly computed: number[] } {
  const computed: number[] = [];
  const slots = new RecentSlots<number[]>((slot, spent = []) => {
    computed.push(slot);
    spent[0] = 10 * slot;
    return spent;
  });
  return { slots, computed };
}

describe("RecentSlots", () => {
  it("computes a slot once while it is among the last four", () => {
    const { slots, computed } = tens();
    const asked = [5, 6, 7, 8, 5, 6, 7, 8, 9, 6];
    expect(asked.map((slot) => slots.of(slot)[0])).toEqual(asked.map((slot) => 10 * slot));
    expect(computed).toEqual([5, 6, 7, 8, 9]);
  });

  it("keeps what was asked for last, whenever it was computed", () => {
    const { slots } = tens();
    for (const slot of [1, 2, 3, 4]) slots.of(slot);
    const start = slots.of(1);
    for (const slot of [5, 6, 7]) slots.of(slot);
    expect(start).toEqual([10]);
  });

  it("computes again what was forgotten, and nothing before it", () => {
    const { slots, computed } = tens();
    for (const slot of [1, 2, 3]) slots.of(slot);
    slots.forgetAfter(1);
    for (const slot of [1, 2, 3]) slots.of(slot);
    expect(computed).toEqual([1, 2, 3, 2, 3]);
  });
});
