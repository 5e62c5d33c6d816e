import process from "node:process";
import type { Collector } from "../collector.ts";
import { CounterFamily, GaugeFamily, type NumberSeries } from "../family/number-family.ts";
import { ProcFiles } from "./proc-files.ts";

/** Options of {@link processCollector}. */
export interface ProcessCollectorOptions {
  /** Where the kernel shows its processes; `/proc` by default. */
  readonly proc?: string;
}

/** A family of one series without labels, and how to read it; undefined when it cannot be known just now. */
interface Reading {
  readonly family: GaugeFamily | CounterFamily;
  readonly series: NumberSeries;
  readonly read: () => number | undefined;
}

/**
 * A collector of what every Prometheus client shows of its own process, with the same names and help texts:
 * memory, start time, CPU time, open files. All is read at the scrape, in some tens of microseconds.
 *
 * Virtual memory and files are known on Linux only; elsewhere their families are left out.
 */
export function processCollector(options: ProcessCollectorOptions = {}): Collector {
  const proc = new ProcFiles(options.proc ?? "/proc");
  let memory: ReturnType<ProcFiles["memory"]>;
  // Of the process, also inside a worker thread; measured once, so that it never changes.
  const startSeconds = Date.now() / 1000 - process.uptime();
  const readings = [
    gauge(
      "process_virtual_memory_bytes",
      "Virtual memory size in bytes.",
      () => memory?.virtualBytes,
    ),
    gauge(
      "process_resident_memory_bytes",
      "Resident memory size in bytes.",
      () => memory?.residentBytes ?? process.memoryUsage.rss(),
    ),
    gauge(
      "process_start_time_seconds",
      "Start time of the process since unix epoch in seconds.",
      () => startSeconds,
    ),
    reading(
      new CounterFamily({
        name: "process_cpu_seconds_total",
        help: "Total user and system CPU time spent in seconds.",
      }),
      cpuSeconds,
    ),
    gauge("process_open_fds", "Number of open file descriptors.", () => proc.openFds()),
    gauge("process_max_fds", "Maximum number of open file descriptors.", () => proc.maxFds()),
  ];
  return {
    name: "process",
    describe: () => readings.map(({ family }) => family),
    *collect() {
      memory = proc.memory();
      for (const { family, series, read } of readings) {
        const value = read();
        if (value === undefined) continue;
        series.set(value);
        yield family;
      }
    },
  };
}

/** By getrusage(2), in microseconds, where `/proc` counts in hundredths of a second. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function gauge(name: string, help: string, read: () => number | undefined): Reading {
  return reading(new GaugeFamily({ name, help }), read);
}

function reading(family: GaugeFamily | CounterFamily, read: () => number | undefined): Reading {
  return { family, series: family.series({}), read };
}
