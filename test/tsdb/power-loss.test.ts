import { expect, it } from "vitest";
import { cutPower } from "./power-loss.ts";

/** The peer tests cut it more often, and let promtool look. */
const ROUNDS = 4;
const SEED = 6;
const SLOW = { timeout: 240_000 };

it.each(["commit", "segment"] as const)(
  "what was on the disk by walSync %s is there after the power was cut",
  SLOW,
  async (walSync) => {
    expect(await cutPower({ walSync, rounds: ROUNDS, seed: SEED })).toBeGreaterThan(ROUNDS);
  },
);
