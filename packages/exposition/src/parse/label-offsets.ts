/** What the two text formats do differently between braces. */
export interface LabelRules {
  /** Blanks and tabs may stand between the parts. */
  readonly blanks: boolean;
  /** The comma between two labels may be missing. */
  readonly looseCommas: boolean;
  /** A comma may follow the last label. */
  readonly trailingComma: boolean;
  /** A quoted text may hold line feeds. */
  readonly lineFeeds: boolean;
  /** A backslash before any other character than `\\`, `"` and `n` stands for itself. */
  readonly looseEscapes: boolean;
  /** A quoted text alone is the metric name. */
  readonly metricName: boolean;
}

/** Positions of the labels of one label set: name start, name end, value start, value end, and again. */
export class LabelOffsets {
  #offsets: Int32Array = new Int32Array(64);
  /** How many numbers are in use: four a label. */
  length = 0;

  push(nameStart: number, nameEnd: number, valueStart: number, valueEnd: number): void {
    const { length } = this;
    if (length === this.#offsets.length) {
      const grown = new Int32Array(2 * length);
      grown.set(this.#offsets);
      this.#offsets = grown;
    }
    const offsets = this.#offsets;
    offsets[length] = nameStart;
    offsets[length + 1] = nameEnd;
    offsets[length + 2] = valueStart;
    offsets[length + 3] = valueEnd;
    this.length = length + 4;
  }

  at(i: number): number {
    return this.#offsets[i] as number;
  }
}
