import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { DEFAULT_LIMITS, type ServerLimits } from "./limits.ts";
import { type ListeningServer, listen } from "./listen.ts";
import { createLogger } from "./log/logger.ts";
import { type RequestHandler, sendText } from "./router.ts";

const open: ListeningServer[] = [];
const sockets: Socket[] = [];
let lines: string[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(open.splice(0).map((server) => server.close({ timeoutMs: 0 })));
  lines = [];
});

const hello: RequestHandler = (_request, response) => sendText(response, 200, "hello\n");

async function serve(limits: Partial<ServerLimits> = {}, handler = hello) {
  const logger = createLogger({ format: "json", destination: { write: (x) => lines.push(x) } });
  const server = await listen(handler, { logger, limits });
  open.push(server);
  return server;
}

const messages = () => lines.map((line) => (JSON.parse(line) as { msg: string }).msg);

function dial({ port }: ListeningServer): Socket {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  sockets.push(socket);
  return socket;
}

/** Everything the server says until it hangs up. */
async function transcript(socket: Socket): Promise<string> {
  let text = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  // A reset is a way of hanging up too, where `once` would reject.
  await new Promise((resolve) => socket.on("close", resolve));
  return text;
}

const statusLine = (text: string) => text.split("\r\n")[0];

describe("a stranger", () => {
  it.each([
    ["garbage", "\0\x01\x02garbage\r\n\r\n", "HTTP/1.1 400 Bad Request"],
    ["half a request line", "GET\r\n\r\n", "HTTP/1.1 400 Bad Request"],
    ["no Host", "GET / HTTP/1.1\r\nAccept: */*\r\n\r\n", "HTTP/1.1 400 Bad Request"],
    [
      "a header without a colon",
      "GET / HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n",
      "HTTP/1.1 400 Bad Request",
    ],
    [
      "two lengths",
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
      "HTTP/1.1 400 Bad Request",
    ],
    [
      "a smuggled body",
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
      "HTTP/1.1 400 Bad Request",
    ],
    ["another protocol", "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 400 Bad Request"],
    [
      "a huge header",
      `GET / HTTP/1.1\r\nHost: x\r\nX: ${"x".repeat(20_000)}\r\n\r\n`,
      "HTTP/1.1 431 Request Header Fields Too Large",
    ],
    [
      "a flood of headers",
      `GET / HTTP/1.1\r\nHost: x\r\n${"X: y\r\n".repeat(10_000)}\r\n`,
      "HTTP/1.1 431 Request Header Fields Too Large",
    ],
    [
      "a huge address",
      `GET /${"x".repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
      "HTTP/1.1 431 Request Header Fields Too Large",
    ],
    [
      "a body too long",
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n",
      "HTTP/1.1 413 Payload Too Large",
    ],
  ])("who sends %s is refused, cut off, and harms nobody", async (_, bytes, status) => {
    const server = await serve();
    const socket = dial(server);
    socket.write(bytes);
    expect(statusLine(await transcript(socket))).toBe(status);
    expect(await (await fetch(server.url)).text()).toBe("hello\n");
  });

  it("who sends many small headers is heard for the first hundred at most", async () => {
    const server = await serve({}, (request, response) =>
      sendText(response, 200, `${Object.keys(request.headers).length}`),
    );
    const socket = dial(server);
    const headers = Array.from({ length: 300 }, (_, i) => `X-${i}: y\r\n`).join("");
    socket.write(`GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n`);
    const [head = "", body] = (await transcript(socket)).split("\r\n\r\n");
    // Node 20 drops what is too many, newer ones refuse the request.
    expect([
      ["HTTP/1.1 200 OK", "100"],
      ["HTTP/1.1 431 Request Header Fields Too Large", "431: Request Header Fields Too Large\n"],
    ]).toContainEqual([statusLine(head), body]);
  });

  it("who never ends the headers gets 408", async () => {
    const server = await serve({ headersTimeoutMs: 100, requestTimeoutMs: 200 });
    const socket = dial(server);
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n");
    const drip = setInterval(() => socket.write("X: y\r\n"), 20);
    const text = await transcript(socket);
    clearInterval(drip);
    expect(statusLine(text)).toBe("HTTP/1.1 408 Request Timeout");
  });

  it("who says nothing at all is cut off", async () => {
    const server = await serve({ headersTimeoutMs: 100, writeTimeoutMs: 100 });
    expect(await transcript(dial(server))).toMatch(/^$|^HTTP\/1\.1 408 /);
  });

  it("who keeps an idle connection too long is cut off", async () => {
    const server = await serve({ keepAliveTimeoutMs: 50 });
    const socket = dial(server);
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(statusLine(await transcript(socket))).toBe("HTTP/1.1 200 OK");
  });

  it("who sends a body for ever gets an answer and is cut off", async () => {
    const server = await serve({ maxBodyBytes: 1000 });
    const socket = dial(server);
    socket.write("GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    const chunk = `1000\r\n${"x".repeat(0x1000)}\r\n`;
    const flood = setInterval(() => socket.write(chunk), 1);
    const text = await transcript(socket);
    clearInterval(flood);
    // The reset may overtake the answer.
    expect(text).toMatch(/^$|^HTTP\/1\.1 200 OK\r\n/);
  });

  it("who sends a small body that nobody reads keeps the connection", async () => {
    const server = await serve();
    const socket = dial(server);
    socket.write(
      "GET /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhelloGET /2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    );
    expect((await transcript(socket)).match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
  });

  it("who asks for a page and reads none of it is cut off", async () => {
    const page = Buffer.alloc(64 * 1024 * 1024, "x");
    let onClose = () => {};
    const closed = new Promise<void>((resolve) => {
      onClose = resolve;
    });
    const server = await serve({ writeTimeoutMs: 100 }, (_request, response) => {
      response.on("close", onClose);
      response.end(page);
    });
    const socket = dial(server);
    socket.pause();
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await closed;
    expect(messages()).toEqual(["a reader took nothing, its connection was cut"]);
  });

  it("who reads slowly but steadily gets the whole page", async () => {
    const page = Buffer.alloc(8 * 1024 * 1024, "x");
    const server = await serve({ writeTimeoutMs: 300 }, (_request, response) => {
      response.setHeader("Connection", "close");
      response.end(page);
    });
    const socket = dial(server);
    let length = 0;
    socket.on("data", (chunk: Buffer) => {
      length += chunk.length;
      socket.pause();
      setTimeout(() => socket.resume(), 3);
    });
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await once(socket, "close");
    expect(length).toBeGreaterThan(page.length);
  });

  it("who waits for a slow handler is not cut off", async () => {
    const server = await serve({ writeTimeoutMs: 20 }, async (_request, response) => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      sendText(response, 200, "late\n");
    });
    expect(await (await fetch(server.url)).text()).toBe("late\n");
  });

  it("whose answer takes too long altogether is cut off", async () => {
    const server = await serve({ responseTimeoutMs: 50 }, () => {});
    await expect(fetch(server.url)).rejects.toThrow();
    expect(messages()).toEqual(["an answer took too long, its connection was cut"]);
  });

  it("who opens too many connections is refused, and the others are served", async () => {
    const server = await serve({ maxConnections: 3 });
    const first = [dial(server), dial(server), dial(server)];
    await Promise.all(first.map((socket) => once(socket, "connect")));
    expect(await transcript(dial(server))).toBe("");
    expect(messages()).toEqual(["too many connections, one was refused"]);
    first[0]?.write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    expect(first[0] && statusLine(await transcript(first[0]))).toBe("HTTP/1.1 200 OK");
    expect((await fetch(server.url)).status).toBe(200);
  });

  it("who hangs up in the midst of everything leaves nothing behind", async () => {
    const server = await serve({}, (_request, response) => {
      response.write("x".repeat(1_000_000));
    });
    for (let i = 0; i < 20; i++) {
      const socket = dial(server);
      socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      await once(socket, "connect");
      if (i % 2 === 0) await once(socket, "data");
      socket.resetAndDestroy();
    }
    await server.close({ timeoutMs: 60_000 });
  });
});

describe("DEFAULT_LIMITS", () => {
  it("bound what all connections together may hold", () => {
    expect(DEFAULT_LIMITS.maxConnections * DEFAULT_LIMITS.maxHeaderBytes).toBeLessThan(16e6);
    expect(Object.values(DEFAULT_LIMITS).every(Number.isSafeInteger)).toBe(true);
  });
});
