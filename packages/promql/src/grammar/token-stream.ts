import { Lexer } from "../lexer/lexer.ts";
import { describeToken, type TokenKind } from "../lexer/token.ts";
import type { Span } from "../syntax/ast.ts";
import { ParseError } from "../syntax/parse-error.ts";

/** What is thrown inside a parser to unwind it to the nearest construct that can go on after a mistake. */
class Unwinding extends Error {}

const RECOVER = new Unwinding("to the construct that recovers");
const STOP = new Unwinding("to the end: the text is used up");

/** Whether something thrown asks the nearest construct that can recover to do so. */
function isRecovery(thrown: unknown): boolean {
  return thrown === RECOVER;
}

/** Whether something thrown ends the parsing, its mistakes being collected. */
export function isStop(thrown: unknown): boolean {
  return thrown === STOP;
}

/**
 * How deep an expression may be nested. Prometheus has no such limit; here it keeps every walk over the
 * tree well inside the stack (a level costs the parser less than 1 KiB). A chain of operators that leans to the
 * left is one level, since it is gone through in loops.
 */
export const DEEPEST_NESTING = 512;

/**
 * The tokens of a query, one token of look-ahead, and the mistakes found so far.
 *
 * Recovery is that of Prometheus' generated parser, so that not only the first message is the same: a
 * mistake unwinds to the nearest construct with a message of its own, then tokens that do not fit are
 * passed silently; only after three tokens that fit is the next mistake reported.
 */
export class TokenStream {
  readonly text: string;
  readonly errors: ParseError[] = [];
  /** How deep the construct that is being parsed is nested. */
  depth = 0;
  /** Where the last token that was taken ends. */
  lastEnd = 0;

  readonly #lexer: Lexer;
  #kind: TokenKind = "none";
  #loaded = false;
  #ended = false;
  #tokensUntilTrust = 0;
  #looks = 0;

  constructor(text: string) {
    this.text = text;
    this.#lexer = new Lexer(text);
  }

  /** The kind of the next token. It is not read before somebody asks for it. */
  peek(): TokenKind {
    this.#looks++;
    if (!this.#loaded) this.#load();
    return this.#kind;
  }

  /** Where the next token starts, or the last one that was taken while none was asked for since. */
  get start(): number {
    return this.#lexer.start;
  }

  get span(): Span {
    return { start: this.#lexer.start, end: this.#lexer.end };
  }

  /** The token as it is written. */
  get tokenText(): string {
    return this.text.slice(this.#lexer.start, this.#lexer.end);
  }

  /** How often lexer and parser looked at something: what tests hold to be linear in the length of the text. */
  get steps(): number {
    return this.#lexer.steps + this.#looks;
  }

  #load(): void {
    this.#loaded = true;
    if (this.#ended) {
      this.#kind = "none";
      return;
    }
    this.#lexer.next();
    this.#kind = this.#lexer.kind;
    if (this.#kind === "eof") this.#ended = true;
    if (this.#kind !== "error") return;
    this.#ended = true;
    this.#kind = "none";
    this.report(this.#lexer.problem, { start: this.#lexer.start, end: this.text.length });
  }

  /** Takes the next token. */
  take(): void {
    if (!this.#loaded) this.#load();
    this.#loaded = false;
    this.lastEnd = this.#lexer.end;
    if (this.#tokensUntilTrust > 0) this.#tokensUntilTrust--;
  }

  /** Takes the next token if it is of a kind. */
  takeIf(kind: TokenKind): boolean {
    if (this.peek() !== kind) return false;
    this.take();
    return true;
  }

  /** Takes a token that must be of a kind here. */
  expect(kind: TokenKind): void {
    while (!this.takeIf(kind)) this.syntaxError();
  }

  /** Notes a mistake; parsing goes on. */
  report(reason: string, span: Span): void {
    this.errors.push(new ParseError(reason, span, this.text));
  }

  /** Notes that the current token does not belong here: `unexpected <by> in label matching, expected string`. */
  reportUnexpected(context: string, expected: string): void {
    // What the lexer could not read has been reported.
    if (this.#lexer.kind === "error") return;
    let reason = `unexpected ${describeToken(this.#lexer.kind, this.tokenText)}`;
    if (context !== "") reason += ` in ${context}`;
    if (expected !== "") reason += `, expected ${expected}`;
    this.report(reason, this.span);
  }

  /**
   * The next token does not fit, and the construct at hand can recover: true if it is to report a mistake
   * and go on, false if the token was passed because of an earlier one, and the next is to be tried.
   */
  isNewMistake(): boolean {
    if (this.#tokensUntilTrust < 3) {
      this.#tokensUntilTrust = 3;
      return true;
    }
    if (this.peek() === "none") throw STOP;
    this.#loaded = false;
    return false;
  }

  /** The next token does not fit: unwinds to what can recover, or passes the token because of an earlier mistake. */
  syntaxError(): void {
    if (this.isNewMistake()) throw RECOVER;
  }

  /** Goes a level deeper; ends the parsing where it is too deep. */
  enter(): void {
    this.depth++;
    this.checkDepth(this.depth);
  }

  /** Ends the parsing where a depth is more than may be. */
  checkDepth(depth: number): void {
    if (depth <= DEEPEST_NESTING) return;
    this.report(`expression nested too deeply: at most ${DEEPEST_NESTING} levels`, this.span);
    throw STOP;
  }

  /** Runs a construct that recovers from the mistakes inside it by `recover`. */
  recovering<T>(parse: () => T, recover: () => T): T {
    const depth = this.depth;
    try {
      return parse();
    } catch (thrown) {
      if (!isRecovery(thrown)) throw thrown;
      this.depth = depth;
      return recover();
    }
  }
}
