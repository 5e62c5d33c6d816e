import type { Labels, Matcher } from "@linklight/model";

/**
 * An inverted index of label sets: for each label name and label value the positions of the series that have
 * it. Positions are those in `series`, which is sorted by label set, so every answer is in order, too.
 *
 * ```
 * series     0 up{job="a"}   1 up{job="b"}   2 x{job="a"}
 * postings   __name__  up → 0 1    x → 2
 *            job       a → 0 2     b → 1
 * ```
 */
export class MemoryIndex<S extends { readonly labels: Labels }> {
  readonly series: readonly S[];
  readonly #postings = new Map<string, Map<string, number[]>>();

  constructor(series: Iterable<S>) {
    this.series = [...series].sort((a, b) => a.labels.compare(b.labels));
    for (const [position, { labels }] of this.series.entries())
      for (const [name, value] of labels) this.#add(name, value, position);
  }

  #add(name: string, value: string, position: number): void {
    let byValue = this.#postings.get(name);
    if (byValue === undefined) {
      byValue = new Map();
      this.#postings.set(name, byValue);
    }
    const postings = byValue.get(value);
    if (postings === undefined) byValue.set(value, [position]);
    else postings.push(position);
  }

  /** The series that satisfy all matchers, in order. */
  select(matchers: readonly Matcher[]): S[] {
    // A matcher that the empty value satisfies is also satisfied by series without the label: it cannot
    // be looked up, only excludes.
    const lookUps = matchers.filter((matcher) => !matcher.matches(""));
    const excluding = matchers.filter((matcher) => matcher.matches(""));
    let positions = intersection(lookUps.map((matcher) => this.#positionsOf(matcher)));
    for (const matcher of excluding) {
      const excluded = this.#excludedBy(matcher);
      if (positions === undefined) positions = this.series.map((_, position) => position);
      if (excluded.size > 0) positions = positions.filter((position) => !excluded.has(position));
    }
    return positions === undefined
      ? [...this.series]
      : positions.map((position) => this.series[position] as S);
  }

  /** The positions of series whose label satisfies a matcher, ascending. */
  #positionsOf(matcher: Matcher): readonly number[] {
    const byValue = this.#postings.get(matcher.name);
    if (byValue === undefined) return [];
    const candidates = matcher.operator === "=" ? [matcher.value] : matcher.literals;
    const found: (readonly number[])[] = [];
    for (const value of new Set(candidates ?? byValue.keys())) {
      const postings = byValue.get(value);
      if (postings !== undefined && matcher.matches(value)) found.push(postings);
    }
    // A series has a label once, so the lists share no position.
    return found.length === 1
      ? (found[0] as readonly number[])
      : found.flat().sort((a, b) => a - b);
  }

  #excludedBy(matcher: Matcher): ReadonlySet<number> {
    const excluded = new Set<number>();
    for (const [value, postings] of this.#postings.get(matcher.name) ?? [])
      if (!matcher.matches(value)) for (const position of postings) excluded.add(position);
    return excluded;
  }
}

/** What all lists have in common, ascending; undefined for no lists at all. */
function intersection(lists: readonly (readonly number[])[]): number[] | undefined {
  const [shortest, ...others] = [...lists].sort((a, b) => a.length - b.length);
  if (shortest === undefined) return undefined;
  return others.reduce<number[]>(
    (common, list) => {
      let i = 0;
      return common.filter((position) => {
        while (i < list.length && (list[i] as number) < position) i++;
        return list[i] === position;
      });
    },
    [...shortest],
  );
}
