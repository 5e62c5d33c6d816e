/**
 * How many observations a second can a histogram take?
 *
 * Through a kept child with one label, and 1,000 values spread over the default buckets.
 */
import { DEFAULT_BUCKETS, Histogram } from "@linklight/client";
import { rivalPackages } from "./harness/packages.mjs";
import { race, raceTable } from "./harness/race.mjs";

export const question = "How many observations a second can a histogram take?";

const ROUNDS = 100;
const options = { name: "frame_delay_seconds", help: "Delay of frames", labelNames: ["port"] };
// From 1 ms to 10 s, as many in each decade.
const values = Array.from({ length: 1000 }, (_, i) => 10 ** (-3 + (4 * ((i * 619) % 1000)) / 1000));

export async function answer({ quick, print }) {
  const rivals = await rivalPackages(print);
  const buckets = [...DEFAULT_BUCKETS];
  const histograms = [
    ["linklight, 11 buckets", new Histogram({ ...options, buckets })],
    ["linklight, native buckets", new Histogram({ ...options, nativeBuckets: {} })],
    ...rivals.map(([name, client]) => [
      `${name}, 11 buckets`,
      new client.Histogram({ ...options, buckets, registers: [] }),
    ]),
  ];
  const alternatives = histograms.map(([name, histogram]) => {
    const child = histogram.labels({ port: "1" });
    const run = () => {
      for (let round = 0; round < ROUNDS; round++) for (const value of values) child.observe(value);
      return ROUNDS * values.length;
    };
    return { name, run };
  });
  print(`${raceTable(race(alternatives, { quick }), "observation")}\n`);
}
