import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import process from "node:process";
import { describe, expect, it } from "vitest";
import { findListeningProcess, listeningSockets } from "./listening-process.ts";

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1 0000000000000000 100 0 0 10 0
   1: 0100007F:1F40 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 4712 1 0000000000000000 20 4 30 10 -1
   2: 00000000:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0000000000000000 100 0 0 10 0
`;

describe("listeningSockets", () => {
  it.each([
    [8000, ["4711"]],
    [3000, ["4713"]],
    [54_321, []],
    [80, []],
  ])("finds who listens on %i, and not who talks", (port, expected) => {
    expect(listeningSockets(TABLE, port)).toEqual(expected);
  });
});

describe("findListeningProcess", () => {
  it.runIf(process.platform === "linux")("finds this process by its port", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    expect(await findListeningProcess(port)).toMatchObject({ pid: process.pid });
    await new Promise((resolve) => server.close(resolve));
    expect(await findListeningProcess(port)).toBeUndefined();
  });

  it("knows nothing without /proc", async () => {
    expect(await findListeningProcess(8000, "/nowhere")).toBeUndefined();
  });
});
