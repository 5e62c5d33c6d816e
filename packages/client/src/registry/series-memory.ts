import type { FamilyTable, SeriesList, SeriesPart } from "@linklight/exposition";
import type { Labels } from "@linklight/model";

/**
 * The series lists of a collector's last collection. Writers keep in a list what they rendered of its
 * series, so a collector that makes the same families afresh each time gets that back, as one that keeps
 * its families does.
 */
export class SeriesMemory {
  #last: ReadonlyMap<string, readonly SeriesList[]> = new Map();

  /** Begins a collection. Once it is complete, what it did not show is forgotten. */
  begin(): { recall(table: FamilyTable): FamilyTable; end(): void } {
    const last = this.#last;
    const next = new Map<string, SeriesList[]>();
    return {
      recall: (table) => {
        // One list a part, in order: a collector may yield several families of one name.
        const lists = next.get(table.name) ?? [];
        next.set(table.name, lists);
        const parts = table.parts.map((part) => {
          const recalled = withList(part, last.get(table.name)?.[lists.length]);
          lists.push(recalled.series);
          return recalled;
        });
        return { ...table, parts };
      },
      end: () => {
        this.#last = next;
      },
    };
  }
}

/** The part, with an earlier list in the place of its own where both begin with the same label sets. */
function withList(part: SeriesPart, earlier: SeriesList | undefined): SeriesPart {
  if (earlier === undefined || earlier === part.series) return part;
  const { series, size } = part;
  if (earlier.labels.length < size) return part;
  for (let i = 0; i < size; i++)
    if (!(earlier.labels[i] as Labels).equals(series.labels[i] as Labels)) return part;
  return { ...part, series: earlier };
}
