import { connect } from "node:net";
import { ResponseReader } from "./response-reader.mjs";

/**
 * Scrapes a server as Prometheus does, over one connection that is kept where the server keeps it.
 * `take` is given the pieces of the body as they come; by default they are dropped. Anything else than the
 * page of metrics is asked for by its `path`.
 *
 * Gives `{ firstByteMs, wholeMs, bytes, encoding }`: from the request to the first byte of the answer and
 * to its end, and the length of the body as it was sent. Connecting is not part of it.
 */
export class ScrapeClient {
  #port;
  #socket;

  constructor(port) {
    this.#port = port;
  }

  async scrape({ path = "/metrics", gzip = false, take = () => {} } = {}) {
    const socket = await this.#connected();
    const reader = new ResponseReader(take);
    const accept = gzip ? "Accept-Encoding: gzip\r\n" : "";
    const request = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${accept}\r\n`;
    const { firstByteMs, wholeMs } = await exchange(socket, request, reader);
    if (reader.closesConnection) this.close();
    if (reader.status !== 200) throw new Error(`the server answered ${reader.status}`);
    const encoding = reader.headers.get("content-encoding");
    return { firstByteMs, wholeMs, bytes: reader.bytes, encoding };
  }

  close() {
    this.#socket?.destroy();
  }

  async #connected() {
    if (this.#socket?.destroyed === false) return this.#socket;
    const socket = connect({ port: this.#port, host: "127.0.0.1", noDelay: true });
    await new Promise((resolve, reject) => {
      socket.once("connect", resolve).once("error", reject);
    });
    this.#socket = socket;
    return socket;
  }
}

function exchange(socket, request, reader) {
  return new Promise((resolve, reject) => {
    let firstByteMs;
    const start = performance.now();
    const settle = (error) => {
      socket.off("data", onData).off("end", onEnd).off("error", settle);
      if (error) reject(error);
      else resolve({ firstByteMs, wholeMs: performance.now() - start });
    };
    const onData = (bytes) => {
      firstByteMs ??= performance.now() - start;
      if (reader.push(bytes)) settle();
    };
    const onEnd = () => {
      settle(reader.endsWithConnection ? undefined : new Error("the server hung up"));
    };
    socket.on("data", onData).once("end", onEnd).once("error", settle);
    socket.write(request);
  });
}
