import type { BlockMeta } from "./block-meta.ts";

/** Blocks that reach into each other's time: groups in which each overlaps another, of blocks ascending by time. */
export function overlapsOf(ordered: readonly BlockMeta[]): BlockMeta[][] {
  const groups: BlockMeta[][] = [];
  let group: BlockMeta[] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const meta of ordered) {
    if (meta.minTime >= end) {
      groups.push(group);
      group = [];
    }
    group.push(meta);
    end = Math.max(end, meta.maxTime);
  }
  groups.push(group);
  return groups.filter(({ length }) => length > 1);
}
