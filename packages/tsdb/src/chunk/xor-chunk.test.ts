import { isStaleMarker, writeStaleMarker } from "@linklight/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CorruptionError } from "../encoding/corruption.ts";
import type { SampleTarget } from "./sample-target.ts";
import { XorChunk } from "./xor-chunk.ts";
import { decodeXor, SLACK_BYTES } from "./xor-decode.ts";

const stale = new Float64Array(1);
writeStaleMarker(stale, 0);

/** Any whole number of milliseconds that Prometheus may meet, near ones as often as far ones. */
const gap = fc.oneof(
  fc.constant(15_000),
  fc.integer({ min: 1, max: 40_000 }),
  fc.integer({ min: 1, max: 2_000_000 }),
  fc.integer({ min: 1, max: 2 ** 45 }),
);
const value = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(0, -0, 1, Number.NaN, Number.POSITIVE_INFINITY, stale[0] as number),
);
const series = fc.tuple(
  fc.integer({ min: -(2 ** 45), max: 2 ** 45 }),
  fc.array(fc.tuple(gap, value), { minLength: 1, maxLength: 150 }),
);

describe("XorChunk", () => {
  it("gives back every sample it took, bit by bit", () => {
    fc.assert(
      fc.property(series, ([first, steps]) => {
        const chunk = new XorChunk();
        const expected: [number, string][] = [];
        let timestamp = first;
        for (const [step, sample] of steps) {
          chunk.append(timestamp, sample);
          expected.push([timestamp, describeValue(sample)]);
          timestamp += step;
        }
        expect(samplesOf(chunk)).toEqual(expected);
        expect([chunk.count, chunk.minTime]).toEqual([steps.length, first]);
      }),
      { seed: 42, numRuns: 500 },
    );
  });

  it("writes after it was cleared what a new one writes", () => {
    const used = new XorChunk();
    fc.assert(
      fc.property(series, ([first, steps]) => {
        const fresh = new XorChunk();
        used.clear();
        let timestamp = first;
        for (const [step, sample] of steps) {
          for (const chunk of [fresh, used]) chunk.append(timestamp, sample);
          timestamp += step;
        }
        expect(used.bytes()).toEqual(fresh.bytes());
      }),
      { seed: 42, numRuns: 200 },
    );
  });

  it.each([
    ["one sample", [[0, 1]], "0001003ff0000000000000"],
    // 2 bytes of count; 1000 as zigzag varint; 1.0; 15000 as varint; then 0 for the same value, 0 and 0 for the third.
    [
      "equal distances and values",
      [
        [1000, 1],
        [16_000, 1],
        [31_000, 1],
      ],
      "0003d00f3ff00000000000009875" + "00",
    ],
    ["a negative time", [[-1, 0]], "0001010000000000000000"],
  ] as [string, [number, number][], string][])(
    "writes %s as Prometheus does",
    (_, samples, hex) => {
      const chunk = new XorChunk();
      for (const [timestamp, sample] of samples) chunk.append(timestamp, sample);
      expect(Buffer.from(chunk.bytes()).toString("hex")).toBe(hex);
    },
  );

  it("says where its bits end when some are missing, and leaves the target alone", () => {
    const chunk = new XorChunk();
    for (let i = 0; i < 20; i++) chunk.append(i * 15_000 + (i % 3), Math.sqrt(i));
    const whole = chunk.bytes().length;
    for (let length = 0; length < whole; length++) {
      const cut = new Uint8Array(length + SLACK_BYTES);
      cut.set(chunk.bytes().subarray(0, length));
      const into = target();
      expect(() => decodeXor(cut, 0, length, into)).toThrow(CorruptionError);
      expect(into.length).toBe(0);
    }
  });

  it("stops before the first sample that is later than wanted, but for the chunk's first", () => {
    const chunk = new XorChunk();
    for (let i = 0; i < 20; i++) chunk.append(1000 + i * 15_000 + (i % 3), Math.sqrt(i));
    const padded = new Uint8Array(chunk.bytes().length + SLACK_BYTES);
    padded.set(chunk.bytes());
    const decodedUntil = (maxTime: number): number[] => {
      const into = target();
      decodeXor(padded, 0, chunk.bytes().length, into, maxTime);
      return [...into.timestamps.subarray(0, into.length)];
    };
    const all = decodedUntil(Number.POSITIVE_INFINITY);
    expect(all).toHaveLength(20);
    for (const maxTime of [0, 1000, 1001, 31_002, 31_003, 286_000, 286_001, 1e6])
      expect(decodedUntil(maxTime)).toEqual(all.filter((time, i) => i === 0 || time <= maxTime));
  });

  it("that is empty has nothing to decode", () => {
    const into = target();
    decodeXor(new Uint8Array(2 + SLACK_BYTES), 0, 2, into);
    expect(into.length).toBe(0);
  });

  it("says where its bits end after a distance of 64 bits, and after a value that stays", () => {
    for (const [last, cut] of [
      [2 ** 40, 9],
      [2 ** 40, 1],
      [3000, 1],
    ] as const) {
      const chunk = new XorChunk();
      for (const t of [0, 1000, last]) chunk.append(t, 7);
      const bytes = new Uint8Array([...chunk.bytes(), ...new Uint8Array(SLACK_BYTES)]);
      const length = chunk.bytes().length - cut;
      expect(() => decodeXor(bytes, 0, length, target())).toThrow(CorruptionError);
    }
  });

  it("decodes any bytes to samples or to an error, never to anything else", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 0, maxLength: 64 }), (bytes) => {
        const padded = new Uint8Array(bytes.length + SLACK_BYTES);
        padded.set(bytes);
        try {
          decodeXor(padded, 0, bytes.length, target());
        } catch (error) {
          expect(error).toBeInstanceOf(CorruptionError);
        }
      }),
      { seed: 42, numRuns: 2000 },
    );
  });
});

function samplesOf(chunk: XorChunk): [number, string][] {
  const into = target();
  chunk.decode(into);
  return Array.from({ length: into.length }, (_, i) => [
    into.timestamps[i] as number,
    describeValue(into.values[i] as number),
  ]);
}

function describeValue(sample: number): string {
  if (isStaleMarker(sample)) return "stale";
  return Object.is(sample, -0) ? "-0" : String(sample);
}

function target(): SampleTarget {
  const columns = {
    length: 0,
    timestamps: new Float64Array(200),
    values: new Float64Array(200),
    reserve(count: number) {
      if (count <= columns.timestamps.length) return;
      columns.timestamps = new Float64Array(count);
      columns.values = new Float64Array(count);
    },
  };
  return columns;
}
