import type { ExpositionFormat, FamilyTable } from "@linklight/exposition";

/** The families of one collection, copied: nothing that happens later changes them. */
export interface Gathering {
  readonly families: readonly FamilyTable[];
  /** The names of those families that are instruments, whose start times a format may leave out. */
  readonly instruments: ReadonlySet<string>;
}

/**
 * The families as a format is to show them. OpenMetrics shows start times as series of their own, which
 * not everybody wants: without `createdSeries` those of instruments are left out.
 */
export function familiesFor(
  { families, instruments }: Gathering,
  format: ExpositionFormat,
  createdSeries: boolean,
): readonly FamilyTable[] {
  if (format !== "openmetrics-1.0.0" || createdSeries) return families;
  return families.map((family) =>
    instruments.has(family.name) ? withoutStartTimes(family) : family,
  );
}

function withoutStartTimes(family: FamilyTable): FamilyTable {
  return { ...family, parts: family.parts.map(({ createdTimestamps: _, ...part }) => part) };
}
