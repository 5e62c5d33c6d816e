import type { Block } from "@linklight/tsdb";

const XOR = 1;
/** All chunks together. */
const BAR_WIDTH = 100;

/** How many samples and bytes the chunks of a block have, as promtool draws it. */
export function chunkStatistics(block: Block): string {
  const samples: number[] = [];
  const bytes: number[] = [];
  for (const { chunks } of block.seriesOf([])) {
    for (const { ref } of chunks) {
      const { encoding, bytes: data, start, end } = block.stretch(ref);
      if (encoding !== XOR) continue;
      samples.push(((data[start] as number) << 8) | (data[start + 1] as number));
      bytes.push(end - start);
    }
  }
  const floats = [
    histogram("samples per float chunk", samples),
    histogram("bytes per float chunk", bytes),
  ];
  // Chunks of native histograms are not read, and promtool has three lines for them.
  const histograms = ["samples", "bytes", "buckets"].map(
    (what) => `\n${what} per histogram chunk: N/A\n`,
  );
  return `${[...floats, ...histograms].join("")}\n`;
}

/** Ten numbers a line, from the least to the greatest. */
function histogram(title: string, numbers: readonly number[]): string {
  if (numbers.length === 0) return `\n${title}: N/A\n`;
  const least = numbers.reduce((a, b) => Math.min(a, b));
  const greatest = numbers.reduce((a, b) => Math.max(a, b));
  const average = Math.round(numbers.reduce((sum, one) => sum + one, 0) / numbers.length);
  const lines = new Map<number, number>();
  for (const one of numbers)
    lines.set(Math.floor(one / 10), (lines.get(Math.floor(one / 10)) ?? 0) + 1);
  const width = String(Math.max(...lines.values())).length;
  let text = `\n${title} (min/avg/max): ${least}/${average}/${greatest}\n`;
  for (let line = Math.floor(least / 10); line <= Math.floor(greatest / 10) + 1; line++) {
    const count = lines.get(line) ?? 0;
    const bar = "#".repeat(Math.floor((count / numbers.length) * BAR_WIDTH));
    text += `[${line * 10 + 1}, ${(line + 1) * 10}]: ${String(count).padStart(width)} ${bar}\n`;
  }
  return text;
}
