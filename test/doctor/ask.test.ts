import { describe, expect, it } from "vitest";
import { ask, jsonOf, textOf } from "../../packages/linklight/src/doctor/ask.ts";
import { startServer } from "../harness/http-server.ts";

describe("ask", () => {
  it("gives the answer whatever its status, with the time it took", async () => {
    const server = await startServer((_, response) => response.writeHead(418).end('{"a":1}'));
    const reply = await ask(new URL(`http://${server.address}/`), 5000);
    await server.close();
    expect(reply).toMatchObject({ status: 418 });
    if (reply.status === undefined) throw new Error("no answer");
    expect([textOf(reply), jsonOf(reply), reply.tookMs > 0]).toEqual(['{"a":1}', { a: 1 }, true]);
    expect(reply.answeredAt).toBeGreaterThanOrEqual(reply.sentAt);
  });

  it("follows no redirection, so that a login goes nowhere else", async () => {
    const other = await startServer((_, response) => response.end());
    const server = await startServer((_, response) =>
      response.writeHead(302, { Location: `http://${other.address}/` }).end(),
    );
    const url = new URL(`http://${server.address}/`);
    const reply = await ask(url, 5000, { login: "me:secret" });
    await Promise.all([server.close(), other.close()]);
    expect(reply.status).toBe(302);
    expect(server.requests[0]?.authorization).toBe(`Basic ${btoa("me:secret")}`);
    expect(other.requests).toEqual([]);
  });

  it.each([
    ["no headers", () => undefined, "nothing within 0.1 s"],
    [
      "a body without end",
      (_: unknown, response: { write: (text: string) => unknown }) => {
        response.write("a");
      },
      "no complete answer within 0.1 s",
    ],
  ])("ends in time for %s", async (_, answer, reason) => {
    const server = await startServer(answer);
    const reply = await ask(new URL(`http://${server.address}/`), 100);
    await server.close();
    expect(reply).toEqual({
      ...{ status: undefined, reason },
      ...{ code: "TIMEOUT", isConnected: true },
    });
  });

  it("says that nobody listens", async () => {
    expect(await ask(new URL("http://127.0.0.1:1/"), 5000)).toEqual({
      ...{ status: undefined, reason: "connection refused; nothing listens there" },
      ...{ code: "ECONNREFUSED", isConnected: false },
    });
  });
});
