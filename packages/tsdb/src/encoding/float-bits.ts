import { isStaleMarker } from "@linklight/model";

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);

float[0] = -0;
/** Which of the two 32-bit words of a float in memory holds its sign, on this machine. */
export const HIGH_WORD: 0 | 1 = words[1] === 0x80000000 ? 1 : 0;
export const LOW_WORD: 0 | 1 = HIGH_WORD === 1 ? 0 : 1;

/**
 * The high and low 32 bits of a float as they go to disk, one after the other, both as signed integers.
 *
 * There are two NaNs on disk: the staleness marker, and 0x7ff8000000000001 for every other, as Prometheus
 * writes it; what JavaScript made of a NaN's bits on its way here does not matter.
 */
export function floatBits(value: number, into: Int32Array): void {
  if (Number.isNaN(value)) {
    const stale = isStaleMarker(value);
    into[0] = stale ? 0x7ff00000 : 0x7ff80000;
    into[1] = stale ? 2 : 1;
    return;
  }
  float[0] = value;
  into[0] = words[HIGH_WORD] as number;
  into[1] = words[LOW_WORD] as number;
}

/** The same for an element of a column, of which `columnWords` has the same memory: nothing comes between it and its bits. */
export function floatBitsAt(
  column: Float64Array,
  columnWords: Int32Array,
  i: number,
  into: Int32Array,
): void {
  const high = columnWords[2 * i + HIGH_WORD] as number;
  if ((high & 0x7ff00000) === 0x7ff00000) {
    floatBits(column[i] as number, into);
    return;
  }
  into[0] = high;
  into[1] = columnWords[2 * i + LOW_WORD] as number;
}
