import { compareUtf8, type Matcher } from "@linklight/model";
import type { IndexSource } from "./index-source.ts";
import { EMPTY_POSTINGS, type Postings, subtract } from "./postings.ts";
import { inMemory, intersectLists, type PostingsList } from "./postings-list.ts";

/**
 * The series that satisfy all matchers; without any matcher, all.
 *
 * An absent label has the empty value. So a matcher that accepts "" cannot be answered by the series that have a
 * fitting value: instead, those with a value that does not fit are taken away. Every matcher sees each
 * distinct value of its label once.
 */
export function selectPostings(source: IndexSource, matchers: readonly Matcher[]): Postings {
  const wanted: PostingsList[] = [];
  const unwanted: Postings[] = [];
  for (const matcher of matchers) {
    if (matcher.matches("")) {
      const refused = refusedBy(source, matcher);
      if (refused.length > 0) unwanted.push(refused);
    } else {
      const accepted = acceptedBy(source, matcher);
      if (accepted.length === 0) return EMPTY_POSTINGS;
      wanted.push(accepted);
    }
  }
  const candidates = wanted.length === 0 ? source.allPostings() : intersectLists(wanted);
  return unwanted.reduce(subtract, candidates);
}

function acceptedBy(source: IndexSource, matcher: Matcher): PostingsList {
  const { name, operator, value, literals } = matcher;
  if (operator === "=") return source.postings(name, value);
  if (literals !== undefined && operator === "=~")
    return literals.length === 1
      ? source.postings(name, literals[0] as string)
      : inMemory(source.postingsOfValues(name, [...literals].sort(compareUtf8)));
  const values = candidates(source, matcher).filter((candidate) => matcher.matches(candidate));
  return inMemory(source.postingsOfValues(name, values));
}

function refusedBy(source: IndexSource, matcher: Matcher): Postings {
  const { name, operator, value } = matcher;
  // `!=` refuses one value, and not the empty one, which no series has.
  if (operator === "!=" && value !== "") return source.postings(name, value).all();
  const values = source.labelValues(name).filter((candidate) => !matcher.matches(candidate));
  return source.postingsOfValues(name, values);
}

/** Values that may match: those with the prefix, which lie side by side, or all. */
function candidates(source: IndexSource, { name, operator, prefix }: Matcher): readonly string[] {
  const values = source.labelValues(name);
  if (prefix === undefined || operator !== "=~") return values;
  return values.filter((value) => value.startsWith(prefix));
}
