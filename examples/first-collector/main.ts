// The first of the two files: the program. It registers collectors and serves what they collect. Change it
// to register more of them, to add options, or to fit it into a server that you have already.
//
//   node --import jiti/register examples/first-collector/main.ts [--port 8000]
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";
import { metricsHandler, processCollector, Registry } from "@linklight/client";
import machine from "./collector.ts";

const { values } = parseArgs({ options: { port: { type: "string", default: "8000" } } });

const registry = new Registry();
registry.register(processCollector(), machine);

// A plain request listener: it fits node:http and every framework on top of it.
const server = createServer(metricsHandler(registry));

server.listen(Number(values.port), "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`Prometheus server listening on port ${port}\n`);
});
