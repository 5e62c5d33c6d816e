// Stands in for Grafana where its image cannot be pulled. It reads what Grafana would read, at the same
// paths, ends at its start where Grafana would, and asks every query of every dashboard through the
// provisioned data sources. GET /api/health answers as Grafana does; GET /api/check gives the report.
// Runs in a container on Node's own type stripping.
import { createServer, type ServerResponse } from "node:http";
import process from "node:process";
import { checkEverything } from "./check.ts";
import { RefusedStart } from "./problem.ts";
import { readDataSources, readProviders } from "./provisioning.ts";
import { readSettings } from "./settings.ts";

const PORT = 3000;

try {
  const { provisioning } = readSettings(process.env);
  readDataSources(provisioning);
  readProviders(provisioning);
  serve(provisioning);
} catch (error) {
  if (!(error instanceof RefusedStart)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

function serve(provisioning: string): void {
  const server = createServer((request, response) => {
    const [path] = (request.url ?? "/").split("?");
    if (path === "/api/health") {
      answer(response, 200, { database: "ok", version: "stand-in: a checker, not Grafana" });
    } else if (path === "/api/check") {
      checkEverything(provisioning).then(
        (report) => answer(response, 200, report),
        (error: unknown) => answer(response, 500, { error: String(error) }),
      );
    } else {
      answer(response, 404, {
        message: "a checker stands here in place of Grafana; see /api/check",
      });
    }
  });
  server.listen(PORT, () => {
    process.stdout.write(`stand-in for Grafana: a checker listens on port ${PORT}\n`);
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      server.close();
      server.closeAllConnections();
    });
  }
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, { "Content-Type": "application/json" })
    .end(`${JSON.stringify(body)}\n`);
}
