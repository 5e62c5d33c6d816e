/** About what a class of Unicode such as `\pL` costs beside a single character: it is hundreds of ranges. */
const UNICODE_CLASS = 32;

/** RE2's limit: repetitions within repetitions count as their product. What is beyond is no regular expression. */
const MOST_REPEATS = 1000;

/** What stands within a pair of parentheses, or is one character. */
interface Part {
  size: number;
  /** How often something in it is repeated at most. */
  readonly repeats: number;
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

/**
 * About how many instructions a regular expression is compiled to, without compiling it: what is repeated counts as
 * often as it may be. 0 for a text that is none since it repeats too often. Takes time linear in the length of the text.
 */
export function programSize(source: string): number {
  // The groups that are open, without what stands last in each: that may yet be repeated.
  const outer: Part[] = [];
  let group: Part = { size: 0, repeats: 1 };
  let last: Part = { size: 0, repeats: 1 };
  for (const [token, quoted, least, most] of source.matchAll(TOKENS)) {
    if (least !== undefined) {
      const times = Math.max(Number(least), Number(most ?? 0));
      last = { size: last.size * times, repeats: times === 0 ? 1 : last.repeats * times };
      if (last.repeats > MOST_REPEATS) return 0;
      continue;
    }
    group = together(group, last);
    last = { size: 0, repeats: 1 };
    if (token === "(") {
      outer.push(group);
      group = { size: 2, repeats: 1 };
    } else if (token === ")" && outer.length > 0) {
      last = group;
      group = outer.pop() as Part;
    } else {
      last.size = quoted === undefined ? sizeOfToken(token) : quoted.length;
    }
  }
  return outer.reduce((sum, { size }) => sum + size, group.size + last.size);
}

function together(a: Part, b: Part): Part {
  return { size: a.size + b.size, repeats: Math.max(a.repeats, b.repeats) };
}

/** Quotations, repetitions with bounds, classes, escapes, any other character. What is not closed ends with the text. */
const TOKENS =
  /\\Q(.*?)(?:\\E|$)|\{(\d+)(?:,(\d*))?\}|\[\^?\]?(?:[^\]\\]|\\.)*(?:\]|\\?$)|\\[pP](?:\{[^}]*(?:\}|$)|.)?|\\.|./gsu;

function sizeOfToken(token: string): number {
  if (token.length === 1) return 1;
  return 1 + UNICODE_CLASS * (token.match(/\\[pP]|\[:\^?\w+:\]/g)?.length ?? 0);
}
