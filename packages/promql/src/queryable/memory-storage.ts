import { Labels, type LabelsLike, type Sample } from "@linklight/model";
import { MemoryIndex } from "./memory-index.ts";
import { MemorySeries } from "./memory-series.ts";
import type { Queryable, SelectedSeries, Selection } from "./queryable.ts";

/**
 * A storage in memory, for tests and for programs that have their samples at hand.
 *
 * ```ts
 * const storage = new MemoryStorage();
 * storage.append({ __name__: "up", job: "switch" }, { timestamp: 0, value: 1 });
 * storage.append({ __name__: "up", job: "switch" }, { timestamp: 15_000, value: 0 });
 * ```
 * Samples of a series come in ascending time. Selecting after new series were added sorts them all once.
 */
export class MemoryStorage implements Queryable {
  readonly #series = new Map<string, MemorySeries>();
  #index: MemoryIndex<MemorySeries> | undefined;

  /**
   * Adds a sample: a float (the staleness marker included) or a native histogram, with a start timestamp where
   * it is known. A sample that the series already ends with is left out. Throws AppendError for a timestamp
   * before the last one, or at it with another value.
   */
  append(labels: LabelsLike, sample: Sample): void {
    this.#seriesOf(Labels.from(labels)).append(sample);
  }

  /** Adds samples of one series, which come in ascending time; as {@link MemoryStorage.append} for each. */
  appendAll(labels: LabelsLike, samples: Iterable<Sample>): void {
    const series = this.#seriesOf(Labels.from(labels));
    for (const sample of samples) series.append(sample);
  }

  #seriesOf(labels: Labels): MemorySeries {
    let series = this.#series.get(labels.key);
    if (series === undefined) {
      series = new MemorySeries(labels);
      this.#series.set(labels.key, series);
      this.#index = undefined;
    }
    return series;
  }

  /** Forgets everything; answers given before can still be read. */
  clear(): void {
    this.#series.clear();
    this.#index = undefined;
  }

  select({ matchers, minTime, maxTime }: Selection): SelectedSeries {
    this.#index ??= new MemoryIndex(this.#series.values());
    const series = this.#index
      .select(matchers)
      .filter((one) => one.minTime <= maxTime && one.maxTime >= minTime);
    return { series };
  }
}
