import type { FamilyTable } from "@linklight/exposition";
import type { Logger } from "@linklight/model";
import { Assembly } from "./assembly.ts";
import { Claims } from "./claims.ts";

/**
 * Puts the pages of several registries on one. A family that contradicts one of an earlier registry, or
 * repeats a series of it, is left out and said in the log.
 */
export function mergePages(
  pages: readonly (readonly FamilyTable[])[],
  logger: Logger | undefined,
): readonly FamilyTable[] {
  if (pages.length === 1) return pages[0] as readonly FamilyTable[];
  const assembly = new Assembly(new Claims());
  pages.forEach((families, i) => {
    for (const family of families) {
      const problem = assembly.add(`registry ${i + 1}`, [family]);
      if (problem !== undefined)
        logger?.error(`registry ${i + 1}: a family is left out: ${problem}`);
    }
  });
  return assembly.tables();
}
