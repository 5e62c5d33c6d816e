/**
 * A buffer with Node's own method for strings of one byte a character, which `write(text, at, "latin1")`
 * ends in after work that a line of an exposition would feel (it is a third slower).
 */
export interface Latin1Buffer extends Uint8Array {
  /** Writes a string, one byte a character, and returns how many bytes fitted. */
  latin1Write(text: string, at: number): number;
}

/** A new buffer, not from Node's pool and not zeroed: every byte that is handed out is written before. */
export function latin1Buffer(size: number): Latin1Buffer {
  return Buffer.allocUnsafeSlow(size) as unknown as Latin1Buffer;
}

/** The same bytes as a buffer with that method. */
export function asLatin1Buffer(bytes: Uint8Array): Latin1Buffer {
  const { buffer, byteOffset, byteLength } = bytes;
  return Buffer.from(buffer, byteOffset, byteLength) as unknown as Latin1Buffer;
}

/**
 * A text as the string whose characters are the bytes of its UTF-8 form: what `latin1Write` then
 * copies is UTF-8. A text of ASCII characters stays as it is.
 */
export function utf8AsLatin1(text: string): string {
  return BEYOND_ASCII.test(text) ? Buffer.from(text, "utf8").toString("latin1") : text;
}

const BEYOND_ASCII = /[\u0080-\uffff]/;
