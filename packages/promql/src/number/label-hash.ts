import type { Labels } from "@linklight/model";

// The primes of xxHash64.
const P1 = 0x9e3779b185ebca87n;
const P2 = 0xc2b2ae3d27d4eb4fn;
const P3 = 0x165667b19e3779f9n;
const P4 = 0x85ebca77c2b2ae63n;
const P5 = 0x27d4eb2f165667c5n;
const MASK = 0xffffffffffffffffn;

const encoder = new TextEncoder();

/**
 * Prometheus' hash of a label set: xxHash64, with seed 0, of its bytes in memory, which are, for each label in
 * order, name and value in UTF-8, each after its length in bytes:
 *
 * ```
 * length < 255    1 byte
 * otherwise       255, then 3 bytes, little-endian
 * ```
 */
export function hashLabels(labels: Labels): bigint {
  const parts: Uint8Array[] = [];
  for (const [name, value] of labels)
    for (const text of [name, value]) {
      const bytes = encoder.encode(text);
      const { length } = bytes;
      parts.push(
        length < 255
          ? Uint8Array.of(length)
          : Uint8Array.of(255, length & 0xff, (length >> 8) & 0xff, length >> 16),
        bytes,
      );
    }
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return xxHash64(all);
}

/** xxHash64 with seed 0. Source: https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md */
export function xxHash64(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  let hash = P5;
  if (bytes.length >= 32) {
    const lanes: [bigint, bigint, bigint, bigint] = [(P1 + P2) & MASK, P2, 0n, -P1 & MASK];
    for (; at + 32 <= bytes.length; at += 32)
      for (let lane = 0; lane < 4; lane++)
        lanes[lane] = round(lanes[lane] as bigint, view.getBigUint64(at + 8 * lane, true));
    hash =
      rotate(lanes[0], 1n) + rotate(lanes[1], 7n) + rotate(lanes[2], 12n) + rotate(lanes[3], 18n);
    for (const lane of lanes) hash = ((hash ^ round(0n, lane)) * P1 + P4) & MASK;
  }
  hash = (hash + BigInt(bytes.length)) & MASK;
  for (; at + 8 <= bytes.length; at += 8)
    hash = (rotate(hash ^ round(0n, view.getBigUint64(at, true)), 27n) * P1 + P4) & MASK;
  if (at + 4 <= bytes.length) {
    const lane = (BigInt(view.getUint32(at, true)) * P1) & MASK;
    hash = (rotate(hash ^ lane, 23n) * P2 + P3) & MASK;
    at += 4;
  }
  for (; at < bytes.length; at++) {
    const lane = (BigInt(view.getUint8(at)) * P5) & MASK;
    hash = (rotate(hash ^ lane, 11n) * P1) & MASK;
  }
  hash = ((hash ^ (hash >> 33n)) * P2) & MASK;
  hash = ((hash ^ (hash >> 29n)) * P3) & MASK;
  return hash ^ (hash >> 32n);
}

function round(lane: bigint, input: bigint): bigint {
  return (rotate((lane + input * P2) & MASK, 31n) * P1) & MASK;
}

function rotate(value: bigint, bits: bigint): bigint {
  return ((value << bits) | (value >> (64n - bits))) & MASK;
}
