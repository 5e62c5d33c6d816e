import { performance } from "node:perf_hooks";
import { HistogramFamily } from "../family/histogram-family.ts";
import { CounterFamily } from "../family/number-family.ts";
import { DELAY_BOUNDS, EventLoopDelay } from "./event-loop-delay.ts";
import type { RuntimePart } from "./runtime-part.ts";

/** How late the event loop is, and how its time divides into work and waiting. */
export function eventLoop(resolutionMs: number): RuntimePart {
  const delay = new EventLoopDelay(resolutionMs);
  const delays = new HistogramFamily({
    name: "nodejs_eventloop_delay_seconds",
    help: "How long after its time a timer ran, measured at regular intervals; moments within a stall count each.",
    buckets: DELAY_BOUNDS,
  });
  const time = new CounterFamily({
    name: "nodejs_eventloop_time_seconds_total",
    help: "Time the event loop was active, or idle waiting for events; the rate of the active time is its utilization.",
    labelNames: ["state"],
  });
  const active = time.series({ state: "active" });
  const idle = time.series({ state: "idle" });
  return {
    families: [delays, time],
    update() {
      delays.series({}).set(delay.counts.value);
      const now = performance.eventLoopUtilization();
      active.set(now.active / 1000);
      idle.set(now.idle / 1000);
    },
    stop: () => delay.stop(),
  };
}
