import { apiErrorOf, Engine, type FeatureFlag, writeError, writeResult } from "@linklight/promql";
import { MemoryStorage } from "@linklight/promql/memory";
import type { SampledSeries } from "../samples/sampled-series.ts";
import type { Side } from "./real-side.ts";

/** Our engine over the series in memory, answering as Prometheus' API does. */
export function ourSide(series: readonly SampledSeries[], features: readonly FeatureFlag[]): Side {
  const storage = new MemoryStorage();
  for (const { labels, timestamps, values } of series)
    storage.appendAll(labels, samplesOf(timestamps, values));
  const engine = new Engine({ features });
  return {
    ask: async (question) => {
      const { query } = question;
      try {
        const result =
          "time" in question
            ? await engine.instant(storage, { query, timeMs: question.time * 1000 })
            : await engine.range(storage, {
                query,
                startMs: question.start * 1000,
                endMs: question.end * 1000,
                stepMs: question.step * 1000,
              });
        return Buffer.concat([...writeResult(result, query)]).toString();
      } catch (error) {
        // What Prometheus never says, and so a difference that is noted.
        const bug = { errorType: "internal", error: String(error) } as const;
        return writeError(apiErrorOf(error) ?? bug);
      }
    },
  };
}

function* samplesOf(
  timestamps: Float64Array,
  values: Float64Array,
): Generator<{ timestamp: number; value: number }> {
  for (let i = 0; i < timestamps.length; i++)
    yield { timestamp: timestamps[i] as number, value: values[i] as number };
}
