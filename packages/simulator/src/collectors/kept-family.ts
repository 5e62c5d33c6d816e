import { CounterFamily, GaugeFamily, InfoFamily, type TableSource } from "@linklight/client";
import type { NumberFamilySource, NumberSource } from "../families/switch-family.ts";
import type { SwitchReading } from "../families/switch-reading.ts";

type FamilyTable = ReturnType<TableSource["table"]>;
type SeriesPart = FamilyTable["parts"][number];
type SeriesList = SeriesPart["series"];

/** Sets of series that are kept of a family in which not all are there: switches of a profile are mostly alike. */
const MOST_PICKS = 64;

/**
 * A native family of numbers whose series are made, and rendered, once: for each reading only numbers are new.
 * Nobody can tell which switch is shown from what is kept, so switches with the same series share it.
 */
export class KeptFamily {
  readonly info: TableSource["info"];
  readonly #isDense: boolean;
  readonly #reads: readonly NumberSource["read"][];
  readonly #lines: SeriesPart["lines"];
  readonly #all: SeriesList;
  /** By the positions of the series that are there; the one used last stands last. */
  readonly #picks = new Map<string, SeriesList>();

  /** `sources` are all series that there ever are. */
  constructor(family: NumberFamilySource, sources: readonly NumberSource[]) {
    const { info, part } = partOf(family, sources);
    this.info = info;
    this.#isDense = family.spread === "dense";
    this.#reads = sources.map(({ read }) => read);
    this.#lines = part.lines;
    this.#all = part.series;
  }

  /** The family in a reading; undefined when none of its series is there. */
  show(reading: SwitchReading): TableSource | undefined {
    const reads = this.#reads;
    const values = new Float64Array(reads.length);
    const shown: number[] = [];
    for (let i = 0; i < reads.length; i++) {
      const value = (reads[i] as NumberSource["read"])(reading);
      if (value === undefined && !this.#isDense) continue;
      values[shown.length] = value ?? Number.NaN;
      shown.push(i);
    }
    const size = shown.length;
    if (size === 0) return undefined;
    const series = size === reads.length ? this.#all : this.#pick(shown);
    const part: SeriesPart = {
      lines: this.#lines,
      series,
      size,
      values: values.subarray(0, size),
    };
    const table: FamilyTable = { ...this.info, parts: [part] };
    return { info: this.info, table: () => table };
  }

  #pick(positions: readonly number[]): SeriesList {
    const key = positions.join();
    const picked = this.#picks.get(key) ?? this.#all.pick(positions);
    this.#picks.delete(key);
    this.#picks.set(key, picked);
    if (this.#picks.size > MOST_PICKS)
      this.#picks.delete(this.#picks.keys().next().value as string);
    return picked;
  }
}

/** The family as the client makes it, of which all but its label sets is dropped. */
function partOf(
  { type, name, help, labelNames }: NumberFamilySource,
  sources: readonly NumberSource[],
): { readonly info: TableSource["info"]; readonly part: SeriesPart } {
  const options = { name, help, labelNames };
  const family =
    type === "info"
      ? new InfoFamily<string>(options)
      : new (type === "counter" ? CounterFamily : GaugeFamily)<string>(options);
  for (const { labels } of sources) {
    if (family instanceof InfoFamily) family.add(labels);
    else family.add(labels, 0);
  }
  return { info: family.info, part: family.table().parts[0] as SeriesPart };
}
