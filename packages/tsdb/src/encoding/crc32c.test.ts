import { describe, expect, it } from "vitest";
import { crc32c } from "./crc32c.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("crc32c", () => {
  // The first from RFC 3720, appendix B.4, the second the check value of the CRC catalogues.
  it.each([
    [new Uint8Array(32), 0x8a9136aa],
    [bytes("123456789"), 0xe3069283],
    [new Uint8Array(0), 0],
  ])("gives the published sum of %j", (input, sum) => {
    expect(crc32c(input)).toBe(sum);
  });

  it("continues a sum, wherever the bytes were cut", () => {
    const text = bytes("a record of a write-ahead log, cut somewhere");
    for (let cut = 0; cut <= text.length; cut++)
      expect(crc32c(text, cut, text.length, crc32c(text, 0, cut))).toBe(crc32c(text));
  });
});
