import { goQuote } from "./go-quote.ts";

/** What a literal means, or why it means nothing, in Prometheus' words. */
export type Reading = { readonly value: number } | { readonly problem: string };

const MAX_INT64 = 9_223_372_036_854_775_807n;

// Go's hexadecimal and octal integers, with `_` between digits. What is too large for 64 bits, or has a
// digit that octal has not, is read as a decimal number instead.
const PREFIXED = /^0(?:[xX](?:_?[0-9a-fA-F])+|(?:_?[0-7])+)$/;
const FLOAT = /^(?:\d(?:_?\d)*)?(?:\.(?:\d(?:_?\d)*)?)?(?:[eE][+-]?\d(?:_?\d)*)?$/;
const SPECIAL: Readonly<Record<string, number>> = {
  inf: Number.POSITIVE_INFINITY,
  nan: Number.NaN,
};

/** The value of a number token: decimal, hexadecimal, octal (`0755` is 493), `1_000`, `1.5e3`, `Inf`, `NaN`. */
export function readNumber(text: string): Reading {
  if (/^(?:0|[1-9]\d{0,14})$/.test(text)) return { value: Number(text) };
  const special = SPECIAL[text.toLowerCase()];
  if (special !== undefined) return { value: special };
  const digits = text.replaceAll("_", "");
  if (PREFIXED.test(text)) {
    const integer = /^0[xX]/.test(digits) ? digits : `0o${digits.slice(1)}`;
    // Nothing that fits 64 bits is longer than 22 octal digits, and a long text must not cost much.
    if (/^0.0*.{1,22}$/.test(integer) && BigInt(integer) <= MAX_INT64)
      return { value: Number(BigInt(integer)) };
  }
  if (!FLOAT.test(text) || !/^\.?\d/.test(text))
    return { problem: parseFloatProblem(text, "invalid syntax") };
  const value = Number(digits);
  if (!Number.isFinite(value)) return { problem: parseFloatProblem(text, "value out of range") };
  return { value };
}

function parseFloatProblem(text: string, problem: string): string {
  return `error parsing number: strconv.ParseFloat: parsing ${goQuote(text)}: ${problem}`;
}

/** Units from large to small, in milliseconds. */
const UNITS: Readonly<Record<string, number>> = {
  y: 365 * 86_400_000,
  w: 7 * 86_400_000,
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
};

// Prometheus keeps durations as 64-bit nanoseconds and refuses what does not fit.
const LONGEST_MS = 9_223_372_036_854;

/** The seconds of a duration token such as `1h30m`: units from large to small, each once. */
export function readDuration(text: string): Reading {
  const invalid = { problem: `not a valid duration string: ${goQuote(text)}` };
  let total = 0;
  let last = Number.POSITIVE_INFINITY;
  for (const [, count, unit] of text.matchAll(/(\d*)(\D*)/g)) {
    if (count === "" && unit === "") break;
    // What does not fit 64 bits is no number to Prometheus.
    if (count === "" || unit === "" || Number(count) >= 2 ** 64) return invalid;
    const size = UNITS[unit as string];
    if (size === undefined)
      return { problem: `unknown unit ${goQuote(unit as string)} in duration ${goQuote(text)}` };
    if (size >= last) return invalid;
    last = size;
    total += Number(count) * size;
    if (total > LONGEST_MS) return { problem: "duration out of range" };
  }
  return { value: total / 1000 };
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))/gsu;
// Escaped bytes of 0x80 and more, side by side: together they may be the UTF-8 of a character.
const BYTES = /(?:\\x[89a-fA-F][0-9a-fA-F]|\\[23][0-7]{2})+/g;

/** The text of a string token, without its quotes and escapes. The lexer has checked the escapes. */
export function readString(token: string): string {
  const inner = token.slice(1, -1);
  if (token.startsWith("`") || !inner.includes("\\")) return inner;
  // A doubled backslash must not be taken for the beginning of another escape.
  return inner
    .split(/(\\\\)/)
    .map((part) => (part === "\\\\" ? "\\" : readEscapes(part)))
    .join("");
}

function readEscapes(text: string): string {
  return text
    .replace(BYTES, (bytes) => decodeUtf8(Uint8Array.from(byteValues(bytes))))
    .replace(ESCAPE, (_, hex, octal, short, long, simple: string) => {
      const code = octal === undefined ? (hex ?? short ?? long) : undefined;
      if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      return SIMPLE_ESCAPES[simple] ?? simple;
    });
}

const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Decodes UTF-8; a byte that is none stands as half of a surrogate pair, U+DC80 … U+DCFF, so that it is known
 * again as broken, and which one it was.
 */
function decodeUtf8(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const length = [2, 3, 4].find((size) => isCharacter(bytes.subarray(at, at + size), size)) ?? 1;
    text +=
      length === 1
        ? String.fromCharCode(0xdc00 + (bytes[at] as number))
        : strictDecoder.decode(bytes.subarray(at, at + length));
    at += length;
  }
  return text;
}

function isCharacter(bytes: Uint8Array, size: number): boolean {
  try {
    return bytes.length === size && [...strictDecoder.decode(bytes)].length === 1;
  } catch {
    return false;
  }
}

function byteValues(escapes: string): number[] {
  return escapes
    .split("\\")
    .slice(1)
    .map((written) =>
      written.startsWith("x") ? Number.parseInt(written.slice(1), 16) : Number.parseInt(written, 8),
    );
}
