const PLACES = 1 << 13;
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Gives the text of UTF-8 bytes, the same one for the same bytes as long as it is remembered: label names and values come
 * again and again, and making a text costs more than comparing. Only ASCII is remembered, at most 8,192 texts.
 */
export class TextCache {
  readonly #texts: (string | undefined)[] = new Array<string | undefined>(PLACES).fill(undefined);

  text(bytes: Uint8Array, start: number, end: number): string {
    let hash = end - start;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
    const place = (hash ^ (hash >>> 15)) & (PLACES - 1);
    const known = this.#texts[place];
    if (known !== undefined && isAscii(known, bytes, start, end)) return known;
    const text = decoder.decode(bytes.subarray(start, end));
    this.#texts[place] = text;
    return text;
  }
}

/** Whether bytes are those of a text, and all ASCII. */
function isAscii(text: string, bytes: Uint8Array, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let i = 0; i < text.length; i++) {
    const byte = bytes[start + i] as number;
    if (byte >= 0x80 || byte !== text.charCodeAt(i)) return false;
  }
  return true;
}
