import { compareUtf8 } from "./utf8-order.ts";

/** The label that holds the metric name. */
export const METRIC_NAME = "__name__";

/** What {@link Labels.from} takes: a record, or pairs of label name and label value in any order. */
export type LabelsLike =
  | Labels
  | Readonly<Record<string, string>>
  | Iterable<readonly [string, string]>;

/**
 * A label set: immutable, sorted by label name in UTF-8 byte order, each name once.
 *
 * A label with an empty value is the same as no label, as everywhere in Prometheus, and is left out.
 * Two label sets are equal when their {@link Labels.key} is; look-up is linear, since sets are small.
 */
export class Labels implements Iterable<readonly [string, string]> {
  /** The empty label set. */
  static readonly EMPTY: Labels = new Labels([]);

  /** Name, value, name, value … sorted by name. */
  readonly #pairs: readonly string[];
  #key: string | undefined;

  private constructor(pairs: readonly string[]) {
    this.#pairs = pairs;
  }

  /** Makes a label set. Throws TypeError when a name occurs twice, or when a name or value is no text. */
  static from(labels: LabelsLike): Labels {
    if (labels instanceof Labels) return labels;
    const entries = isIterable(labels) ? [...labels] : Object.entries(labels);
    for (const [name, value] of entries) {
      // Programs without types would otherwise learn of it only where the set is written.
      if (typeof name !== "string" || typeof value !== "string")
        throw new TypeError(
          `label ${JSON.stringify(name)} must have a text as value, got ${typeof value}`,
        );
    }
    entries.sort((a, b) => compareUtf8(a[0], b[0]));
    const pairs: string[] = [];
    let previous: string | undefined;
    for (const [name, value] of entries) {
      if (name === previous)
        throw new TypeError(`label name "${name}" occurs twice in a label set`);
      previous = name;
      if (value !== "") pairs.push(name, value);
    }
    return pairs.length === 0 ? Labels.EMPTY : new Labels(pairs);
  }

  /**
   * Makes a label set from name, value, name, value … that the caller knows to be sorted, without
   * repeated names and without empty values. Takes ownership of the array.
   */
  static fromSortedPairs(pairs: readonly string[]): Labels {
    return pairs.length === 0 ? Labels.EMPTY : new Labels(pairs);
  }

  get size(): number {
    return this.#pairs.length / 2;
  }

  /** The i-th label name in order. */
  nameAt(i: number): string {
    return this.#pairs[2 * i] as string;
  }

  /** The value of the i-th label in order of names. */
  valueAt(i: number): string {
    return this.#pairs[2 * i + 1] as string;
  }

  /** The value of a label; the empty string when it is absent. */
  get(name: string): string {
    for (let i = 0; i < this.#pairs.length; i += 2) {
      if (this.#pairs[i] === name) return this.#pairs[i + 1] as string;
    }
    return "";
  }

  has(name: string): boolean {
    return this.get(name) !== "";
  }

  /** The set with one label set to a value; the empty value removes it. */
  with(name: string, value: string): Labels {
    return Labels.from([...[...this].filter((pair) => pair[0] !== name), [name, value]]);
  }

  /** The set without the named labels. */
  without(...names: readonly string[]): Labels {
    return labelsWhere(this, names, false);
  }

  /** The set with these labels only. */
  keep(...names: readonly string[]): Labels {
    return labelsWhere(this, names, true);
  }

  /** Both sets in one; where both have a label, `other` wins. */
  merge(other: LabelsLike): Labels {
    return Labels.from(new Map([...this, ...Labels.from(other)]));
  }

  /** A string that two label sets share exactly when they are equal: for keys of a Map. */
  get key(): string {
    // A length before each part, so that no choice of names and values can be read in two ways.
    if (this.#key === undefined) {
      let key = "";
      for (const part of this.#pairs) key += `${part.length}:${part}`;
      this.#key = key;
    }
    return this.#key;
  }

  equals(other: Labels): boolean {
    if (this === other) return true;
    if (this.#pairs.length !== other.#pairs.length) return false;
    for (let i = 0; i < this.#pairs.length; i++)
      if (this.#pairs[i] !== other.#pairs[i]) return false;
    return true;
  }

  /** Prometheus' order of series: name by name, value by value, in UTF-8 bytes; then the shorter set. */
  compare(other: Labels): number {
    const length = Math.min(this.#pairs.length, other.#pairs.length);
    for (let i = 0; i < length; i++) {
      const order = compareUtf8(this.#pairs[i] as string, other.#pairs[i] as string);
      if (order !== 0) return order;
    }
    return this.#pairs.length - other.#pairs.length;
  }

  *[Symbol.iterator](): IterableIterator<readonly [string, string]> {
    for (let i = 0; i < this.#pairs.length; i += 2) {
      yield [this.#pairs[i] as string, this.#pairs[i + 1] as string];
    }
  }

  toJSON(): Record<string, string> {
    return Object.fromEntries(this);
  }

  /** As Prometheus prints a series: `name{a="b"}`; UTF-8 names in quotes. */
  toString(): string {
    const metric = this.get(METRIC_NAME);
    const legacyMetric = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(metric);
    const parts: string[] = metric !== "" && !legacyMetric ? [quote(metric)] : [];
    for (const [name, value] of this) {
      if (name === METRIC_NAME) continue;
      parts.push(`${/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) ? name : quote(name)}=${quote(value)}`);
    }
    const prefix = legacyMetric ? metric : "";
    return parts.length === 0 && prefix !== "" ? prefix : `${prefix}{${parts.join(", ")}}`;
  }
}

// A function, not a private method: TypeScript 7.0 breaks `static` members that refer to a class which has one.
function labelsWhere(labels: Labels, names: readonly string[], areKept: boolean): Labels {
  const { size } = labels;
  const pairs: string[] = [];
  for (let i = 0; i < size; i++) {
    const name = labels.nameAt(i);
    if (names.includes(name) === areKept) pairs.push(name, labels.valueAt(i));
  }
  return pairs.length === 2 * size ? labels : Labels.fromSortedPairs(pairs);
}

function isIterable(labels: LabelsLike): labels is Iterable<readonly [string, string]> {
  return typeof (labels as Partial<Iterable<unknown>>)[Symbol.iterator] === "function";
}

function quote(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}
