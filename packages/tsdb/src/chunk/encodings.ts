/** The chunk encodings of Prometheus, by their byte. */
export const XOR_ENCODING = 1;

const NAMES: Readonly<Record<number, string>> = {
  0: "none",
  1: "XOR",
  2: "histogram",
  3: "float histogram",
  4: "XOR2",
  5: "histogram with start timestamps",
  6: "float histogram with start timestamps",
};

/** A chunk of an encoding that is known, or not even that, but not read yet. Nothing of it was returned. */
export class UnsupportedChunkError extends Error {
  override readonly name = "UnsupportedChunkError";
  readonly code = "LINKLIGHT_TSDB_UNSUPPORTED_CHUNK";
  readonly encoding: number;

  constructor(encoding: number, where: string) {
    const name = NAMES[encoding];
    super(
      `${where}: chunk encoding ${encoding} (${name ?? "unknown"}) cannot be read: only XOR chunks of floats can`,
    );
    this.encoding = encoding;
  }
}
