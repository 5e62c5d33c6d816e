import { RE2JS } from "re2js";
import { type Glob, matchesGlob } from "./glob.ts";
import { groupExpression } from "./group-expression.ts";
import { literalPrefix } from "./literal-prefix.ts";
import { PatternCache } from "./pattern-cache.ts";
import { readGlobs } from "./read-globs.ts";

/** A regular expression that has been compiled to match a text as a whole. */
export interface Pattern {
  matches(text: string): boolean;
  /** All texts that match, where they are few. */
  readonly literals?: readonly string[];
  /** What every matching text begins with, where that is known; never empty. */
  readonly prefix?: string;
}

const cache = new PatternCache<Pattern>();

/**
 * Compiles a regular expression in RE2's syntax, or takes it from those compiled lately. Throws a
 * SyntaxError in the words of Go's regexp package for a bad one. A dot matches a new line, too, as in
 * Prometheus 3. Matching takes time linear in the length of the text, whatever the pattern.
 */
export function compilePattern(source: string): Pattern {
  const known = cache.get(source);
  if (known !== undefined) return known;
  const globs = readGlobs(source);
  const pattern = globs === undefined ? regularExpression(source) : globPattern(globs);
  cache.set(source, pattern);
  return pattern;
}

function regularExpression(source: string): Pattern {
  const { expression } = groupExpression(source, RE2JS.DOTALL);
  const prefix = literalPrefix(source);
  if (prefix === "") return { matches: (text) => expression.testExact(text) };
  return { prefix, matches: (text) => text.startsWith(prefix) && expression.testExact(text) };
}

function globPattern(globs: readonly Glob[]): Pattern {
  if (globs.every(({ gaps }) => gaps.length === 0)) {
    const literals = new Set(globs.map((glob) => glob.literals[0] as string));
    return { literals: [...literals], matches: literalTest(literals) };
  }
  const prefix = commonPrefix(globs.map((glob) => glob.literals[0] as string));
  return { ...(prefix === "" ? {} : { prefix }), matches: globTest(globs) };
}

function literalTest(literals: ReadonlySet<string>): (text: string) => boolean {
  if (literals.size > 1) return (text) => literals.has(text);
  const [only] = literals;
  return (text) => text === only;
}

function globTest(globs: readonly Glob[]): (text: string) => boolean {
  if (globs.length > 1) return (text) => globs.some((glob) => matchesGlob(glob, text));
  const glob = globs[0] as Glob;
  const [head, tail] = glob.literals as readonly [string, string];
  if (glob.gaps.length > 1 || head + tail !== "") return (text) => matchesGlob(glob, text);
  return glob.gaps[0] === 0 ? () => true : (text) => text !== "";
}

function commonPrefix(texts: readonly string[]): string {
  return texts.reduce((prefix, text) => {
    let length = 0;
    while (length < prefix.length && prefix[length] === text[length]) length++;
    // Half a surrogate pair is not text that a storage could look for.
    return prefix.slice(0, length).replace(/[\uD800-\uDBFF]$/, "");
  });
}
