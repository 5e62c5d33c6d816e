import { describe, expect, it } from "vitest";
import type { Profile } from "../fabric/fabric.ts";
import { DEFAULT_FABRIC, PROFILES } from "./profiles.ts";

function rowsOf({ ports }: Profile): readonly string[] {
  const kinds = ports.map(
    ({ speed, formFactor, lanes, isUplink }) =>
      `${speed / 1e9}G ${formFactor} x${lanes}${isUplink ? " up" : ""}`,
  );
  return [...new Set(kinds)].map(
    (kind) => `${kinds.filter((each) => each === kind).length} ${kind}`,
  );
}

describe("PROFILES", () => {
  it("has the ports that the names say", () => {
    expect([...PROFILES.values()].map((profile) => [profile.name, ...rowsOf(profile)])).toEqual([
      ["leaf-48x25g-8x100g", "48 25G SFP28 x1", "8 100G QSFP28 x4 up"],
      ["spine-32x100g", "32 100G QSFP28 x4 up"],
      ["campus-48x1g-4x10g", "48 1G RJ45 x0", "4 10G SFP+ x1 up"],
      ["pair", "1 100G QSFP28 x4 up", "1 50G SFP56 x1"],
    ]);
  });

  it("gives the default leaf 32 MB of shared buffer", () => {
    expect(PROFILES.get(DEFAULT_FABRIC)?.bufferBytes).toBe(32 * 2 ** 20);
  });

  it.each([...PROFILES.values()])(
    "numbers the ports of $name from 1, each name once",
    (profile) => {
      expect(profile.ports.map(({ name }) => name)).toEqual(
        profile.ports.map((_, i) => `Ethernet1/${i + 1}`),
      );
    },
  );

  it.each([...PROFILES.values()])(
    "has hardware in $name that the model can work with",
    (profile) => {
      const { bufferBytes, burstBytes, alpha, fans, psus, idleWatts, loadWatts } = profile;
      // A queue must hold some bursts even when all ports are congested.
      const threshold = (alpha * bufferBytes) / (1 + alpha * profile.ports.length);
      expect(threshold).toBeGreaterThan(2 * burstBytes);
      expect(Math.min(fans, psus, idleWatts, loadWatts)).toBeGreaterThan(0);
      expect(profile.ports.length).toBeLessThan(128);
    },
  );
});
