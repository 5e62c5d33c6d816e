/**
 * Where samples are decoded to: columns that their owner uses again and again. Element i of each column belongs to
 * sample i; only the first `length` elements count. `promql`'s `SampleColumns` is one.
 */
export interface SampleTarget {
  length: number;
  /** ms, ascending. */
  timestamps: Float64Array;
  /** Floats by their bits, staleness markers among them. */
  values: Float64Array;
  /** Makes room for `count` samples in all, keeping those that are there. May replace both columns. */
  reserve(count: number): void;
}
