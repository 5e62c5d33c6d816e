// Loaded with --import into a process that is measured: at its end it says, on file descriptor 3, what it used.
import { writeSync } from "node:fs";
import process from "node:process";

process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const usage = {
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    peakRssMb: (maxRSS * 1024) / 1e6,
  };
  writeSync(3, JSON.stringify(usage));
});
