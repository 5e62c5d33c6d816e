import { asLatin1Buffer, type Latin1Buffer, latin1Buffer } from "./latin1.ts";

const NOTHING: Latin1Buffer = latin1Buffer(0);

/** The block that a writer fills at the moment. */
export class Block {
  /** The size of a new block, unless one item needs more. */
  readonly #size: number;
  bytes: Latin1Buffer = NOTHING;
  view: DataView = new DataView(NOTHING.buffer);
  /** Where it is filled to. */
  at = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** Begins a block: the one given, or a new one. */
  open(into: Uint8Array | undefined): void {
    this.#use(into === undefined ? latin1Buffer(this.#size) : asLatin1Buffer(into));
  }

  /** Ends the block: what was written to it, which now belongs to the caller, or undefined for nothing. */
  take(): Uint8Array | undefined {
    const { bytes, at } = this;
    this.#use(NOTHING);
    return at === 0 ? undefined : bytes.subarray(0, at);
  }

  /** Whether some bytes fit: into this block, or, where nothing is in it yet, into a longer one. */
  makeRoom(length: number): boolean {
    if (this.at + length <= this.bytes.length) return true;
    if (this.at > 0) return false;
    this.#use(latin1Buffer(length));
    return true;
  }

  /** Writes a text, one byte a character; false where it does not fit. */
  writeText(latin1: string): boolean {
    if (!this.makeRoom(latin1.length)) return false;
    this.at += this.bytes.latin1Write(latin1, this.at);
    return true;
  }

  #use(bytes: Latin1Buffer): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.at = 0;
  }
}
