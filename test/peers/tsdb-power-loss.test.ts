import { expect, it } from "vitest";
import { findPeer, type PrometheusRole } from "../harness/peer.ts";
import { cutPower } from "../tsdb/power-loss.ts";
import { dumpDirectory } from "./tsdb-dump.ts";

const ROLES: readonly PrometheusRole[] = ["prometheus-2", "prometheus-3"];
const missing = ROLES.some((role) => findPeer(role) === undefined);
const ROUNDS = 10;
const SEED = 66;
const SLOW = { timeout: 500_000 };

it.skipIf(missing).each(["commit", "segment"] as const)(
  "promtool reads what was there after the power was cut, by walSync %s",
  SLOW,
  async (walSync) => {
    let looks = 0;
    const cuts = await cutPower({
      walSync,
      rounds: ROUNDS,
      seed: SEED,
      look: async (directory, samples) => {
        const role = ROLES[looks++ % ROLES.length] as PrometheusRole;
        expect((await dumpDirectory(role, directory)).length).toBe(samples);
      },
    });
    expect(looks).toBe(cuts);
  },
);
