import type { ErrorCode } from "yaml";

/**
 * Says in plain words what YAML's syntax forbids at a place. Text of the file is left out: it may be
 * a secret.
 */
export function explainSyntax(code: ErrorCode): string {
  return `not valid YAML: ${WORDS[code] ?? "this is not expected here"}`;
}

const WORDS: Partial<Record<ErrorCode, string>> = {
  BAD_ALIAS: "an alias needs a name after *",
  BAD_DIRECTIVE: "this % directive is not known",
  BAD_DQ_ESCAPE:
    "unknown escape in a double-quoted string; write \\\\ for a backslash, or use single quotes",
  BAD_INDENT: "the indentation does not fit what is around it",
  BAD_SCALAR_START: "a value cannot start with this character; put it in quotes",
  BLOCK_AS_IMPLICIT_KEY: 'a second mapping begins on this line; put a value with ": " in quotes',
  BLOCK_IN_FLOW: "an indented block cannot stand inside [ ] or { }",
  KEY_OVER_1024_CHARS: "a key is longer than 1024 characters",
  MISSING_CHAR:
    'something is missing here: a closing quote or bracket, a comma, or ":" after a key',
  MULTILINE_IMPLICIT_KEY: 'a key must end with ":" on its own line',
  MULTIPLE_ANCHORS: "two anchors on one value",
  MULTIPLE_DOCS: "a second document begins here; only one is allowed in a file",
  MULTIPLE_TAGS: "two tags on one value",
  RESOURCE_EXHAUSTION: "nested too deeply",
  TAB_AS_INDENT: "a tab cannot indent; use spaces",
  TAG_RESOLVE_FAILED: "this tag is not known; put a value that starts with ! in quotes",
};
