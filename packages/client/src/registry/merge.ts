import type { FamilyTable } from "@linklight/exposition";
import { Assembly } from "./assembly.ts";
import { Claims } from "./claims.ts";

/**
 * Puts the pages of several registries on one. A family that contradicts one of an earlier registry, or
 * repeats a series of it, is left out and reported.
 */
export function mergePages(
  pages: readonly (readonly FamilyTable[])[],
  report: (problem: string) => void,
): readonly FamilyTable[] {
  if (pages.length === 1) return pages[0] as readonly FamilyTable[];
  const assembly = new Assembly(new Claims());
  pages.forEach((families, i) => {
    for (const family of families) {
      const problem = assembly.add(`registry ${i + 1}`, [family]);
      if (problem !== undefined) report(`registry ${i + 1}: a family is left out: ${problem}`);
    }
  });
  return assembly.tables();
}
