import { createHash } from "node:crypto";
import { Registry } from "@linklight/client";
import { describe, expect, it } from "vitest";
import { fabricOf } from "../fabric/fabric-argument.ts";
import type { Detail } from "../families/switch-family.ts";
import { Life } from "../life/life.ts";
import { PROFILES } from "../profile/profiles.ts";
import { simulate } from "../simulate.ts";
import { SwitchCollectors } from "./switch-collector.ts";

const DAY = 86_400;

/** Right after the start, in the middle of a slot on an afternoon, and on a night ten months later. */
const MOMENTS = [100, 3 * DAY + 50_407.25, 304 * DAY + 7200];

/** The first digits of the SHA-256 of each page of a fabric in which things fail by themselves. */
async function hashes(argument: string, detail: Detail): Promise<string[]> {
  const fabric = fabricOf(argument);
  let now = 0;
  const collectors = new SwitchCollectors({
    simulation: simulate(fabric, new Life({ fabric, rates: "frequent" })),
    clock: { speed: 1, seconds: () => now },
    version: "0",
    detail,
  });
  const lines: string[] = [];
  for (const node of fabric.switches) {
    const registry = new Registry().register(collectors.ofSwitch(node));
    for (now of MOMENTS) {
      const page = await registry.text();
      // How long it took is none of the model's.
      const own = page.slice(0, page.indexOf("# HELP linklight_collector_"));
      const hash = createHash("sha256").update(own).digest("hex").slice(0, 24);
      lines.push(`${argument} ${node.name} ${detail} at ${now} s: ${hash}`);
    }
  }
  return lines;
}

/**
 * The bytes of pages, on every version of Node that tests run on. When this fails on one of them only, something
 * depends on the machine, such as Math.pow or the order of a sort. When it fails on all, the model gives other
 * numbers than it did: histories written before do not go on with what is scraped now. Where that is meant, tell it
 * in CHANGELOG.md and run `npx vitest run -u packages/simulator/src/collectors/page-bytes.test.ts`.
 */
describe("the bytes of a page", () => {
  it("are the same on every machine and every version of Node", async () => {
    const lines: string[] = [];
    for (const argument of [...PROFILES.keys(), "leaf-spine:2x1"]) {
      for (const detail of ["normal", "full"] as const)
        lines.push(...(await hashes(argument, detail)));
    }
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("./page-bytes.test.txt");
  }, 60_000);
});
