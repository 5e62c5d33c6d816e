import { RE2JS } from "re2js";
import { refuseLarge } from "./program-size.ts";

/** A compiled regular expression and the names of its groups. */
export interface GroupExpression {
  readonly expression: RE2JS;
  /** Element i is the name of group i + 1, empty where it has none. */
  readonly names: readonly string[];
}

/**
 * Compiles a regular expression as the regexp package of Prometheus does, which differs from re2js in that several
 * groups may have the same name. Throws a SyntaxError in the words of Go for a bad one.
 */
export function groupExpression(source: string, flags = 0): GroupExpression {
  refuseLarge(source);
  refuseBrokenText(source);
  const { pattern, names } = withoutNames(source);
  try {
    return { expression: compile(source, pattern, flags), names };
  } catch (error) {
    throw new SyntaxError(messageOf(source, error), { cause: error });
  }
}

/** Names are taken away only where they are in the way: they are part of what errors quote. */
function compile(source: string, pattern: string, flags: number): RE2JS {
  try {
    return RE2JS.compile(source, flags);
  } catch (error) {
    if (error instanceof Error && error.message.includes("duplicate capture group name"))
      return RE2JS.compile(pattern, flags);
    throw error;
  }
}

/** Go reads patterns as UTF-8 from left to right: what stands for a byte that is none is a mistake where it stands. */
function refuseBrokenText(source: string): void {
  const at = source.search(/\p{Surrogate}/u);
  if (at === -1) return;
  compileUnlessOpen(source.slice(0, at));
  throw new SyntaxError(`error parsing regexp: invalid UTF-8: \`${source.slice(at)}\``);
}

/** Compiles the beginning of a pattern, in which what is missing at its end is no mistake. */
function compileUnlessOpen(source: string): void {
  try {
    RE2JS.compile(source);
  } catch (error) {
    const message = messageOf(source, error);
    if (!/: (?:missing closing|trailing backslash|invalid named capture)/.test(message))
      throw new SyntaxError(message, { cause: error });
  }
}

/** Quotations, escapes and classes, in which nothing opens a group; and what does. */
const TOKENS = /\\Q.*?(?:\\E|$)|\\.|\[\^?\]?(?:[^\]\\]|\\.)*\]|\(\?P?<(\w+)>|(\((?!\?))/gs;

/** A pattern whose groups have no names, and the names that they had. */
function withoutNames(source: string): { readonly pattern: string; readonly names: string[] } {
  const names: string[] = [];
  const pattern = source.replace(TOKENS, (token, name?: string, unnamed?: string) => {
    if (name === undefined && unnamed === undefined) return token;
    names.push(name ?? "");
    return "(";
  });
  return { pattern, names };
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
