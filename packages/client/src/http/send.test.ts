import { createServer, get, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { ExpositionWriter, type FamilyTable, layout } from "@linklight/exposition";
import { afterEach, describe, expect, it } from "vitest";
import { GaugeFamily } from "../family/number-family.ts";
import { send } from "./send.ts";

const TEXT = layout("text-0.0.4");

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

function tableOf(series: number): FamilyTable {
  const family = new GaugeFamily({ name: "level_bytes", help: "Level", labelNames: ["port"] });
  for (let port = 0; port < series; port++) family.add({ port }, port / 3);
  return family.table();
}

function writtenAtOnce(table: FamilyTable): Buffer {
  const writer = new ExpositionWriter([table], TEXT);
  const blocks: Uint8Array[] = [];
  for (let block = writer.next(); block; block = writer.next()) blocks.push(block);
  return Buffer.concat(blocks);
}

/** What a reader gets that pauses every now and then, so that the sender has to wait for it. */
async function readSlowly(table: FamilyTable, gzip: boolean): Promise<Buffer> {
  const server = createServer((_, response) => {
    void send(response, new ExpositionWriter([table], TEXT), { gzip, stalledReaderMs: 5_000 });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const chunks: Buffer[] = [];
  await new Promise<void>((resolve, reject) => {
    get({ host: "127.0.0.1", port, agent: false }, (response) => {
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        if (chunks.length % 40 !== 1) return;
        response.pause();
        void sleep(20).then(() => response.resume());
      });
      response.once("end", resolve).once("error", reject);
    }).once("error", reject);
  });
  return gzip ? gunzipSync(Buffer.concat(chunks)) : Buffer.concat(chunks);
}

describe("send", () => {
  it.each([
    ["plain", 1, false],
    ["plain", 1_500, false],
    ["plain", 300_000, false],
    ["compressed", 0, true],
    ["compressed", 1, true],
    ["compressed", 100_000, true],
  ])("sends the very bytes of the exposition, %s, of %d series", async (_, series, gzip) => {
    const table = tableOf(series);
    expect((await readSlowly(table, gzip)).equals(writtenAtOnce(table))).toBe(true);
  });
});
