// A program of a user: type-checked by several versions of TypeScript and run by test/pack/pack.test.ts.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Collector, Counter, GaugeFamily, metricsHandler, Registry } from "@linklight/client";
import { parseFamilies } from "@linklight/exposition";
import { Labels } from "@linklight/model";
import { Engine, type Queryable } from "@linklight/promql";
import { MemoryStorage } from "@linklight/promql/memory";
import { runScript } from "@linklight/promql/script";
import { type Db, XorChunk } from "@linklight/tsdb";

const scrapes = new Counter({
  name: "demo_requests_total",
  help: "Requests by method",
  labelNames: ["method"],
});
scrapes.labels({ method: "GET" }).inc(2);

const rooms: Collector = {
  name: "rooms",
  *collect() {
    const family = new GaugeFamily({
      name: "room_temperature_celsius",
      help: "Air temperature",
      labelNames: ["room"],
    });
    yield family.add({ room: "kitchen" }, 21.5);
  },
};

const registry = new Registry();
registry.register(scrapes);
registry.register(rooms);

const server = createServer(metricsHandler(registry));
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const { port } = server.address() as AddressInfo;
const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
const page = new Uint8Array(await answer.arrayBuffer());
const names = parseFamilies("text-0.0.4", page).map((family) => family.name);

/** A database is asked as it is. */
export function ask(db: Db): Queryable {
  return db;
}

const storage = new MemoryStorage();
storage.append({ __name__: "up", job: "switch" }, { timestamp: 0, value: 1 });
const { value } = await new Engine().instant(storage, { query: "sum(up)", timeMs: 1000 });
const chunk = new XorChunk();
chunk.append(0, 1);
let failures = 0;
for await (const { failure } of runScript("load 1m\n  up 1\n\neval instant at 0 up\n  up 1\n"))
  if (failure !== undefined) failures++;

process.stdout.write(
  JSON.stringify({
    contentType: answer.headers.get("content-type"),
    text: new TextDecoder().decode(page),
    names,
    labels: Labels.from({ room: "kitchen" }).toString(),
    sum: value.type === "vector" ? value.samples[0]?.value : undefined,
    chunkBytes: chunk.byteLength,
    failures,
  }),
);
server.close();
server.closeAllConnections();
