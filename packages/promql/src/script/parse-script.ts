import type { Command } from "./command.ts";
import { LineScanner } from "./line-scanner.ts";
import { parseEval } from "./parse-eval.ts";
import { parseLoad } from "./parse-load.ts";
import { ScriptError } from "./script-error.ts";

/**
 * Reads a script in Prometheus' test language: its commands in order. A line that begins with `#` is a comment;
 * it ends the command above it, as an empty line does. Queries are not parsed yet.
 *
 * Throws ScriptError when some command cannot be read; its `errors` hold the first mistake of each.
 */
export function parseScript(text: string): readonly Command[] {
  const commands: Command[] = [];
  const errors: ScriptError[] = [];
  for (const block of blocksOf(text)) {
    try {
      commands.push(...parseBlock(block));
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error;
      errors.push(error);
    }
  }
  const [first] = errors;
  if (first === undefined) return commands;
  first.errors = errors;
  throw first;
}

/** Lines that follow each other without an empty line or a comment. */
function blocksOf(text: string): LineScanner[][] {
  const blocks: LineScanner[][] = [];
  let block: LineScanner[] = [];
  for (const [i, line] of text.split("\n").entries()) {
    const scanner = new LineScanner(line, i + 1);
    if (!scanner.isAtEnd && !scanner.sees("#")) {
      block.push(scanner);
    } else if (block.length > 0) {
      blocks.push(block);
      block = [];
    }
  }
  if (block.length > 0) blocks.push(block);
  return blocks;
}

/** block: "clear"* [load | eval] */
function parseBlock(block: readonly LineScanner[]): Command[] {
  const [head, ...lines] = block;
  if (head === undefined) return [];
  const word = /^\S+/.exec(head.rest)?.[0] ?? "";
  if (word === "clear") {
    const { line, rest: text } = head;
    head.require("clear");
    if (!head.isAtEnd) head.failExpecting("the end of the line");
    return [{ kind: "clear", line, text }, ...parseBlock(lines)];
  }
  if (word.startsWith("load")) return [parseLoad(head, lines)];
  if (!word.startsWith("eval"))
    head.failExpecting('"clear", "load" or "eval" (an empty line or a comment ends a command)');
  // These are all that is expected; whatever follows them is a new command.
  const last = lines.findIndex(({ rest }) =>
    /^[+-]?(?:[\d.]|inf|nan)\S*$|^expected_fail_/i.test(rest),
  );
  const end = last === -1 ? lines.length : last + 1;
  return [parseEval(head, lines.slice(0, end)), ...parseBlock(lines.slice(end))];
}
