import type { FamilyTable, SeriesPart } from "@linklight/exposition";
import type { Labels, MetricFamilyInfo } from "@linklight/model";
import { Claims } from "./claims.ts";

/** The parts of one family: those of one owner, or all that are on the page. */
interface Group {
  readonly info: MetricFamilyInfo;
  readonly parts: SeriesPart[];
  /** Where it stands on the page: that of the first owner that has it. */
  place: number;
  unchecked: boolean;
  /** The keys of all series, known only where parts had to be compared. */
  keys: Set<string> | undefined;
}

/** What an {@link Assembly} is told of families it takes. */
export interface AddOptions {
  /** Those that may contain a series twice in themselves; none by default. */
  readonly unchecked?: ReadonlySet<FamilyTable>;
  /** Families stand in the order of these numbers, and among equal ones as they were added; last by default. */
  readonly place?: number;
}

/**
 * Puts the families of many collectors together into one page: families of a name become one block, and
 * nothing that contradicts what is there already gets in.
 */
export class Assembly {
  readonly #families = new Map<string, Group>();
  readonly #claims = new Claims();
  readonly #described: Claims;

  /** `described` are the names claimed at registration, which count before anything is collected. */
  constructor(described: Claims) {
    this.#described = described;
  }

  /**
   * Adds the families of one owner, all or none. Returns what speaks against them, undefined when they
   * were added.
   */
  add(
    owner: string,
    tables: readonly FamilyTable[],
    { unchecked = new Set(), place = Number.POSITIVE_INFINITY }: AddOptions = {},
  ): string | undefined {
    const own = new Claims();
    const groups = new Map<string, Group>();
    for (const table of tables) {
      const problem =
        this.#described.conflict(table, owner) ??
        this.#claims.conflict(table, owner) ??
        own.conflict(table, owner);
      if (problem !== undefined) return problem;
      own.add(table, owner);
      const group = groups.get(table.name) ?? {
        info: infoOf(table),
        parts: [],
        place,
        unchecked: false,
        keys: undefined,
      };
      for (const part of table.parts) group.parts.push(part);
      group.unchecked ||= unchecked.has(table);
      groups.set(table.name, group);
    }
    for (const group of groups.values()) {
      const duplicate = this.#findDuplicate(group);
      if (duplicate !== undefined)
        return `family ${group.info.name}: duplicate series ${duplicate.toString()}`;
    }
    for (const group of groups.values()) this.#commit(owner, group);
    return undefined;
  }

  /** All families added so far, in order. */
  tables(): FamilyTable[] {
    return [...this.#families.values()]
      .sort((a, b) => (a.place < b.place ? -1 : Number(a.place > b.place)))
      .map(({ info, parts }) => ({ ...info, parts }));
  }

  #commit(owner: string, group: Group): void {
    const family = this.#families.get(group.info.name);
    if (family === undefined) {
      this.#families.set(group.info.name, group);
      this.#claims.add(group.info, owner);
    } else {
      for (const part of group.parts) family.parts.push(part);
      family.place = Math.min(family.place, group.place);
      family.keys = group.keys;
    }
  }

  /**
   * The first series that stands twice among the group's and those already there. A single part cannot
   * repeat one, since a family keeps its series by their labels; so keys are made only where parts meet.
   */
  #findDuplicate(group: Group): Labels | undefined {
    const family = this.#families.get(group.info.name);
    if (family === undefined && group.parts.length <= 1 && !group.unchecked) return undefined;
    const keys = new Set(family?.keys);
    if (family !== undefined && family.keys === undefined)
      for (const labels of labelsOf(family.parts)) keys.add(labels.key);
    for (const labels of labelsOf(group.parts)) {
      if (keys.has(labels.key)) return labels;
      keys.add(labels.key);
    }
    group.keys = keys;
    return undefined;
  }
}

function infoOf({ name, type, help, unit }: FamilyTable): MetricFamilyInfo {
  return { name, type, help, unit };
}

function* labelsOf(parts: readonly SeriesPart[]): Generator<Labels> {
  for (const { series, size, commonLabels } of parts) {
    for (let i = 0; i < size; i++) {
      const own = series.labels[i] as Labels;
      yield commonLabels?.merge(own) ?? own;
    }
  }
}
