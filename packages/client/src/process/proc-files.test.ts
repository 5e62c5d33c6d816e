import { describe, expect, it } from "vitest";
import { parseMaxFds, parsePageBytes, parseStat } from "./proc-files.ts";

const FIELDS =
  "S 1 2 2 0 -1 4194304 100 0 0 0 7 3 0 0 20 0 11 0 12345 614400000 12000 18446744073709551615 1 1";

describe("parseStat", () => {
  it.each([
    ["a plain command", `42 (node) ${FIELDS}\n`],
    ["a command with blanks", `42 (my node app) ${FIELDS}\n`],
    ["a command with parentheses", `42 (a) S 1 (b)) ${FIELDS}\n`],
    ["a command without a name", `42 () ${FIELDS}\n`],
  ])("reads the sizes behind %s", (_, text) => {
    expect(parseStat(text)).toEqual({ virtualBytes: 614_400_000, residentPages: 12_000 });
  });

  it.each([["", "42 (node) S 1 2", "no stat at all"]])("gives nothing for %j", (text) => {
    expect(parseStat(text)).toBeUndefined();
  });
});

describe("parseMaxFds", () => {
  const limits = (soft: string): string =>
    `Limit                     Soft Limit           Hard Limit           Units     \nMax open files            ${soft}                 1048576              files     \n`;

  it.each([
    ["1024", 1024],
    ["unlimited", Number.POSITIVE_INFINITY],
  ])("reads a soft limit of %s", (soft, expected) => {
    expect(parseMaxFds(limits(soft))).toBe(expected);
  });

  it("gives nothing where there is no such limit", () => {
    expect(parseMaxFds("Max cpu time  unlimited  unlimited  seconds")).toBeUndefined();
  });
});

describe("parsePageBytes", () => {
  it("finds the page size among 64-bit pairs", () => {
    const auxv = Buffer.alloc(48);
    auxv.writeBigUInt64LE(33n, 0);
    auxv.writeBigUInt64LE(6n, 16);
    auxv.writeBigUInt64LE(65_536n, 24);
    expect(parsePageBytes(auxv, 8, true)).toBe(65_536);
  });

  it("finds the page size among 32-bit pairs", () => {
    const auxv = Buffer.alloc(16);
    auxv.writeUInt32BE(6, 0);
    auxv.writeUInt32BE(16_384, 4);
    expect(parsePageBytes(auxv, 4, false)).toBe(16_384);
  });

  it("takes 4096 where the kernel tells none", () => {
    expect(parsePageBytes(Buffer.alloc(32), 8, true)).toBe(4096);
    expect(parsePageBytes(Buffer.alloc(0), 8, true)).toBe(4096);
  });
});
