import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Pause } from "../turns/pause.ts";
import { GrowingPostings } from "./growing-postings.ts";

describe("postings that grow", () => {
  it("hold what came and did not go, and views of them stay as they are", async () => {
    const portion = fc.record({ count: fc.nat(40), goes: fc.integer({ min: 1, max: 4 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(portion, { maxLength: 8 }), async (portions) => {
        const postings = new GrowingPostings();
        let expected: number[] = [];
        let next = 0;
        for (const { count, goes } of portions) {
          for (let i = 0; i < count; i++) {
            postings.push(next);
            expected.push(next);
            next += 1 + (i % 3);
          }
          const view = postings.view();
          const gone = expected.filter((ref) => ref % goes === 0);
          expect([...view]).toEqual(expected);
          await postings.remove(Uint32Array.from(gone), new Pause());
          expect([...view]).toEqual(expected);
          expected = expected.filter((ref) => ref % goes !== 0);
          expect([[...postings.view()], postings.length]).toEqual([expected, expected.length]);
        }
      }),
      { seed: 42, numRuns: 300 },
    );
  });

  it("keep those that come while others are taken away", async () => {
    const postings = new GrowingPostings();
    const count = 300_000;
    for (let ref = 0; ref < count; ref++) postings.push(ref);
    let clock = 0;
    // Due at every look.
    const pause = new Pause(() => {
      clock += 100;
      return clock;
    });
    const removal = postings.remove(Uint32Array.of(0, 65_536, count - 1), pause);
    postings.push(count);
    await removal;
    const view = postings.view();
    expect(view.length).toBe(count - 2);
    expect([view[0], view[65_535], view.at(-1)]).toEqual([1, 65_537, count]);
  });
});
