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

/** How many numbers lie in each stretch, from that of the least to the one after that of the greatest. */
function histogram(title: string, numbers: readonly number[]): string {
  if (numbers.length === 0) return `\n${title}: N/A\n`;
  const least = numbers.reduce((a, b) => Math.min(a, b));
  const greatest = numbers.reduce((a, b) => Math.max(a, b));
  const average = Math.floor(numbers.reduce((sum, one) => sum + one, 0) / numbers.length);
  const step = stretchOf(least, greatest);
  const start = least - (least % step);
  const end = greatest - (greatest % step) + step;
  const counts = new Array<number>((end - start) / step + 1).fill(0);
  for (const one of numbers) {
    const i = Math.floor((one - start) / step);
    counts[i] = (counts[i] as number) + 1;
  }
  const countWidth = String(Math.max(...counts)).length;
  let text = `\n${title} (min/avg/max): ${least}/${average}/${greatest}\n`;
  for (const [i, count] of counts.entries()) {
    const from = String(start + i * step + 1).padStart(String(end).length);
    const to = String(start + (i + 1) * step).padStart(String(end + step).length);
    const bar = "#".repeat(Math.floor((count / numbers.length) * BAR_WIDTH));
    text += `[${from}, ${to}]: ${String(count).padStart(countWidth)} ${bar}\n`;
  }
  return text;
}

/** A power of ten, so that there are some ten lines; at most 100,000. */
function stretchOf(least: number, greatest: number): number {
  const tenth = Math.floor((greatest - least) / 10);
  let step = 10;
  while (step < tenth && step <= 10_000) step *= 10;
  return step;
}
