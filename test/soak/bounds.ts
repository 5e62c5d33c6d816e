import type { SoakDay } from "./soak.ts";

/** Compaction may keep the event loop this long in one go, in time on a processor. */
const MOST_STALL_MS = 10;
/** Once the retention has taken hold, memory and disk may differ this much from what they were then. */
const MOST_GROWTH = 1.3;

/**
 * Which bounds were crossed. Memory and disk are compared with the largest of the days in which the retention fills, and
 * two more, because the largest block is made only then.
 */
export function boundsCrossed(days: readonly SoakDay[], retentionDays: number): string[] {
  const problems: string[] = [];
  const settled = days.slice(0, retentionDays + 2);
  for (const quantity of ["headSeries", "blocks", "diskBytes", "heapBytes", "rssBytes"] as const) {
    const most = Math.max(...settled.map((day) => day[quantity]));
    const crossed = days.find((day) => day[quantity] > MOST_GROWTH * most);
    if (crossed !== undefined)
      problems.push(
        `${quantity} grows: ${crossed[quantity]} on day ${crossed.day}, at most ${most} in the first ${settled.length}`,
      );
  }
  const stalls = days.map(({ turnCpuMs }) => turnCpuMs).sort((a, b) => a - b);
  const median = stalls[Math.floor(stalls.length / 2)] ?? 0;
  if (median > MOST_STALL_MS)
    problems.push(`one turn in a hundred took ${median.toFixed(1)} ms on half of the days`);
  return problems;
}
