// Prints what Alertmanager sends to its webhook, a line an alert: the receiver of the stack, which needs
// no internet. `docker compose logs --follow notifications` shows them.
import { createServer } from "node:http";
import process from "node:process";

const LONGEST_BODY = 4 * 1024 * 1024;

const server = createServer((request, response) => {
  if (request.method === "GET") {
    response.end("waiting for alerts\n");
    return;
  }
  print(request).then(
    () => response.end(),
    // Alertmanager takes 4xx for final, and does not send again what would be wrong again.
    (error) => {
      process.stdout.write(`not what Alertmanager sends: ${error.message}\n`);
      response.writeHead(400).end();
    },
  );
});

async function print(request) {
  const { alerts } = JSON.parse(await bodyOf(request));
  for (const alert of alerts) process.stdout.write(`${lineOf(alert)}\n`);
}

async function bodyOf(request) {
  const blocks = [];
  let length = 0;
  for await (const block of request) {
    length += block.length;
    if (length > LONGEST_BODY) throw new Error(`longer than ${LONGEST_BODY} bytes`);
    blocks.push(block);
  }
  return Buffer.concat(blocks).toString();
}

function lineOf({ status, labels, annotations, startsAt }) {
  const { alertname, severity, ...others } = labels;
  const where = Object.entries(others).map(([name, value]) => `${name}=${value}`);
  const what = annotations.summary ?? annotations.description ?? "";
  return [
    startsAt,
    status.toUpperCase(),
    severity ?? "-",
    alertname,
    what,
    `(${where.join(" ")})`,
  ].join(" ");
}

server.listen(8080, "0.0.0.0");
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    server.close();
    server.closeAllConnections();
  });
}
