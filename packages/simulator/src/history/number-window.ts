/** Decimals that numbers of a window may have: all whole, or all tenths and so on down to millionths. */
const SCALES = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000] as const;

/** As many as are sure to be added without rounding. */
const MOST_PLANES = 6;
const RAW_PLANES = 8;

/**
 * How the numbers of a window are written as small whole ones, each of which takes `planes` bytes:
 *
 * ```
 * constant   n = base                                        0 planes
 * offset     n = (base + k) / scale                          gauges
 * delta      n = the last one + step + k, from base on        counters
 * raw        the 8 bytes of a double                         all else, such as a gap among numbers
 * ```
 */
export interface WindowShape {
  readonly kind: "constant" | "offset" | "delta" | "raw";
  readonly planes: number;
  readonly base: number;
  readonly step: number;
  readonly scale: number;
}

/** The shape in which `count` numbers, from a position of `values` on, take the least room; none is rounded. */
export function shapeOf(values: Float64Array, at: number, count: number): WindowShape {
  const base = values[at] as number;
  if (isConstant(values, at, count))
    return { kind: "constant", planes: 0, base, step: 0, scale: 1 };
  const offset = offsetShape(values, at, count);
  // One byte is the least.
  if (offset?.planes === 1) return offset;
  const delta = deltaShape(values, at, count);
  if (offset !== undefined && offset.planes <= (delta?.planes ?? RAW_PLANES)) return offset;
  return delta ?? { kind: "raw", planes: RAW_PLANES, base, step: 0, scale: 1 };
}

function isConstant(values: Float64Array, at: number, count: number): boolean {
  const value = values[at] as number;
  // Not `===`: a gap, which is NaN, is a constant too, and of the two zeros each its own.
  for (let i = 1; i < count; i++) if (!Object.is(values[at + i], value)) return false;
  return true;
}

function offsetShape(values: Float64Array, at: number, count: number): WindowShape | undefined {
  let place = 0;
  for (let i = 0; i < count; i++) {
    const value = values[at + i] as number;
    while (!isWhole(value, SCALES[place] as number))
      if (++place === SCALES.length) return undefined;
  }
  const scale = SCALES[place] as number;
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < count; i++) {
    const value = values[at + i] as number;
    // Those before the scale was found have to be whole at it too: it may round them.
    if (!isWhole(value, scale)) return undefined;
    const whole = Math.round(value * scale);
    if (whole < low) low = whole;
    if (whole > high) high = whole;
  }
  const planes = planesFor(high - low);
  if (planes === undefined) return undefined;
  return { kind: "offset", planes, base: low, step: 0, scale };
}

/** Whether a number is a whole one, divided by this scale, to the last digit. */
function isWhole(value: number, scale: number): boolean {
  const whole = Math.round(value * scale);
  return Number.isSafeInteger(whole) && Object.is(whole / scale, value) && !Object.is(whole, -0);
}

function deltaShape(values: Float64Array, at: number, count: number): WindowShape | undefined {
  let [low, high] = [Infinity, -Infinity];
  const base = values[at] as number;
  let last = base;
  for (let i = 1; i < count; i++) {
    const value = values[at + i] as number;
    const step = value - last;
    // Counters may be above 2^53, where whole numbers are far apart: then it is the differences that are exact.
    if (!Number.isSafeInteger(step) || !Object.is(last + step, value)) return undefined;
    if (step < low) low = step;
    if (step > high) high = step;
    last = value;
  }
  const planes = planesFor(high - low);
  if (planes === undefined) return undefined;
  return { kind: "delta", planes, base, step: low, scale: 1 };
}

/** How many bytes a whole number takes that is at most this; undefined when they are too many. */
function planesFor(most: number): number | undefined {
  let planes = 1;
  for (let room = 256; room <= most; room *= 256) if (++planes > MOST_PLANES) return undefined;
  return planes;
}
