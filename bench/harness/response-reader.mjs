const HEAD_END = "\r\n\r\n";

/**
 * Reads one HTTP response from the bytes of a socket, doing as little as possible: what is measured is
 * the server. `take` is given the pieces of the body; `push` answers whether the response is complete.
 */
export class ResponseReader {
  #take;
  /** A head, or the line before a chunk, that has not arrived completely. */
  #text = "";
  #left = 0;
  #read = (bytes, at) => this.#readHead(bytes, at);
  #isComplete = false;
  #version = "";
  status = 0;
  /** By name in small letters. */
  headers = new Map();
  /** How long the body is so far, without the lines between its chunks. */
  bytes = 0;

  constructor(take) {
    this.#take = take;
  }

  /** Reads more bytes. */
  push(bytes) {
    for (let at = 0; at < bytes.length && !this.#isComplete; ) at = this.#read(bytes, at);
    return this.#isComplete;
  }

  /** Whether the server closes the connection behind the response. */
  get closesConnection() {
    return this.#version === "HTTP/1.0" || this.headers.get("connection") === "close";
  }

  /** Whether that is how the body ends. */
  get endsWithConnection() {
    return this.status !== 0 && !this.headers.has("content-length") && !this.#isChunked;
  }

  get #isChunked() {
    return this.headers.get("transfer-encoding") === "chunked";
  }

  #readHead(bytes, at) {
    const before = this.#text.length;
    this.#text += bytes.toString("latin1", at);
    const end = this.#text.indexOf(HEAD_END);
    if (end < 0) return bytes.length;
    const [first, ...lines] = this.#text.slice(0, end).split("\r\n");
    const [version, status] = first.split(" ");
    this.#version = version;
    this.status = Number(status);
    for (const line of lines) {
      const colon = line.indexOf(":");
      this.headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
    }
    this.#text = "";
    if (this.#isChunked) this.#read = this.#readChunkSize;
    else this.#expectBody(Number(this.headers.get("content-length") ?? Number.POSITIVE_INFINITY));
    return at + end + HEAD_END.length - before;
  }

  #expectBody(length) {
    this.#left = length;
    this.#read = this.#readBody;
    this.#isComplete = length === 0;
  }

  /** A line with the length of the next chunk; an empty line ends the chunk before it. */
  #readChunkSize(bytes, at) {
    const end = bytes.indexOf(0x0a, at);
    this.#text += bytes.toString("latin1", at, end < 0 ? bytes.length : end);
    if (end < 0) return bytes.length;
    const line = this.#text.trim();
    this.#text = "";
    if (line === "") return end + 1;
    this.#left = Number.parseInt(line, 16);
    this.#read = this.#left === 0 ? this.#readLastLine : this.#readBody;
    return end + 1;
  }

  #readLastLine(bytes, at) {
    const end = bytes.indexOf(0x0a, at);
    this.#isComplete = end >= 0;
    return end < 0 ? bytes.length : end + 1;
  }

  #readBody(bytes, at) {
    const end = Math.min(bytes.length, at + this.#left);
    this.#take(bytes.subarray(at, end));
    this.bytes += end - at;
    this.#left -= end - at;
    if (this.#left > 0) return end;
    if (this.#isChunked) this.#read = this.#readChunkSize;
    else this.#isComplete = true;
    return end;
  }
}
