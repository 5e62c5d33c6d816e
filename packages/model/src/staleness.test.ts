import { describe, expect, it } from "vitest";
import { isStaleMarker, STALE_MARKER_BITS, writeStaleMarker } from "./staleness.ts";

function fromBits(bits: bigint): Float64Array {
  return new Float64Array(new BigUint64Array([bits]).buffer);
}

describe("the staleness marker", () => {
  it("has Prometheus' bits, written into the middle of an array and of its buffer", () => {
    const memory = new Float64Array([1, 2, 3, 4]);
    const values = memory.subarray(1);
    writeStaleMarker(values, 1);
    expect([...new BigUint64Array(memory.buffer)].map((bits) => bits.toString(16))).toEqual([
      ...[1, 2].map((v) => new BigUint64Array(new Float64Array([v]).buffer)[0]?.toString(16)),
      STALE_MARKER_BITS.toString(16),
      new BigUint64Array(new Float64Array([4]).buffer)[0]?.toString(16),
    ]);
  });

  it("is known again, also after an engine has made it a quiet NaN", () => {
    const values = fromBits(STALE_MARKER_BITS);
    const quiet = fromBits(0x7ff8000000000002n);
    expect([isStaleMarker(values[0] as number), isStaleMarker(quiet[0] as number)]).toEqual([
      true,
      true,
    ]);
  });

  it.each<[string, number]>([
    ["NaN", Number.NaN],
    ["a NaN with another payload", fromBits(0x7ff8000000000003n)[0] as number],
    ["the marker with a sign", fromBits(0xfff0000000000002n)[0] as number],
    ["infinity", Number.POSITIVE_INFINITY],
    ["zero", 0],
    ["the smallest double whose low word is the marker's", 1e-323],
  ])("is not %s", (_, value) => {
    expect(isStaleMarker(value)).toBe(false);
  });
});
