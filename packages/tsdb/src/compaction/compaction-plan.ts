import type { BlockMeta } from "../block/block-meta.ts";
import { overlapsOf } from "../block/overlaps.ts";

/** Each range of compaction is this many times the one before. */
const RANGE_FACTOR = 3;
/** A large block of which this part is deleted is written anew. */
const DELETED_PART = 0.05;

/** The ranges of time that blocks grow to, in ms: 2 h, 6 h, 18 h … up to the longest allowed, at least the first. */
export function compactionRanges(minBlockMs: number, maxBlockMs: number): number[] {
  const ranges = [minBlockMs];
  for (let range = minBlockMs * RANGE_FACTOR; range <= maxBlockMs; range *= RANGE_FACTOR)
    ranges.push(range);
  return ranges;
}

/**
 * Which blocks to make one of next, in Prometheus' way: the oldest group that fills a range, or that no
 * new block can join any more. The newest block is left alone, so that it can be part of a larger group.
 * Nothing when there is nothing to do.
 */
export function planCompaction(
  metas: readonly BlockMeta[],
  ranges: readonly number[],
): BlockMeta[] {
  const ordered = [...metas].sort((a, b) => a.minTime - b.minTime);
  const settled = ordered.slice(0, -1);
  // What overlaps is read together, and not merged yet; the others must not wait for it.
  const overlapping = new Set(overlapsOf(ordered).flat());
  return fullRange(settled, ranges, overlapping) ?? mostlyDeleted(settled, ranges) ?? [];
}

function fullRange(
  metas: readonly BlockMeta[],
  ranges: readonly number[],
  overlapping: ReadonlySet<BlockMeta>,
): BlockMeta[] | undefined {
  const newest = metas.at(-1)?.minTime ?? 0;
  for (const range of ranges.slice(1)) {
    for (const group of groupsOf(metas, range)) {
      const minTime = group[0]?.minTime ?? 0;
      const maxTime = group.at(-1)?.maxTime ?? 0;
      const complete = maxTime - minTime === range || maxTime <= newest;
      const failed = group.some(({ compaction }) => compaction.failed === true);
      const overlaps = group.some((meta) => overlapping.has(meta));
      if (complete && !failed && !overlaps && group.length > 1) return group;
    }
  }
  return undefined;
}

/** The blocks of each range of time that lie wholly within it. */
function groupsOf(metas: readonly BlockMeta[], range: number): BlockMeta[][] {
  const groups = new Map<number, BlockMeta[]>();
  for (const meta of metas) {
    const start = Math.floor(meta.minTime / range) * range;
    if (meta.maxTime > start + range) continue;
    const group = groups.get(start);
    if (group === undefined) groups.set(start, [meta]);
    else group.push(meta);
  }
  return [...groups.values()];
}

function mostlyDeleted(
  metas: readonly BlockMeta[],
  ranges: readonly number[],
): BlockMeta[] | undefined {
  const large = ranges[Math.floor(ranges.length / 2)] ?? 0;
  for (const meta of [...metas].reverse()) {
    const { numTombstones = 0, numSeries } = meta.stats;
    if (meta.compaction.failed === true) continue;
    if (meta.maxTime - meta.minTime < large)
      return numTombstones > 0 && numTombstones >= numSeries ? [meta] : undefined;
    if (numTombstones / (numSeries + 1) > DELETED_PART) return [meta];
  }
  return undefined;
}
