import { readdirSync, readFileSync } from "node:fs";

/**
 * The time that all threads of a process have spent on a processor so far, the kernel's work for them
 * included, in milliseconds. Linux counts it in nanoseconds for each thread.
 */
export function cpuMs(pid) {
  let nanoseconds = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    nanoseconds += Number(
      readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8").split(" ")[0],
    );
  }
  return nanoseconds / 1e6;
}

/** The most memory that a process has had resident so far, in megabytes. */
export function peakRssMb(pid) {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return (Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)[1]) * 1024) / 1e6;
}
