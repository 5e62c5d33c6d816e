const HIGH = 0x7ff00000;
const LOW = 0x00000002;

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
// Whichever of the two words holds the sign tells the byte order of the machine.
float[0] = -0;
const high = words[1] === 0x80000000 ? 1 : 0;

/**
 * The bits of the staleness marker, 0x7ff0000000000002: the value that says "this series ended here".
 *
 * It is a NaN, and a signalling one: arithmetic, and a plain array of doubles, turn it into an
 * ordinary NaN (0x7ff8…02). Write it with {@link writeStaleMarker} into typed memory, and test what
 * comes out with {@link isStaleMarker} before computing with it.
 */
export const STALE_MARKER_BITS = 0x7ff0000000000002n;

/** Writes the staleness marker as element `i` of a typed array, bit by bit. */
export function writeStaleMarker(values: Float64Array, i: number): void {
  const view = new DataView(values.buffer, values.byteOffset + 8 * i, 8);
  const little = high === 1;
  view.setUint32(little ? 4 : 0, HIGH, little);
  view.setUint32(little ? 0 : 4, LOW, little);
}

/** Whether a value is the staleness marker, also after an engine has made the NaN a quiet one. */
export function isStaleMarker(value: number): boolean {
  if (!Number.isNaN(value)) return false;
  float[0] = value;
  // 0x80000 is the quiet bit that computing sets.
  return words[1 - high] === LOW && ((words[high] as number) | 0x80000) >>> 0 === (HIGH | 0x80000);
}
