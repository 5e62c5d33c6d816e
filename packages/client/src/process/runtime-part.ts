import type { TableSource } from "../family/series-table.ts";

/** Some families of Node's runtime: read at the scrape, or counted since the part was made. */
export interface RuntimePart {
  readonly families: readonly TableSource[];
  /** Brings the families up to date. */
  update(): void;
  /** Ends what is observed between scrapes. */
  stop?(): void;
}
