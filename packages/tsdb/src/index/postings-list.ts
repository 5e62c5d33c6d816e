import { EMPTY_POSTINGS, intersectTwo, type Postings } from "./postings.ts";

/** A postings list that need not be read whole: the series of a label pair of a block may be a hundred thousand. */
export interface PostingsList {
  readonly length: number;
  /** All refs. */
  all(): Postings;
  /** The refs of `short` that are in the list. */
  among(short: Postings): Postings;
}

export const NO_POSTINGS: PostingsList = inMemory(EMPTY_POSTINGS);

/** A list that is there as an array. */
export function inMemory(refs: Postings): PostingsList {
  return { length: refs.length, all: () => refs, among: (short) => intersectTwo(short, refs) };
}

/** The refs that are in every list; all of no list is an error of the caller's. */
export function intersectLists(lists: readonly PostingsList[]): Postings {
  // From short to long: the result is never longer than the shortest, and the rest is leapt through.
  const [first, ...others] = [...lists].sort((a, b) => a.length - b.length);
  if (first === undefined) throw new RangeError("intersect: expected at least one list");
  return others.reduce((refs, list) => list.among(refs), first.all());
}
