import { goUnicode } from "./go-quote.ts";

/** Whether the code unit is half of a pair without the other half, or stands for bytes that were no UTF-8. */
export function isBroken(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code === 0xfffd) return true;
  if (code < 0xd800 || code > 0xdfff) return false;
  const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;
  return isLow(code)
    ? !(text.charCodeAt(at - 1) >= 0xd800 && text.charCodeAt(at - 1) <= 0xdbff)
    : !isLow(text.charCodeAt(at + 1));
}

const ESCAPES: Readonly<Record<string, readonly [digits: number, base: number, most: number]>> = {
  x: [2, 16, 255],
  u: [4, 16, 0x10ffff],
  U: [8, 16, 0x10ffff],
};

/** Passes one of Go's escapes, whose backslash ends at a position: where it ends, or what is wrong with it. */
export function readEscape(text: string, position: number, quoteMark: string): number | string {
  const first = text[position];
  if (first === undefined) return "escape sequence not terminated";
  if ("abfnrtv\\".includes(first) || first === quoteMark) return position + 1;
  const isOctal = first >= "0" && first <= "7";
  const shape = isOctal ? ([3, 8, 255] as const) : ESCAPES[first];
  const at = (offset: number): string => String.fromCodePoint(text.codePointAt(offset) as number);
  if (shape === undefined) return `unknown escape sequence ${goUnicode(at(position))}`;
  const [digits, base, most] = shape;
  const from = isOctal ? position : position + 1;
  let value = 0;
  for (let i = 0; i < digits; i++) {
    const character = text[from + i];
    if (character === undefined) return "escape sequence not terminated";
    const digit = /[0-9a-fA-F]/.test(character) ? Number.parseInt(character, 16) : 16;
    if (digit >= base) return `illegal character ${goUnicode(at(from + i))} in escape sequence`;
    value = value * base + digit;
  }
  if (value > most || (value >= 0xd800 && value < 0xe000))
    return "escape sequence is an invalid Unicode code point";
  return from + digits;
}
