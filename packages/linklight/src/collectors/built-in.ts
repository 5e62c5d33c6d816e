import type { Collector } from "@linklight/client";

/** The collectors that `--collector` knows by name: what runs when it is not given, in the order of the page. */
export const BUILT_IN_COLLECTORS = ["process", "nodejs", "sample", "switch"] as const;

/** The name of a built-in collector. */
export type BuiltInCollector = (typeof BUILT_IN_COLLECTORS)[number];

/** Whether a text is the name of a built-in collector. */
export function isBuiltInCollector(text: string): text is BuiltInCollector {
  return (BUILT_IN_COLLECTORS as readonly string[]).includes(text);
}

/** Makes a built-in collector, anew at each call. `openSwitch` makes that of the simulation that runs. */
export async function builtInCollector(
  name: BuiltInCollector,
  openSwitch: () => Promise<Collector> | Collector,
): Promise<Collector> {
  switch (name) {
    case "process":
      return (await import("@linklight/client")).processCollector();
    case "nodejs":
      return (await import("@linklight/client")).nodejsCollector();
    case "sample":
      return (await import("./sample.ts")).sampleCollector();
    case "switch":
      return openSwitch();
  }
}
