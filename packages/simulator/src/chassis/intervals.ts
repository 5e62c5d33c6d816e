import type { Span } from "../incident/effect.ts";

/** Spans joined where they touch, by their start. */
export function joined(spans: readonly Span[]): readonly Span[] {
  const result: { from: number; to: number }[] = [];
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else result.push({ from, to });
  }
  return result;
}

/** The last of spans, which are joined, that has begun at a moment. */
export function lastBegun(spans: readonly Span[], seconds: number): Span | undefined {
  return spans.findLast(({ from }) => from <= seconds);
}
