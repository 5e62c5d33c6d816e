import { describe, expect, it } from "vitest";
import { completeOptions, type DbOptions } from "./db-options.ts";

describe("the options of a database", () => {
  it("have Prometheus' defaults, the longest block a tenth of the retention", () => {
    const day = 24 * 3_600_000;
    expect(completeOptions({}).maxBlockDurationMs).toBe(1.5 * day);
    expect(completeOptions({ retentionMs: 0 }).maxBlockDurationMs).toBe(31 * day);
    expect(completeOptions({ retentionMs: Number.POSITIVE_INFINITY }).maxBlockDurationMs).toBe(
      31 * day,
    );
    expect(completeOptions({ retentionMs: 1 }).maxBlockDurationMs).toBe(2 * 3_600_000);
  });

  it.each<[string, unknown]>([
    ["retentionMs", Number.NaN],
    ["retentionMs", -1],
    ["retentionMs", "15d"],
    ["retentionBytes", -5],
    ["cacheBytes", Number.NaN],
    ["minBlockDurationMs", 0],
    ["minBlockDurationMs", 0.5],
    ["minBlockDurationMs", "2h"],
    ["maxBlockDurationMs", Number.NaN],
    ["maxBlockDurationMs", Number.POSITIVE_INFINITY],
    ["maxBlockDurationMs", 1],
    ["walCompression", "zstd"],
    ["walSync", "never"],
  ])("are refused by name where they make no sense: %s %s", (name, value) => {
    const refused = (): unknown => completeOptions({ [name]: value } as DbOptions);
    expect(refused).toThrow(RangeError);
    expect(refused).toThrow(name);
  });
});
