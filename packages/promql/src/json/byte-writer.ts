const encoder = new TextEncoder();

/** Bytes under construction: a buffer that grows, and is used again for every chunk. */
export class ByteWriter {
  /** The buffer; hot loops write into it themselves, after `reserve`, and set `length`. */
  bytes: Uint8Array;
  /** How much of the buffer is written. */
  length = 0;

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
  }

  /** Makes room for as many bytes more. */
  reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.bytes.length));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }

  /** Adds text in UTF-8; surrogates that stand alone become U+FFFD. */
  text(text: string): void {
    // A code unit of UTF-16 takes at most three bytes.
    this.reserve(3 * text.length);
    this.length += encoder.encodeInto(text, this.bytes.subarray(this.length)).written;
  }

  /** Adds a short text of ASCII only, for which an encoder would take longer to call than to run. */
  ascii(text: string): void {
    this.reserve(text.length);
    const { bytes } = this;
    let at = this.length;
    for (let i = 0; i < text.length; i++) bytes[at++] = text.charCodeAt(i);
    this.length = at;
  }

  /** The bytes so far, as an array of their own; the writer begins anew. */
  take(): Uint8Array {
    const taken = this.bytes.slice(0, this.length);
    this.length = 0;
    return taken;
  }
}
