import { getHeapSpaceStatistics, getHeapStatistics } from "node:v8";
import { GaugeFamily } from "../family/number-family.ts";
import type { RuntimePart } from "./runtime-part.ts";

/** What V8 says of its heap, as a whole and by space. */
export function heap(): RuntimePart {
  const whole = wholeHeap();
  const spaces = heapSpaces();
  return {
    families: [...whole.families, ...spaces.families],
    update() {
      whole.update();
      spaces.update();
    },
  };
}

function wholeHeap(): RuntimePart {
  const gauge = (name: string, help: string): GaugeFamily => new GaugeFamily({ name, help });
  const total = gauge("nodejs_heap_size_total_bytes", "Memory that V8 holds for its heap.");
  const used = gauge("nodejs_heap_size_used_bytes", "Memory that objects take in V8's heap.");
  const limit = gauge("nodejs_heap_size_limit_bytes", "Size that V8's heap cannot exceed.");
  const external = gauge(
    "nodejs_external_memory_bytes",
    "Memory outside V8's heap that its objects hold, such as buffers.",
  );
  return {
    families: [total, used, limit, external],
    update() {
      const now = getHeapStatistics();
      total.series({}).set(now.total_heap_size);
      used.series({}).set(now.used_heap_size);
      limit.series({}).set(now.heap_size_limit);
      external.series({}).set(now.external_memory);
    },
  };
}

function heapSpaces(): RuntimePart {
  const gauge = (name: string, help: string): GaugeFamily<"space"> =>
    new GaugeFamily({ name, help, labelNames: ["space"] });
  const total = gauge("nodejs_heap_space_size_total_bytes", "Memory that V8 holds for a space.");
  const used = gauge(
    "nodejs_heap_space_size_used_bytes",
    "Memory that objects take in a space of V8's heap.",
  );
  const available = gauge(
    "nodejs_heap_space_size_available_bytes",
    "Memory that a space of V8's heap has left.",
  );
  return {
    families: [total, used, available],
    update() {
      for (const now of getHeapSpaceStatistics()) {
        // V8 says old_space, prom-client made it old, and dashboards ask for that.
        const labels = { space: now.space_name.replace(/_space$/, "") };
        total.series(labels).set(now.space_size);
        used.series(labels).set(now.space_used_size);
        available.series(labels).set(now.space_available_size);
      }
    },
  };
}
