import { Labels } from "@linklight/model";
import { describe, expect, it } from "vitest";
import { hashLabels, xxHash64 } from "./label-hash.ts";

describe("xxHash64", () => {
  // Well-known values; `limit_ratio` is tested against Prometheus itself, with longer texts.
  it.each([
    ["", 0xef46db3751d8e999n],
    ["a", 0xd24ec4f1a98c6e5bn],
    ["abc", 0x44bc2cf5ad770999n],
  ])("hashes %j", (text, hash) => {
    expect(xxHash64(new TextEncoder().encode(text))).toBe(hash);
  });
});

describe("hashLabels", () => {
  it("tells label sets apart whose texts run together", () => {
    expect(hashLabels(Labels.from({ a: "bc" }))).not.toBe(hashLabels(Labels.from({ ab: "c" })));
  });
});
