// The second of the two files: what is measured. This collector reads the processors and the memory of the
// machine it runs on. Change it to read what you want to see; `npm start -- --watch --collector
// examples/first-collector/collector.ts` shows every change as soon as it is saved.
import { cpus, freemem, totalmem } from "node:os";
import { type Collector, CounterFamily, GaugeFamily } from "@linklight/client";

// Made once and kept: each series is a place into which a collection puts a number.
const cpuTime = new CounterFamily({
  name: "machine_cpu_seconds_total",
  help: "Time that a processor has spent in each mode",
  labelNames: ["cpu", "mode"],
});
const memory = new GaugeFamily({
  name: "machine_memory_bytes",
  help: "Memory of the machine, by use",
  labelNames: ["use"],
});

const machine: Collector = {
  name: "machine",

  // The families that collect() gives. Asked once, at the start; it must not measure anything.
  describe: () => [cpuTime, memory],

  // Called for every scrape. It may also be async, and wait for a device to answer.
  collect() {
    cpus().forEach(({ times }, cpu) => {
      for (const [mode, milliseconds] of Object.entries(times))
        cpuTime.series({ cpu, mode }).set(milliseconds / 1000);
    });
    memory.series({ use: "free" }).set(freemem());
    memory.series({ use: "used" }).set(totalmem() - freemem());
    return [cpuTime, memory];
  },
};

export default machine;
