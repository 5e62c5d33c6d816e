import { isStaleMarker, writeStaleMarker } from "@linklight/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import { CorruptionError } from "./corruption.ts";

// Also around the numbers at which the encoding takes another byte, or another way.
const nearPowerOf2 = fc
  .tuple(fc.integer({ min: 0, max: 52 }), fc.integer({ min: -2, max: 2 }))
  .map(([power, more]) => Math.abs(2 ** power + more));
const whole = fc.oneof(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), nearPowerOf2);
const signed = fc.oneof(
  fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }),
  nearPowerOf2,
  nearPowerOf2.map((value) => 0 - value),
);

describe("ByteWriter and ByteReader", () => {
  it("refuse what goes beyond their bytes, or beyond whole numbers", () => {
    const eleven = new Uint8Array(11).fill(0xff);
    expect(() => new ByteReader(eleven, "here", 0, 12)).toThrow(
      "here: ends at 12, but there are 11 bytes",
    );
    expect(() => new ByteReader(eleven, "here").uvarint()).toThrow(
      "here: at byte 0: a varint is longer than ten bytes",
    );
    const large = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f);
    expect(() => new ByteReader(large, () => "there").uvarint()).toThrow(/^there: .* is beyond 2/);
    expect(() => new ByteReader(large, "here").varint()).toThrow(
      "here: at byte 8: a varint is beyond 2^53",
    );
    expect(() => new ByteReader(large, "here").string()).toThrow(CorruptionError);
  });

  it("give back whole numbers, floats and strings", () => {
    fc.assert(
      fc.property(whole, signed, fc.double(), fc.string({ unit: "grapheme" }), (u, i, f, s) => {
        const writer = new ByteWriter(4);
        writer.uvarint(u);
        writer.varint(i);
        writer.i64(i);
        writer.f64(f);
        writer.string(s);
        const reader = new ByteReader(writer.bytes(), "test");
        expect([
          reader.uvarint(),
          reader.varint(),
          reader.i64(),
          reader.f64(),
          reader.string(),
        ]).toEqual([u, i, i, f, s]);
        expect(reader.remaining).toBe(0);
      }),
      { seed: 42, numRuns: 500 },
    );
  });

  it("keep the staleness marker, and make every other NaN the one that Prometheus writes", () => {
    const marker = new Float64Array(1);
    writeStaleMarker(marker, 0);
    const writer = new ByteWriter();
    writer.f64(marker[0] as number);
    writer.f64(Number.NaN);
    expect(Buffer.from(writer.bytes()).toString("hex")).toBe("7ff00000000000027ff8000000000001");
    expect(isStaleMarker(new ByteReader(writer.bytes(), "test").f64())).toBe(true);
  });

  it("say where bytes are missing", () => {
    const reader = new ByteReader(new Uint8Array([0x80, 0x80]), "index, symbols");
    expect(() => reader.uvarint()).toThrow(
      new CorruptionError("index, symbols: at byte 2: needs 1 bytes, 0 are left"),
    );
  });

  it("refuse numbers that a double cannot hold", () => {
    const reader = new ByteReader(new Uint8Array(8).fill(0x7f), "index");
    expect(() => reader.i64()).toThrow(CorruptionError);
  });
});
