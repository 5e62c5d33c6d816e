import { RE2JS } from "re2js";
import { type Glob, matchesGlob } from "./glob.ts";
import { literalPrefix } from "./literal-prefix.ts";
import { PatternCache } from "./pattern-cache.ts";
import { programSize } from "./program-size.ts";
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

/**
 * What is compiled in one go, while everything else waits: at some three microseconds an instruction (re2js 2.10, Node
 * 20) about a tenth of a second. Patterns of dashboards have some hundred; those of many literals are not compiled at all.
 */
const MOST_INSTRUCTIONS = 32_768;

/** Throws a SyntaxError, in Go's words, for a regular expression that takes too long to compile. */
export function refuseLarge(source: string): void {
  if (source.length > MOST_TEXT || programSize(source) > MOST_INSTRUCTIONS)
    throw new SyntaxError(`error parsing regexp: expression too large: \`${source}\``);
}

/** No pattern that can be compiled is longer: a range in a class takes nine characters, `\x{10ffff}-…` twenty-one. */
const MOST_TEXT: number = 32 * MOST_INSTRUCTIONS;

function regularExpression(source: string): Pattern {
  refuseLarge(source);
  const expression = compileRegularExpression(source);
  const prefix = literalPrefix(source);
  if (prefix === "") return { matches: (text) => expression.testExact(text) };
  return { prefix, matches: (text) => text.startsWith(prefix) && expression.testExact(text) };
}

function compileRegularExpression(source: string): RE2JS {
  try {
    return RE2JS.compile(source, RE2JS.DOTALL);
  } catch (error) {
    // Prometheus lets two groups have the same name, as Go once did.
    if (error instanceof Error && error.message.includes("duplicate capture group name"))
      return compileRegularExpression(withoutNames(source));
    throw new SyntaxError(messageOf(source, error), { cause: error });
  }
}

/** A pattern whose groups have no names, which do not matter for matching. */
function withoutNames(source: string): string {
  // Quotations, escapes and classes are passed over: what is in them opens no group.
  const tokens = /\\Q.*?(?:\\E|$)|\\.|\[\^?\]?(?:[^\]\\]|\\.)*\]|(\(\?P?<\w+>)/gs;
  return source.replace(tokens, (token, group) => (group === undefined ? token : "("));
}

const QUOTED_WHOLE = ["expression nests too deeply", "expression too large"];

function messageOf(source: string, error: unknown): string {
  const message = withoutFlags(source, error).message;
  // These two quote nothing in re2js, but the end or the whole of the pattern in Go.
  if (message.endsWith("trailing backslash at end of expression")) return `${message}: \`\``;
  if (QUOTED_WHOLE.some((words) => message.endsWith(words))) return `${message}: \`${source}\``;
  return message;
}

/** The error of a pattern when compiled without flags: with them it may quote a pattern that nobody wrote. */
function withoutFlags(source: string, error: unknown): Error {
  try {
    RE2JS.compile(source);
  } catch (plainError) {
    if (plainError instanceof Error) return plainError;
  }
  return error instanceof Error ? error : new Error(String(error));
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
