import type { Postings } from "./postings.ts";
import type { PostingsList } from "./postings-list.ts";

/** What a part of the database (the head, a block) knows of its series by label: an inverted index. */
export interface IndexSource {
  /** All label names, ascending by UTF-8 bytes. */
  labelNames(): readonly string[];
  /** All values of a label, ascending by UTF-8 bytes; none for a name that no series has. */
  labelValues(name: string): readonly string[];
  /** The series that have this label pair. */
  postings(name: string, value: string): PostingsList;
  /** The series that have this label with one of these values, which ascend. */
  postingsOfValues(name: string, values: readonly string[]): Postings;
  allPostings(): Postings;
}
