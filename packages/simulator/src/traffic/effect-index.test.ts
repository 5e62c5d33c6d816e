import { describe, expect, it } from "vitest";
import type { Effect } from "../incident/effect.ts";
import { BLOCK_SECONDS } from "./cascade.ts";
import { EffectIndex } from "./effect-index.ts";

const down = (from: number, to: number): Effect => ({ kind: "link-down", link: "a", from, to });

class Source {
  version = 0;
  effects: Effect[] = [];

  until(seconds: number): readonly Effect[] {
    return this.effects.filter(({ from }) => from <= seconds);
  }
}

describe("the index of effects", () => {
  it("says from when on anything may have changed since a revision", () => {
    const source = new Source();
    source.effects = [down(100, 200), down(300, 400), down(350, 360)];
    const index = new EffectIndex(source);
    expect(index.changedSince(-1)).toBe(0);
    index.refresh(100);
    const { revision } = index;
    expect(index.changedSince(revision)).toBe(Infinity);
    index.refresh(1000);
    expect(index.changedSince(revision)).toBe(300);
  });

  it("takes everything for changed when effects that were given out are others", () => {
    const source = new Source();
    source.effects = [down(100, 200)];
    const index = new EffectIndex(source);
    index.refresh(150);
    const { revision } = index;
    source.effects = [down(100, 120)];
    source.version = 1;
    index.refresh(150);
    expect(index.revision).toBeGreaterThan(revision);
    expect(index.changedSince(revision)).toBe(0);
  });

  it("knows the blocks in which traffic is not as it would be", () => {
    const source = new Source();
    source.effects = [
      down(BLOCK_SECONDS - 1, 2 * BLOCK_SECONDS),
      { kind: "fan-failure", switch: "s", fan: 1, from: 3 * BLOCK_SECONDS, to: Infinity },
      down(5 * BLOCK_SECONDS, Infinity),
    ];
    const index = new EffectIndex(source);
    index.refresh(10 * BLOCK_SECONDS);
    expect([0, 1, 2, 3, 4, 5, 9].map((block) => index.touches(block))).toEqual([
      true,
      true,
      false,
      false,
      false,
      true,
      true,
    ]);
  });
});
