import { resolve } from "node:path";
import process from "node:process";

/**
 * The path of a file that the user named on the command line, as seen from the working folder. `npm start`
 * runs in the folder of package.json, wherever it was called, and says in INIT_CWD where that was.
 */
export function userPath(path: string, env: NodeJS.ProcessEnv = process.env): string {
  const from = env["npm_lifecycle_event"] === "start" ? env["INIT_CWD"] : undefined;
  return from === undefined || from === process.cwd() ? path : resolve(from, path);
}
