import process from "node:process";
import type { Collector } from "../collector.ts";
import { activeResources } from "./active-resources.ts";
import { eventLoop } from "./event-loop.ts";
import { garbageCollections } from "./garbage-collections.ts";
import { heap } from "./heap.ts";
import { nodeVersion } from "./node-version.ts";
import type { RuntimePart } from "./runtime-part.ts";

/** Options of {@link nodejsCollector}. */
export interface NodejsCollectorOptions {
  /**
   * How often the delay of the event loop is measured, in milliseconds; 100 by default. Each time wakes the
   * process, which costs an idle one 0.15 ms of CPU: by default 0.15 % of a core.
   */
  readonly eventLoopResolutionMs?: number;
}

/** The collector of Node's runtime, and how to end what it observes between two scrapes. */
export interface NodejsCollector extends Collector {
  /** Ends the observation of the event loop and of garbage collections; what they counted stays shown. */
  stop(): void;
  [Symbol.dispose](): void;
}

/**
 * A collector of Node's runtime: version, heap, event loop, garbage collection, and what keeps the program
 * alive. Delays and collections are histograms and counters that only grow, so that several scrapers see the
 * same and a server can compute rates and quantiles over any time.
 *
 * Observation begins when it is made and keeps no program alive. A program that makes several, as tests do,
 * stops those it no longer needs.
 */
export function nodejsCollector(options: NodejsCollectorOptions = {}): NodejsCollector {
  const { eventLoopResolutionMs = 100 } = options;
  if (!(eventLoopResolutionMs >= 1))
    throw new RangeError(
      `nodejsCollector: eventLoopResolutionMs must be at least 1, got ${eventLoopResolutionMs}`,
    );
  const parts: readonly RuntimePart[] = [
    nodeVersion(process.versions.node),
    heap(),
    eventLoop(eventLoopResolutionMs),
    garbageCollections(),
    activeResources(),
  ];
  const stop = (): void => {
    for (const part of parts) part.stop?.();
  };
  return {
    name: "nodejs",
    describe: () => parts.flatMap(({ families }) => families),
    *collect() {
      for (const part of parts) {
        part.update();
        yield* part.families;
      }
    },
    stop,
    [Symbol.dispose]: stop,
  };
}
