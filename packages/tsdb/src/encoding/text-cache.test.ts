import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TextCache } from "./text-cache.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

describe("a cache of texts", () => {
  it("gives what decoding gives, for any bytes in any order", () => {
    const text = fc.oneof(
      fc.uint8Array({ maxLength: 4 }),
      fc.constantFrom("é", "e", "\u00e9\u00e9", "instance", "").map((one) => Buffer.from(one)),
      // What a text of one character beyond ASCII, remembered, must not be taken for.
      fc.constantFrom([0xe9], [0xc3, 0xa9], [0xe9, 0xe9]).map((one) => Uint8Array.from(one)),
    );
    fc.assert(
      fc.property(fc.array(text, { maxLength: 200, size: "max" }), (all) => {
        const cache = new TextCache();
        for (const bytes of all) {
          const padded = Buffer.concat([Buffer.from("<"), bytes, Buffer.from(">")]);
          expect(cache.text(padded, 1, 1 + bytes.length)).toBe(decoder.decode(bytes));
        }
      }),
      { seed: 42, numRuns: 300 },
    );
  });
});
