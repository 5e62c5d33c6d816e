/** Every so many code units the bytes before are known, so that no place is more than that far from one. */
const STRIDE = 1024;

/** Where lines and UTF-8 bytes are in a text: found once, then every place of it costs the same. */
export class TextPlaces {
  readonly #text: string;
  readonly #lineStarts: number[] = [0];
  /** The UTF-8 bytes before each multiple of STRIDE. */
  readonly #bytes: number[] = [];

  constructor(text: string) {
    this.#text = text;
    let bytes = 0;
    for (let start = 0; start <= text.length; start += STRIDE) {
      this.#bytes.push(bytes);
      bytes += utf8Length(text, start, Math.min(start + STRIDE, text.length));
    }
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1))
      this.#lineStarts.push(at + 1);
  }

  /** The line of an offset, from 1, and its column in bytes, from 1. */
  lineAndColumn(offset: number): { readonly line: number; readonly column: number } {
    const end = Math.min(offset, this.#text.length);
    let low = 0;
    let high = this.#lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#lineStarts[middle] as number) <= end) low = middle;
      else high = middle;
    }
    const lineStart = this.#lineStarts[low] as number;
    return { line: low + 1, column: this.#bytesBefore(end) - this.#bytesBefore(lineStart) + 1 };
  }

  #bytesBefore(offset: number): number {
    const stride = Math.floor(offset / STRIDE);
    return (this.#bytes[stride] as number) + utf8Length(this.#text, stride * STRIDE, offset);
  }
}

/** The UTF-8 bytes of a stretch of a text. Halves of a surrogate pair count two each: together four. */
function utf8Length(text: string, start: number, end: number): number {
  let bytes = 0;
  for (let at = start; at < end; at++) {
    const unit = text.charCodeAt(at);
    bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 2 : 3;
  }
  return bytes;
}
