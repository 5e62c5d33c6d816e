import { nativeHistogram } from "@linklight/model";
import { expect, it } from "vitest";
import type { LoadCommand } from "../script/command.ts";
import { parseScript } from "../script/parse-script.ts";
import { convertClassicHistograms } from "./custom-buckets.ts";

function convert(...lines: string[]): ReturnType<typeof convertClassicHistograms> {
  const [load] = parseScript(["load_with_nhcb 1m", ...lines].join("\n  ")) as [LoadCommand];
  return convertClassicHistograms(load);
}

it("makes of each classic histogram a native one, value by value", () => {
  const [converted, ...others] = convert(
    'h_bucket{a="1", le="+Inf"} 4 _ 9',
    'h_bucket{a="1", le="5"} 3 _ 5',
    'h_bucket{a="1", le="1.0"} 1 _ 5',
    'h_bucket{a="1", le="none"} 1',
    'h_sum{a="1"} 20 _ 30',
    'h_count{a="1"} 4 _ 9',
    "other 1",
  );
  expect(others).toEqual([]);
  expect(`${converted?.labels}`).toBe('h{a="1"}');
  const shared = { schema: -53, customValues: [1, 5], isFloat: true };
  expect(converted?.samples).toEqual([
    {
      position: 0,
      histogram: nativeHistogram({
        ...shared,
        count: 4,
        sum: 20,
        positiveSpans: [{ offset: 0, length: 3 }],
        positiveBuckets: [1, 2, 1],
      }),
    },
    {
      position: 2,
      histogram: nativeHistogram({
        ...shared,
        count: 9,
        sum: 30,
        positiveSpans: [
          { offset: 0, length: 1 },
          { offset: 1, length: 1 },
        ],
        positiveBuckets: [5, 4],
      }),
    },
  ]);
});

it("counts what the last bucket does where there is no count", () => {
  const [converted] = convert('h_bucket{le="1"} 2', 'h_bucket{le="+Inf"} 3');
  expect(converted?.samples[0]?.histogram).toMatchObject({ count: 3, positiveBuckets: [2, 1] });
});

it("refuses counts that fall from bucket to bucket", () => {
  expect(() => convert('h_bucket{le="1"} 2', 'h_bucket{le="2"} 1')).toThrow(RangeError);
});
