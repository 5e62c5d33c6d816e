import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Collector, GaugeFamily } from "@linklight/client";
import { silentLogger } from "@linklight/toolkit";
import { afterEach, describe, expect, it } from "vitest";
import { CollectorSet } from "./collector-set.ts";
import type { Member } from "./member.ts";

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

/** A member that shows one gauge of its name, and notes when it is closed. */
function member(source: string, name: string, more: Partial<Collector> = {}) {
  const closed: string[] = [];
  const family = () => new GaugeFamily({ name, help: "A value" }).add({}, 1);
  const collector = {
    name: source,
    describe: () => [family()],
    collect: () => [family()],
    close: () => void closed.push(name),
    ...more,
  };
  return { source, collector, closed } satisfies Member & { closed: string[] };
}

async function serve(set: CollectorSet): Promise<() => Promise<string[]>> {
  server = createServer(set.handle).listen(0, "127.0.0.1");
  await new Promise((resolve) => server?.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  return async () => {
    const page = await (await fetch(`http://127.0.0.1:${port}`)).text();
    return [...page.matchAll(/^([a-z]+) 1$/gm)].map(([, name]) => name ?? "");
  };
}

describe("CollectorSet", () => {
  it("puts a collector in the place of another, in the order of the page", async () => {
    const old = member("b", "before");
    const set = new CollectorSet([member("a", "first"), old, member("c", "last")], silentLogger);
    const names = await serve(set);
    expect(await names()).toEqual(["first", "before", "last"]);
    set.replace(member("b", "after"));
    expect(await names()).toEqual(["first", "after", "last"]);
    expect(old.closed).toEqual(["before"]);
  });

  it("changes nothing when the new collector does not fit", async () => {
    const old = member("b", "before");
    const set = new CollectorSet([member("a", "first"), old], silentLogger);
    const names = await serve(set);
    const clash = { name: "first", type: "counter", help: "", unit: "" } as const;
    expect(() => set.replace(member("b", "x", { describe: () => [clash] }))).toThrow(
      /^b: cannot register collector b: family first is a counter here and a gauge in collector a: /,
    );
    expect(() => set.replace(member("b", "x", { name: "a" }))).toThrow(
      'two collectors are named "a", a and b: give one of them another name',
    );
    expect(await names()).toEqual(["first", "before"]);
    expect(old.closed).toEqual([]);
  });

  it("closes a replaced collector only when its last scrape has ended", async () => {
    let finish: (() => void) | undefined;
    const slow = member("a", "slow", {
      collect: () =>
        new Promise((resolve) => {
          finish = () => resolve([new GaugeFamily({ name: "slow", help: "s" }).add({}, 1)]);
        }),
    });
    const set = new CollectorSet([slow], silentLogger);
    const names = await serve(set);
    const scrape = names();
    while (finish === undefined) await new Promise((resolve) => setTimeout(resolve, 1));
    set.replace(member("a", "fast"));
    expect(await names()).toEqual(["fast"]);
    expect(slow.closed).toEqual([]);
    finish();
    expect(await scrape).toEqual(["slow"]);
    while (slow.closed.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  });

  it("closes all, whatever one of them does", async () => {
    const good = member("a", "good");
    const bad = member("b", "bad", { close: () => Promise.reject(new Error("no")) } as object);
    const stuck = member("c", "stuck", { close: () => new Promise(() => undefined) } as object);
    await new CollectorSet([bad, stuck, good], silentLogger).close();
    expect(good.closed).toEqual(["good"]);
  });
});
