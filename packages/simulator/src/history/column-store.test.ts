import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ColumnStore, WINDOW_SIZE } from "./column-store.ts";
import { shapeOf } from "./number-window.ts";

/** All numbers of a column, read in parts that have nothing to do with its windows. */
function readBack(store: ColumnStore, column: ReturnType<ColumnStore["open"]>, count: number) {
  const numbers = new Float64Array(count);
  for (let first = 0; first < count; first += 300) {
    const size = Math.min(300, count - first);
    store.read(column, { first, count: size }, numbers, { offset: first, stride: 1 });
  }
  return numbers;
}

/** Bit by bit: whatever is NaN, and whichever zero. */
function bits(numbers: Float64Array): BigUint64Array {
  return new BigUint64Array(numbers.buffer, numbers.byteOffset, numbers.length);
}

const gauge = fc.integer({ min: -5000, max: 5000 }).map((n) => n / 100);
const increase = fc.oneof(fc.nat(), fc.nat({ max: 300 }), fc.maxSafeNat());
const gauges = fc.array(gauge, { minLength: 1, maxLength: 3 * WINDOW_SIZE });
const counter = fc
  .tuple(fc.oneof(fc.nat(), fc.constant(1e17)), fc.array(increase, { minLength: 1 }))
  .map(([start, increases]) =>
    increases.map((_, i) => increases.slice(0, i).reduce((a, b) => a + b, start)),
  );
const anything = fc.array(fc.oneof(fc.double(), gauge, fc.constantFrom(0, -0, Number.NaN)), {
  minLength: 1,
});

describe("ColumnStore", () => {
  it("gives back the numbers it was given, to the last bit", () => {
    fc.assert(
      fc.property(fc.oneof(gauges, counter, anything), (numbers) => {
        const values = Float64Array.from(numbers);
        const store = new ColumnStore(2 ** 16);
        const column = store.open(100);
        for (let at = 0; at < values.length; at += WINDOW_SIZE)
          store.append(column, values, at, Math.min(WINDOW_SIZE, values.length - at));
        expect(bits(readBack(store, column, values.length))).toEqual(bits(values));
        store.clear(column);
        expect(store.freeCount).toBe(store.slotCount);
      }),
      { seed: 42, numRuns: 500 },
    );
  });

  it("takes what is free again, in whatever order it became free", () => {
    const store = new ColumnStore(24 * WINDOW_SIZE);
    const values = Float64Array.from({ length: WINDOW_SIZE }, (_, i) => 1 / (i + 1));
    const columns = [store.open(100), store.open(100), store.open(100)] as const;
    for (const column of columns) expect(store.append(column, values, 0, WINDOW_SIZE)).toBe(true);
    expect(store.append(store.open(100), values, 0, WINDOW_SIZE)).toBe(false);
    store.clear(columns[1]);
    expect(store.append(columns[0], values, 0, WINDOW_SIZE)).toBe(true);
    expect(bits(readBack(store, columns[0], WINDOW_SIZE))).toEqual(bits(values));
    expect(bits(readBack(store, columns[2], WINDOW_SIZE))).toEqual(bits(values));
    expect(store.freeCount).toBe(0);
  });
});

describe("the shape of a window", () => {
  it.each([
    ["constant", 0, () => 7],
    ["constant", 0, () => Number.NaN],
    ["offset", 1, (i: number) => (i % 200) / 100],
    ["offset", 2, (i: number) => 40 + (i % 300) / 1000],
    ["delta", 1, (i: number) => 1e17 + i * 64_000],
    ["delta", 4, (i: number) => i * 1e9 + (i % 2) * 3e8],
    ["raw", 8, (i: number) => Math.sqrt(i)],
    ["raw", 8, (i: number) => (i === 100 ? Number.NaN : i)],
  ] as const)("is %s, of %d bytes a number", (kind, planes, numberAt) => {
    const values = Float64Array.from({ length: WINDOW_SIZE }, (_, i) => numberAt(i));
    expect(shapeOf(values, 0, WINDOW_SIZE)).toMatchObject({ kind, planes });
  });
});
