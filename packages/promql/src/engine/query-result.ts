import type { Labels, NativeHistogram, SampleValue } from "@linklight/model";
import type { Annotation } from "../annotations/annotations.ts";

/** What a query yields, with the remarks about it. */
export interface QueryResult {
  readonly value: QueryValue;
  readonly annotations: readonly Annotation[];
  /** Warnings of the storage, without a place in the text. */
  readonly storageWarnings: readonly string[];
  /** The most samples that the query held in memory at a time. */
  readonly peakSamples: number;
}

/** A range query yields a matrix; an instant query any of them. Times are in ms. */
export type QueryValue =
  | { readonly type: "scalar"; readonly timestamp: number; readonly value: number }
  | { readonly type: "string"; readonly timestamp: number; readonly value: string }
  | { readonly type: "vector"; readonly samples: readonly VectorSample[] }
  | { readonly type: "matrix"; readonly series: readonly MatrixSeries[] };

export interface VectorSample {
  readonly labels: Labels;
  readonly timestamp: number;
  readonly value: SampleValue;
}

/**
 * A series of a matrix, in columns of equal length, never empty. Series without gaps share one `timestamps`
 * array, by identity, so that who writes them can prepare each timestamp once.
 */
export interface MatrixSeries {
  readonly labels: Labels;
  readonly timestamps: Float64Array;
  /** NaN where a histogram stands. */
  readonly values: Float64Array;
  /** Only where the series has any. */
  readonly histograms: readonly (NativeHistogram | undefined)[] | undefined;
}
