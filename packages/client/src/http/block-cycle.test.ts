import { describe, expect, it } from "vitest";
import { BlockCycle } from "./block-cycle.ts";

describe("BlockCycle", () => {
  it("gives two blocks of the size, and no third before one came back", () => {
    const cycle = new BlockCycle(100);
    const [a, b, none] = [cycle.take(), cycle.take(), cycle.take()];
    expect([a?.length, b?.length, none]).toEqual([100, 100, undefined]);
    expect(a).not.toBe(b);
    cycle.giveBack(b as Uint8Array);
    expect(cycle.take()).toBe(b);
  });

  it("tells who waits when a block comes back, once", () => {
    const cycle = new BlockCycle(1);
    const [a, b] = [cycle.take() as Uint8Array, cycle.take() as Uint8Array];
    let told = 0;
    cycle.whenFree(() => {
      told += 1;
    });
    expect(told).toBe(0);
    cycle.giveBack(a);
    cycle.giveBack(b);
    expect(told).toBe(1);
  });
});
