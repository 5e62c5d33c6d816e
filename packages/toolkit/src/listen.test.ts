import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type ListeningServer, type ListenOptions, listen } from "./listen.ts";
import { ListenError } from "./listen-error.ts";
import { createLogger, silentLogger } from "./log/logger.ts";
import { type RequestHandler, sendText } from "./router.ts";

const open: ListeningServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close({ timeoutMs: 0 })));
});

async function serve(handler: RequestHandler, options: Partial<ListenOptions> = {}) {
  const server = await listen(handler, { logger: silentLogger, ...options });
  open.push(server);
  return server;
}

const hello: RequestHandler = (_request, response) => sendText(response, 200, "hello\n");

describe("listen", () => {
  it("listens on loopback and a free port by default, and says where", async () => {
    const server = await serve(hello);
    expect(server.url).toBe(`http://127.0.0.1:${server.port}`);
    expect(server.addresses).toEqual([`127.0.0.1:${server.port}`]);
    expect(await (await fetch(server.url)).text()).toBe("hello\n");
  });

  it("listens on several addresses", async () => {
    const server = await serve(hello, { addresses: ["127.0.0.1:0", "localhost:0"] });
    const texts = server.addresses.map(async (address) =>
      (await fetch(`http://${address}/`)).text(),
    );
    expect(await Promise.all(texts)).toEqual(["hello\n", "hello\n"]);
  });

  it("goes on when a handler stops reading in the midst of a body", async () => {
    const server = await serve(async (request, response) => {
      // To leave the loop cuts the connection.
      for await (const _ of request) break;
      sendText(response, 413, "enough\n");
    });
    const body = new Blob(["x".repeat(200_000)]).stream();
    const init: RequestInit & { duplex: "half" } = { method: "POST", body, duplex: "half" };
    await fetch(server.url, init).catch(() => undefined);
    const next = fetch(server.url, { method: "POST", body: "x" }).then(({ status }) => status);
    expect(await next).toBe(413);
  });

  it("answers 500 when a handler throws or rejects, logs it, and goes on", async () => {
    const lines: string[] = [];
    const logger = createLogger({ format: "json", destination: { write: (x) => lines.push(x) } });
    const server = await serve(
      (request) => {
        if (request.url === "/sync") throw new Error("thrown");
        return Promise.reject(new Error("rejected"));
      },
      { logger },
    );
    for (const path of ["/sync", "/async"]) {
      const response = await fetch(server.url + path);
      expect([response.status, await response.text()]).toEqual([
        500,
        "500: Internal Server Error\n",
      ]);
    }
    expect(lines.map((line) => (JSON.parse(line) as { err?: string }).err)).toEqual([
      "thrown",
      "rejected",
    ]);
  });

  it("cuts the answer when a handler fails in the midst of it", async () => {
    const server = await serve(async (_request, response) => {
      response.write("half");
      throw new Error("rest is missing");
    });
    await expect(fetch(server.url).then((response) => response.text())).rejects.toThrow();
  });

  it.each([-1, 65_536, 1.5, Number.NaN])("refuses the port %j", async (port) => {
    await expect(listen(hello, { port, logger: silentLogger })).rejects.toThrow(RangeError);
  });

  it("refuses an empty list of addresses", async () => {
    await expect(listen(hello, { addresses: [], logger: silentLogger })).rejects.toThrow(
      new RangeError("no address to listen on"),
    );
  });
});

describe("ListenError", () => {
  it("names the port in use and the way out, and leaves no listener behind", async () => {
    const { port } = await serve(hello);
    const failure = await listen(hello, { port, logger: silentLogger }).catch(
      (err: unknown) => err,
    );
    expect(failure).toBeInstanceOf(ListenError);
    expect(failure).toMatchObject({
      code: "LINKLIGHT_LISTEN",
      reason: "EADDRINUSE",
      message: `cannot listen on 127.0.0.1:${port}: the port is in use; stop the other process or choose another with --port`,
    });
    const both = listen(hello, {
      addresses: ["127.0.0.1:0", `127.0.0.1:${port}`],
      logger: silentLogger,
    });
    await expect(both).rejects.toThrow("choose another with --web.listen-address");
  });

  it("explains an address that this machine does not have", async () => {
    // 192.0.2.0/24 is reserved for documentation (RFC 5737): no machine has it.
    await expect(listen(hello, { host: "192.0.2.1", logger: silentLogger })).rejects.toThrow(
      "cannot listen on 192.0.2.1:0: this machine does not have that address; use 127.0.0.1 (only this machine) or one of its own with --host",
    );
  });

  it("explains a name that cannot be resolved", async () => {
    // .invalid never resolves (RFC 6761).
    await expect(
      listen(hello, { host: "nowhere.invalid", logger: silentLogger }),
    ).rejects.toMatchObject({ code: "LINKLIGHT_LISTEN" });
  });

  it.each([
    ["EACCES", 80, "no permission: ports below 1024 are for root; choose another with --port"],
    ["EACCES", 8000, "no permission; choose another with --port"],
    [
      "EAFNOSUPPORT",
      1,
      "this machine does not speak that address family; use an IPv4 address with --host",
    ],
    [
      "ENOTFOUND",
      1,
      "the name cannot be resolved; check its spelling or give an IP address with --host",
    ],
    ["EMFILE", 1, "too many open files; raise the limit (ulimit -n)"],
    ["EWHAT", 1, "odd; choose another address with --host or --port"],
  ])("explains %s on port %d", (code, port, advice) => {
    const cause = Object.assign(new Error("odd"), { code });
    const err = new ListenError({ host: "h", port }, cause, { host: "--host", port: "--port" });
    expect([err.message, err.cause]).toEqual([`cannot listen on h:${port}: ${advice}`, cause]);
  });
});

describe("close", () => {
  it("ends idle keep-alive connections, and those that never said a word", async () => {
    const server = await serve(hello);
    await (await fetch(server.url)).text();
    const mute = connect(server.port, "127.0.0.1");
    await once(mute, "connect");
    const gone = once(mute, "close");
    mute.resume();
    await server.close({ timeoutMs: 60_000 });
    await gone;
    await expect(fetch(server.url)).rejects.toThrow();
  });

  it("lets answers under way finish", async () => {
    let proceed = () => {};
    const gate = new Promise<void>((resolve) => {
      proceed = resolve;
    });
    const server = await serve(async (_request, response) => {
      response.write("first ");
      await gate;
      response.end("second");
    });
    const response = await fetch(server.url);
    const closed = server.close({ timeoutMs: 60_000 });
    proceed();
    expect(await response.text()).toBe("first second");
    await closed;
  });

  it("cuts answers that are not done in time", async () => {
    const server = await serve((_request, response) => {
      response.write("for ever");
    });
    const response = await fetch(server.url);
    await server.close({ timeoutMs: 10 });
    await expect(response.text()).rejects.toThrow();
  });

  it("may be called again", async () => {
    const server = await serve(hello);
    await Promise.all([server.close(), server.close()]);
    await server.close();
  });

  it("frees the port", async () => {
    const server = await serve(hello);
    await server.close();
    const next = createServer().listen(server.port, "127.0.0.1");
    await once(next, "listening");
    next.close();
  });
});
