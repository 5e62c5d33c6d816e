import { ScriptError } from "./script-error.ts";

/** Goes through one line of a script from left to right, and says where it is when something is wrong. */
export class LineScanner {
  readonly text: string;
  /** Of the line in the script, from 1. */
  readonly line: number;
  position: number;

  /** Begins after the blanks that the line begins with; those at its end count as the end. */
  constructor(text: string, line: number) {
    this.text = text.trimEnd();
    this.line = line;
    this.position = text.length - text.trimStart().length;
  }

  get isAtEnd(): boolean {
    return this.position >= this.text.length;
  }

  /** What is left of the line. */
  get rest(): string {
    return this.text.slice(this.position);
  }

  /** Whether the rest begins like this. */
  sees(text: string): boolean {
    return this.text.startsWith(text, this.position);
  }

  /** Passes this text if it comes next. */
  takeIf(text: string): boolean {
    if (!this.sees(text)) return false;
    this.position += text.length;
    return true;
  }

  /** Passes what a sticky pattern matches here. */
  take(sticky: RegExp): string | undefined {
    sticky.lastIndex = this.position;
    const found = sticky.exec(this.text)?.[0];
    if (found !== undefined) this.position += found.length;
    return found;
  }

  /** Passes blanks; whether there were any. */
  takeBlanks(): boolean {
    return this.take(/\s+/y) !== undefined;
  }

  /** Passes this text, or throws ScriptError. */
  require(text: string): void {
    if (!this.takeIf(text)) this.failExpecting(JSON.stringify(text));
  }

  /** Throws ScriptError at a position, here if none is given. */
  fail(reason: string, position: number = this.position): never {
    throw new ScriptError(this.line, position + 1, reason);
  }

  /** Throws ScriptError that names what stands here instead of what was expected. */
  failExpecting(what: string, position: number = this.position): never {
    const word = /\S/.exec(this.text.slice(position));
    if (word === null) return this.fail(`expected ${what}, got the end of the line`, position);
    const start = position + word.index;
    const [found] = /^\S+/.exec(this.text.slice(start)) as RegExpExecArray;
    return this.fail(`expected ${what}, got ${JSON.stringify(found)}`, start);
  }
}
