import { Lexer } from "yaml";

// Ten times the deepest configuration; far from the depth (about 800) at which the parser's recursion
// exhausts the stack, where Node may abort as a whole instead of throwing.
const DEEPEST = 100;

/**
 * The offset at which collections nest deeper than any configuration does, or undefined. Reads tokens
 * only, in linear time and without recursion, so that it can go before the parser.
 */
export function tooDeepAt(text: string): number | undefined {
  const nesting = new Nesting();
  let offset = 0;
  let column = 0;
  let isScalar = false;
  for (const token of new Lexer().lex(text)) {
    // The lexer's marks are not part of the text: a scalar follows, a document begins, a flow ends.
    if (token === "\u001f") isScalar = true;
    if (token === "\u001f" || token === "\u0002" || token === "\u0018") continue;
    nesting.add(isScalar ? "scalar" : token, column);
    if (nesting.depth > DEEPEST) return offset;
    isScalar = false;
    offset += token.length;
    column += token.length;
    if (token.endsWith("\n")) {
      nesting.endLine();
      column = 0;
    }
  }
  return undefined;
}

// An upper bound of the depth: open brackets, ever larger indentations, and dashes on one line.
class Nesting {
  readonly #indents: number[] = [];
  #flow = 0;
  #inline = 0;
  #isLineStart = true;

  get depth(): number {
    return this.#indents.length + this.#flow + this.#inline;
  }

  add(token: string, column: number): void {
    if (this.#isLineStart && token.trim() !== "") {
      while ((this.#indents.at(-1) ?? -1) >= column) this.#indents.pop();
      this.#indents.push(column);
      this.#isLineStart = false;
    }
    if (token === "[" || token === "{") this.#flow++;
    else if (token === "]" || token === "}") this.#flow = Math.max(0, this.#flow - 1);
    else if (token === "-" || token === "?") this.#inline++;
  }

  endLine(): void {
    this.#isLineStart = true;
    this.#inline = 0;
  }
}
