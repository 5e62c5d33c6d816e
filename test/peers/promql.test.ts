import process from "node:process";
import type { FeatureFlag } from "@linklight/promql";
import { beforeAll, describe, expect, it } from "vitest";
import { seededRandom } from "../alerts/random.ts";
import { findPeer } from "../harness/peer.ts";
import { temporaryFolder } from "../harness/temporary-folder.ts";
import { undoAfterAll } from "../harness/undo.ts";
import { CORPUS } from "../promql/queries/corpus.ts";
import { QueryGenerator } from "../promql/queries/generate-query.ts";
import { edgeSamples } from "../promql/samples/edge-samples.ts";
import type { SampledSeries } from "../promql/samples/sampled-series.ts";
import { START, switchSamples } from "../promql/samples/switch-samples.ts";
import { askBoth, newTally, type Tally } from "../promql/sides/ask-both.ts";
import { ourSide } from "../promql/sides/our-side.ts";
import { type Question, type Side, startRealSide, storeSeries } from "../promql/sides/real-side.ts";

const version = findPeer("prometheus-3")?.version;
/** How many queries a set of features is asked, and what they are made of. */
const COUNT = Number(process.env["LINKLIGHT_PROMQL_QUERIES"] ?? 1000);
const SEED = Number(process.env["LINKLIGHT_PROMQL_SEED"] ?? 1);

const FEATURES: readonly (readonly FeatureFlag[])[] = [
  [],
  ["promql-experimental-functions", "promql-duration-expr"],
  ["promql-experimental-functions", "promql-delayed-name-removal"],
];

describe.skipIf(version === undefined)(`PromQL beside Prometheus ${version}`, () => {
  const undo = undoAfterAll();
  let samples: SampledSeries[];
  let data: string;

  beforeAll(async () => {
    const folder = temporaryFolder("promql");
    undo(folder.remove);
    samples = [...(await switchSamples(folder.path)), ...edgeSamples()];
    data = await storeSeries(samples, folder.path);
  });

  describe.each(FEATURES.map((features) => ({ features, title: features.join(", ") || "none" })))(
    "with the features: $title",
    ({ features }) => {
      const undoSide = undoAfterAll();
      let real: Side;
      let ours: Side;

      beforeAll(async () => {
        const server = await startRealSide(data, features);
        undoSide(server.stop);
        real = server;
        ours = ourSide(samples, features);
      });

      it("answers the corpus alike, to the last digit", async () => {
        const tally = newTally();
        for (const query of CORPUS)
          for (const chance of [0.3, 0.7])
            for (const question of questionsOf(query, chance))
              await askBoth(question, real, ours, tally);
        expect(tally.differences).toEqual([]);
      });

      it("answers random queries alike, to the last digit", { timeout: 600_000 }, async () => {
        const random = seededRandom(SEED);
        const generator = new QueryGenerator({
          random,
          experimental: features.includes("promql-experimental-functions"),
          computedDurations: features.includes("promql-duration-expr"),
        });
        const tally = newTally();
        for (let i = 0; i < COUNT; i++)
          for (const question of questionsOf(generator.query(), random()))
            await askBoth(question, real, ours, tally);
        report(tally);
        expect(tally.differences).toEqual([]);
        // Otherwise it would prove little.
        expect(tally.asked - tally.refused - tally.empty).toBeGreaterThan(0.6 * tally.asked);
        expect(tally.unstable).toBeLessThan(0.02 * tally.asked);
      });
    },
  );
});

/** A query at one time of the data, and over a part of it; where, is chosen by a number from 0 to 1. */
function questionsOf(query: string, chance: number): Question[] {
  const time = START + Math.floor(chance * 7_500_000) / 1000;
  const start = START + Math.floor(chance * 5_400);
  return [
    { query, time },
    {
      query,
      start,
      end: start + 1200,
      step: [60, 15, 47, 0.5][Math.floor(chance * 4000) % 4] === 0.5 ? 7.5 : 60,
    },
  ];
}

function report({ asked, refused, empty, unstable, known, differences }: Tally): void {
  const counts = [`${refused} refused`, `${empty} empty`, `${unstable} unstable`];
  const reasons = [...known].map(([reason, count]) => `${count} × ${reason}`);
  process.stdout.write(
    `${asked} questions: ${[...counts, ...reasons].join("; ")}; ${differences.length} differences\n`,
  );
}
