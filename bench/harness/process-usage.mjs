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
  return statusMb(pid, /^VmHWM:\s+(\d+) kB$/m);
}

/** The memory that a process has resident now, in megabytes. */
export function rssMb(pid) {
  return statusMb(pid, /^VmRSS:\s+(\d+) kB$/m);
}

function statusMb(pid, line) {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return (Number(line.exec(status)[1]) * 1024) / 1e6;
}
