import { createServer } from "node:http";
import process from "node:process";

/** Serves a listener on a free port of the loopback interface, says which, and ends with the bench. */
export function serve(listener) {
  const server = createServer(listener);
  server.listen(0, "127.0.0.1", () => {
    process.stdout.write(`listening ${server.address().port}\n`);
  });
  process.once("disconnect", () => process.exit());
}

/** How many series the bench asked for. */
export const series = Number(process.argv[2]);
