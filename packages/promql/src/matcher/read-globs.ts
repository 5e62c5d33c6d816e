import { type Glob, joinGlobs, literalGlob } from "./glob.ts";

/** More literals than this are not multiplied out of a pattern such as `(a|b)(c|d)` (256: Prometheus' limit). */
const MOST_PRODUCTS = 256;

/** As many alternatives as a dashboard may write out. More are looked for by the regular expression. */
const MOST_LITERALS = 65_536;

/** More globs with gaps than this take longer, one after the other, than the regular expression. */
const MOST_GLOBS = 32;

const DEEPEST_GROUP = 16;

/** Thrown where a pattern turns out to be more than globs can say. */
const BEYOND = new Error("not a pattern of literals and gaps");

/**
 * Reads a regular expression that is no more than literals, alternatives, optional parts and gaps
 * (`.*`, `.+`) as the globs of which one must match: `eth(0|1)` is `eth0` and `eth1`.
 * Undefined for any other pattern, be it right or wrong.
 */
export function readGlobs(pattern: string): readonly Glob[] | undefined {
  // What a lone surrogate means is for the regular expression to say.
  if (/\p{Surrogate}/u.test(pattern)) return undefined;
  try {
    return new GlobReader(pattern).read();
  } catch (thrown) {
    if (thrown !== BEYOND) throw thrown;
    return undefined;
  }
}

class GlobReader {
  readonly #pattern: string;
  #place = 0;
  #depth = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  read(): readonly Glob[] {
    const globs = this.#alternatives();
    if (this.#place < this.#pattern.length) throw BEYOND;
    return globs;
  }

  #next(): string | undefined {
    return this.#pattern[this.#place];
  }

  #takeIf(text: string): boolean {
    if (!this.#pattern.startsWith(text, this.#place)) return false;
    this.#place += text.length;
    return true;
  }

  /** alternatives: sequence ("|" sequence)* */
  #alternatives(): readonly Glob[] {
    const globs = [...this.#sequence()];
    let gapped = globs.filter(hasGaps).length;
    while (this.#takeIf("|")) {
      const sequence = this.#sequence();
      globs.push(...sequence);
      gapped += sequence.filter(hasGaps).length;
      checkCount(globs.length, gapped);
    }
    return globs;
  }

  /** sequence: ["^"] item* ["$"]; the anchors only outside of groups, where they change nothing. */
  #sequence(): readonly Glob[] {
    let globs: readonly Glob[] = [literalGlob("")];
    if (this.#depth === 0) this.#takeIf("^");
    for (;;) {
      const next = this.#next();
      if (next === undefined || next === "|" || (next === ")" && this.#depth > 0)) return globs;
      if (next === "$") {
        this.#place++;
        if (this.#depth > 0 || !/^(?:\||$)/.test(this.#pattern.slice(this.#place))) throw BEYOND;
        return globs;
      }
      globs = product(globs, this.#item());
    }
  }

  /** item: ("(" ["?:"] alternatives ")" | literal) ["?"] | "." ("*" | "+") ["?"] */
  #item(): readonly Glob[] {
    const isGap = this.#next() === ".";
    const globs = isGap ? this.#gap() : this.#next() === "(" ? this.#group() : this.#literal();
    const isOptional = this.#takeIf("?");
    if (/^[?*+{]/.test(this.#pattern.slice(this.#place, this.#place + 1))) throw BEYOND;
    // After a gap a question mark only says which match to prefer, of which there is just one.
    return isOptional && !isGap ? [...globs, literalGlob("")] : globs;
  }

  #gap(): readonly Glob[] {
    this.#place++;
    if (this.#takeIf("*")) return [{ literals: ["", ""], gaps: [0] }];
    if (this.#takeIf("+")) return [{ literals: ["", ""], gaps: [1] }];
    throw BEYOND;
  }

  #group(): readonly Glob[] {
    this.#place++;
    if (this.#next() === "?" && !this.#takeIf("?:")) throw BEYOND;
    if (++this.#depth > DEEPEST_GROUP) throw BEYOND;
    const globs = this.#alternatives();
    this.#depth--;
    if (!this.#takeIf(")")) throw BEYOND;
    return globs;
  }

  #literal(): readonly Glob[] {
    const isEscaped = this.#takeIf("\\");
    const codePoint = this.#pattern.codePointAt(this.#place);
    if (codePoint === undefined) throw BEYOND;
    const character = String.fromCodePoint(codePoint);
    // Of what can be escaped only punctuation stands for itself: `\d`, `\Q` and the like do not.
    if (isEscaped ? !/[!-/:-@[-`{-~]/.test(character) : /[\\^$.|?*+()[\]{}]/.test(character))
      throw BEYOND;
    this.#place += character.length;
    return [literalGlob(character)];
  }
}

function product(left: readonly Glob[], right: readonly Glob[]): readonly Glob[] {
  // The start of a sequence, to which a group may bring very many.
  if (left.length === 1 && left[0]?.gaps.length === 0 && left[0].literals[0] === "") return right;
  if (left.length * right.length > MOST_PRODUCTS) throw BEYOND;
  const globs: Glob[] = [];
  for (const first of left) {
    for (const second of right) {
      const joined = joinGlobs(first, second);
      if (joined === undefined) throw BEYOND;
      globs.push(joined);
    }
  }
  checkCount(globs.length, globs.filter(hasGaps).length);
  return globs;
}

function checkCount(count: number, gapped: number): void {
  if (count > MOST_LITERALS || (count > MOST_GLOBS && gapped > 0)) throw BEYOND;
}

function hasGaps({ gaps }: Glob): boolean {
  return gaps.length > 0;
}
