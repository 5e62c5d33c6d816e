import { goQuote, goQuoteCharacter } from "./go-quote.ts";
import { scanDuration, scanNumber } from "./scan-number.ts";
import { isBroken, readEscape } from "./scan-string.ts";
import { type Sign, type TokenKind, WORDS } from "./token.ts";

const SPACE = 1;
const ALPHA = 2;
const DIGIT = 4;

/** The class of each ASCII character. */
const CLASSES = new Uint8Array(128);
for (const space of " \t\n\r") CLASSES[space.charCodeAt(0)] = SPACE;
for (const alpha of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
  CLASSES[alpha.charCodeAt(0)] = ALPHA;
for (const digit of "0123456789") CLASSES[digit.charCodeAt(0)] = DIGIT;

const COLON = 0x3a;

const DURATION_WORDS: ReadonlySet<string> = new Set(["step", "range", "min_of", "max_of"]);
const CALL_ONLY: ReadonlySet<string> = new Set(["fill", "fill_left", "fill_right"]);

// The kinds of the words that are looked up: the language's, and two that are numbers.
const KINDS = new Map<string, TokenKind>(
  (Object.keys(WORDS) as TokenKind[]).map((word) => [word, word]),
);
KINDS.set("inf", "number");
KINDS.set("nan", "number");

/**
 * Cuts the text of a query into tokens. What a character means depends on where it stands: inside braces
 * words are label names; inside brackets only numbers, durations and the four duration functions are
 * words, and a colon is a sign of its own.
 *
 * `next` sets `kind`, `start` and `end`; after an `error`, whose message is in `problem`, nothing follows.
 */
export class Lexer {
  kind: TokenKind = "none";
  start = 0;
  end = 0;
  problem = "";
  /** How many characters and tokens were looked at: what tests hold to be linear in the length of the text. */
  steps = 0;

  readonly #text: string;
  #position = 0;
  #parenDepth = 0;
  #braceOpen = false;
  #bracketOpen = false;
  /** Since the bracket opened, only signs and words came: no number or duration yet. */
  #durationExpected = false;
  #gotColon = false;
  #gotDuration = false;

  constructor(text: string) {
    this.#text = text;
  }

  next(): void {
    this.steps++;
    this.#skip();
    this.start = this.#position;
    if (this.#braceOpen) this.#insideBraces();
    else if (this.#durationExpected) this.#insideBrackets();
    else this.#statement();
  }

  #class(position: number): number {
    const code = this.#text.charCodeAt(position);
    return code < 128 ? (CLASSES[code] as number) : 0;
  }

  /** Passes spaces and comments; directly after a bracket a comment is no comment. */
  #skip(): void {
    const text = this.#text;
    for (;;) {
      const before = this.#position;
      while (this.#class(this.#position) === SPACE) this.#position++;
      if (text[this.#position] === "#" && !this.#durationExpected) {
        while (this.#position < text.length && !/[\r\n]/.test(text[this.#position] as string))
          this.#position++;
      }
      this.steps += this.#position - before;
      if (this.#position === before) return;
    }
  }

  #emit(kind: TokenKind, end: number): void {
    this.kind = kind;
    this.end = end;
    this.steps += end - this.#position;
    this.#position = end;
  }

  #fail(problem: string): void {
    this.kind = "error";
    this.problem = problem;
    this.end = this.#text.length;
  }

  /** The character at a position, whole even where it takes two code units; undefined at the end. */
  #character(position: number): string | undefined {
    const codePoint = this.#text.codePointAt(position);
    return codePoint === undefined ? undefined : String.fromCodePoint(codePoint);
  }

  #statement(): void {
    const text = this.#text;
    const start = this.start;
    const character = text[start];
    const kind = this.#class(start);
    if (character === undefined) this.#endOfText();
    else if (kind === DIGIT || (character === "." && this.#class(start + 1) === DIGIT))
      this.#number();
    else if (kind === ALPHA || character === ":") this.#word();
    else if (character === '"' || character === "'") this.#quoted(character);
    else if (character === "`") this.#raw();
    else this.#sign(character);
  }

  #endOfText(): void {
    if (this.#parenDepth !== 0) this.#fail("unclosed left parenthesis");
    else if (this.#bracketOpen) this.#fail("unclosed left bracket");
    else this.#emit("eof", this.start);
  }

  #sign(character: string): void {
    const next = this.#text[this.start + 1];
    switch (character) {
      case "=":
        if (next === "~") this.#fail(`unexpected character after '=': ${goQuoteCharacter(next)}`);
        else this.#emitSign(next === "=" ? "==" : "=");
        return;
      case "!":
        if (next === "=") this.#emitSign("!=");
        else
          this.#fail(
            `unexpected character after '!': ${goQuoteCharacter(this.#character(this.start + 1))}`,
          );
        return;
      case "<":
        this.#emitSign(next === "=" ? "<=" : next === "/" ? "</" : "<");
        return;
      case ">":
        this.#emitSign(next === "=" ? ">=" : next === "/" ? ">/" : ">");
        return;
      case "(":
      case ")":
        this.#paren(character);
        return;
      case "{":
        this.#braceOpen = true;
        this.#emitSign("{");
        return;
      case "[":
        this.#openBracket();
        return;
      case "]":
        if (!this.#bracketOpen) this.#fail("unexpected right bracket ']'");
        else this.#closeBracket();
        return;
      default:
        if (",*/%+-^@".includes(character)) this.#emitSign(character as Sign);
        else this.#fail(`unexpected character: ${goQuoteCharacter(this.#character(this.start))}`);
    }
  }

  #emitSign(sign: Sign): void {
    this.#emit(sign, this.start + sign.length);
  }

  #paren(sign: "(" | ")"): void {
    this.#parenDepth += sign === "(" ? 1 : -1;
    this.#emitSign(sign);
    if (this.#parenDepth >= 0) return;
    // Prometheus complains of it from behind the parenthesis.
    this.start = this.end;
    this.#fail("unexpected right parenthesis ')'");
  }

  #openBracket(): void {
    if (this.#bracketOpen) {
      this.#fail("unexpected left bracket '['");
      return;
    }
    this.#bracketOpen = true;
    this.#durationExpected = true;
    this.#gotColon = false;
    this.#emitSign("[");
  }

  #closeBracket(): void {
    this.#bracketOpen = false;
    this.#durationExpected = false;
    this.#emitSign("]");
  }

  /** Directly after `[`, until the first number or duration. */
  #insideBrackets(): void {
    const start = this.start;
    const character = this.#text[start];
    if (character === undefined) this.#fail("unexpected end of input in duration expression");
    else if (character === "]") this.#closeBracket();
    else if (character === ":") this.#colonBeforeStep();
    else if (character === "(" || character === ")") this.#paren(character);
    else if ("+-*/%^,".includes(character)) this.#emitSign(character as Sign);
    else if (
      this.#class(start) === DIGIT ||
      (character === "." && this.#class(start + 1) === DIGIT)
    ) {
      this.#gotDuration = true;
      this.#durationExpected = false;
      this.#number();
    } else if (!this.#durationWord())
      this.#fail(
        `unexpected character in duration expression: ${goQuoteCharacter(this.#character(start))}`,
      );
  }

  #colonBeforeStep(): void {
    this.#emitSign(":");
    const problem = !this.#gotDuration
      ? "unexpected colon before duration in duration expression"
      : this.#gotColon
        ? "unexpected repeated colon in duration expression"
        : undefined;
    this.#gotColon = true;
    if (problem === undefined) return;
    this.start = this.end;
    this.#fail(problem);
  }

  /** `step`, `range`, `min_of` or `max_of`, in any case of letters. */
  #durationWord(): boolean {
    let end = this.start;
    while (this.#class(end) === ALPHA) end++;
    this.steps += end - this.start;
    const word = this.#text.slice(this.start, end).toLowerCase();
    if (!DURATION_WORDS.has(word)) return false;
    this.#emit(word as TokenKind, end);
    return true;
  }

  #word(): void {
    const text = this.#text;
    const start = this.start;
    if (this.#bracketOpen) {
      this.#wordInBrackets();
      return;
    }
    let end = start;
    let hasColon = false;
    for (;;) {
      if (text.charCodeAt(end) === COLON) hasColon = true;
      else if ((this.#class(end) & (ALPHA | DIGIT)) === 0) break;
      end++;
    }
    const word = text.slice(start, end).toLowerCase();
    let kind = KINDS.get(word);
    if (kind !== undefined && CALL_ONLY.has(kind) && !this.#parenFollows(end)) kind = "identifier";
    this.#emit(kind ?? (hasColon ? "metricIdentifier" : "identifier"), end);
  }

  #wordInBrackets(): void {
    if (this.#text.charCodeAt(this.start) !== COLON) {
      if (!this.#durationWord())
        this.#fail(
          `unexpected character: ${goQuoteCharacter(this.#text[this.start])}, expected ':'`,
        );
    } else if (this.#gotColon) this.#fail("unexpected colon ':'");
    else {
      this.#gotColon = true;
      this.#emitSign(":");
    }
  }

  #parenFollows(position: number): boolean {
    let at = position;
    while (this.#class(at) === SPACE) at++;
    this.steps += at - position;
    return this.#text[at] === "(";
  }

  #insideBraces(): void {
    const start = this.start;
    const character = this.#text[start];
    const next = this.#text[start + 1];
    if (character === undefined) this.#fail("unexpected end of input inside braces");
    else if (this.#class(start) === ALPHA) {
      let end = start + 1;
      while ((this.#class(end) & (ALPHA | DIGIT)) !== 0) end++;
      this.#emit("identifier", end);
    } else if (character === '"' || character === "'") this.#quoted(character);
    else if (character === "`") this.#raw();
    else if (character === ",") this.#emitSign(",");
    else if (character === "=") this.#emitSign(next === "~" ? "=~" : "=");
    else if (character === "!") {
      if (next === "~") this.#emitSign("!~");
      else if (next === "=") this.#emitSign("!=");
      else
        this.#fail(
          `unexpected character after '!' inside braces: ${goQuoteCharacter(this.#character(start + 1))}`,
        );
    } else if (character === "{") this.#fail("unexpected left brace '{'");
    else if (character === "}") {
      this.#braceOpen = false;
      this.#emitSign("}");
    } else
      this.#fail(`unexpected character inside braces: ${goQuoteCharacter(this.#character(start))}`);
  }

  /** A string in double or single quotes, with Go's escapes. */
  #quoted(quoteMark: '"' | "'"): void {
    const text = this.#text;
    let at = this.start + 1;
    for (;;) {
      const character = text[at];
      if (character === quoteMark) break;
      if (character === undefined || character === "\n") {
        this.#fail("unterminated quoted string");
        return;
      }
      if (isBroken(text, at)) {
        this.#fail("invalid UTF-8 rune");
        return;
      }
      if (character === "\\") {
        const escapeEnd = readEscape(text, at + 1, quoteMark);
        if (typeof escapeEnd === "string") {
          this.#fail(escapeEnd);
          return;
        }
        at = escapeEnd;
      } else at++;
    }
    this.#emit("string", at + 1);
  }

  #raw(): void {
    const text = this.#text;
    let at = this.start + 1;
    while (text[at] !== "`") {
      if (at >= text.length) {
        this.#fail("unterminated raw string");
        return;
      }
      if (isBroken(text, at)) {
        this.#fail("invalid UTF-8 rune");
        return;
      }
      at++;
    }
    this.#emit("string", at + 1);
  }

  #number(): void {
    const start = this.start;
    const number = scanNumber(this.#text, start);
    if (number.valid) {
      this.#emit("number", number.end);
      return;
    }
    const duration = scanDuration(this.#text, number.end);
    if (duration.valid) this.#emit("duration", duration.end);
    else
      this.#fail(
        `bad number or duration syntax: ${goQuote(this.#text.slice(start, duration.end))}`,
      );
    this.steps += duration.end - start;
  }
}
