import type { FamilyTable, Line, SeriesPart } from "@linklight/exposition";
import { isWellFormed, Labels, type MetricFamilyInfo, type MetricType } from "@linklight/model";
import { checkLabelNames, type FamilyOptions, familyInfo } from "./options.ts";
import { type LabelSet, RecentLabelSets } from "./recent-label-sets.ts";
import { type Series, SeriesTable, type TableSource } from "./series-table.ts";

/** The value of a label; numbers are written in their shortest form. */
export type LabelValue = string | number;

/** The labels of one series: all that the family declared, none else. */
export type LabelsOf<L extends string> = [L] extends [never]
  ? Readonly<Record<string, never>>
  : Readonly<Record<L, LabelValue>>;

// Of all families of the program: what they share must be found from any of them.
const recentLabelSets = new RecentLabelSets();

/**
 * A metric family whose series are made once and kept: the base of the instruments and of the families
 * that collectors yield. Subclasses say which lines a series prints and what can be done with it.
 */
export abstract class SeriesFamily<L extends string, S extends Series> implements TableSource {
  readonly info: MetricFamilyInfo;
  readonly labelNames: readonly L[];
  /** Whether names beyond the old character set were allowed. */
  readonly utf8: boolean;
  protected readonly columns: SeriesTable<S>;
  /** Positions in `labelNames` in the order in which a label set is kept. */
  readonly #sorted: readonly number[];
  /** The label names as one text, the same in all families that declare the same ones. */
  readonly #names: string;

  constructor(
    type: MetricType,
    options: FamilyOptions<L>,
    linesOf: (info: MetricFamilyInfo) => readonly Line[],
    make: (table: SeriesTable<Series>, offset: number) => S,
  ) {
    this.info = familyInfo(type, options);
    this.labelNames = [...(options.labelNames ?? [])];
    this.utf8 = options.utf8 ?? false;
    checkLabelNames(this.info, this.labelNames, this.utf8);
    const inOrder = [...Labels.from(this.labelNames.map((name) => [name, "x"] as const))];
    this.#sorted = inOrder.map(([name]) => this.labelNames.indexOf(name as L));
    this.#names = JSON.stringify(this.labelNames);
    this.columns = new SeriesTable(this.info.name, linesOf(this.info), make);
  }

  get name(): string {
    return this.info.name;
  }

  /** How many series the family has. */
  get size(): number {
    return this.columns.size;
  }

  /** Removes the series with these labels; it is no longer exposed, and its handle no longer counts. */
  remove(labels: LabelsOf<L>): boolean {
    return this.columns.remove(this.#key(this.#values(labels)));
  }

  /** Removes all series. */
  clear(): void {
    this.columns.clear();
  }

  table(): FamilyTable {
    return { ...this.info, parts: [this.part()] };
  }

  /** The numbers as they are now; overridden where lines are computed from others. */
  protected part(): SeriesPart {
    return this.columns.snapshot();
  }

  /** The series with these labels, made when it is new. */
  protected at(labels: LabelsOf<L>): S {
    return this.atValues(this.#values(labels));
  }

  /** The series with these label values, in the order of `labelNames`. */
  protected atValues(values: readonly LabelValue[]): S {
    if (values.length !== this.labelNames.length) {
      throw new TypeError(
        `metric ${this.name}: expected ${this.labelNames.length} label values (${this.labelNames.join(", ")}), got ${values.length}`,
      );
    }
    const key = this.#key(values);
    return this.columns.find(key) ?? this.columns.add(this.#labelSet(key, values));
  }

  /** Adds a series that must be new: for families made afresh in each collection. */
  protected addNew(labels: LabelsOf<L>): S {
    const values = this.#values(labels);
    const set = this.#labelSet(this.#key(values), values);
    if (this.columns.find(set.key) !== undefined) {
      throw new TypeError(
        `metric ${this.name}: duplicate series ${set.labels}: make a new family in each collection, or keep the handle that series() returns`,
      );
    }
    return this.columns.add(set);
  }

  #values(labels: LabelsOf<L>): readonly LabelValue[] {
    const names = this.labelNames;
    // Programs without types may leave them out.
    const given: Readonly<Record<string, LabelValue>> = labels ?? {};
    let count = 0;
    for (const _ in given) count++;
    const values = names.map((name) => given[name]);
    if (count !== names.length || values.includes(undefined)) {
      throw new TypeError(
        `metric ${this.name}: expected the labels ${names.length === 0 ? "{}" : names.join(", ")}, got ${count === 0 ? "none" : Object.keys(given).join(", ")}`,
      );
    }
    return values as LabelValue[];
  }

  #key(values: readonly LabelValue[]): string {
    if (values.length === 1) return this.#text(0, values[0]);
    let key = "";
    // A length before each value, so that no two lists of values give the same key.
    for (let i = 0; i < values.length; i++) {
      const text = this.#text(i, values[i]);
      key += `${text.length}:${text}`;
    }
    return key;
  }

  #labelSet(key: string, values: readonly LabelValue[]): LabelSet {
    const found = recentLabelSets.find(this.#names, key);
    if (found !== undefined) return found;
    const made = { key, labels: this.#labels(values) };
    recentLabelSets.add(this.#names, made);
    return made;
  }

  #labels(values: readonly LabelValue[]): Labels {
    const pairs: string[] = [];
    for (const i of this.#sorted) {
      const text = this.#text(i, values[i]);
      if (!isWellFormed(text)) throw this.#notText(i, JSON.stringify(text));
      if (text !== "") pairs.push(this.labelNames[i] as string, text);
    }
    return Labels.fromSortedPairs(pairs);
  }

  #text(i: number, value: LabelValue | undefined): string {
    if (typeof value === "string") return value;
    if (typeof value === "number") return String(value);
    throw this.#notText(i, typeof value);
  }

  #notText(i: number, got: string): TypeError {
    return new TypeError(
      `metric ${this.name}: the value of label "${this.labelNames[i]}" must be a text in valid Unicode, got ${got}`,
    );
  }
}
