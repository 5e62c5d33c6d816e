import process from "node:process";
import { GaugeFamily } from "../family/number-family.ts";
import type { RuntimePart } from "./runtime-part.ts";

/**
 * What keeps the event loop alive just now: timers, sockets, requests under way. A type that was seen once
 * stays, at 0, so that its graph has no gaps.
 */
export function activeResources(): RuntimePart {
  const family = new GaugeFamily({
    name: "nodejs_active_resources",
    help: "Number of handles, requests and timers that keep the event loop alive, by type.",
    labelNames: ["type"],
  });
  const seen = new Set<string>();
  return {
    families: [family],
    update() {
      const counts = new Map([...seen].map((type) => [type, 0]));
      for (const type of process.getActiveResourcesInfo())
        counts.set(type, (counts.get(type) ?? 0) + 1);
      for (const [type, count] of counts) {
        seen.add(type);
        family.series({ type }).set(count);
      }
    },
  };
}
