import process from "node:process";
import { type Check, type Finding, ok, wrong } from "../doctor/check.ts";

/** `engines` of package.json. */
const OLDEST = [20, 19, 0] as const;

/** Whether this Node is one that linklight runs on. */
export const nodeCheck: Check = {
  name: "node",
  needs: [],
  run: () => Promise.resolve([nodeFinding(process.versions.node)]),
};

/** What is to be said of a version of Node, such as `20.19.0`. */
export function nodeFinding(version: string): Finding {
  const parts = version.split(".").map(Number);
  for (const [i, oldest] of OLDEST.entries()) {
    const part = parts[i] ?? 0;
    if (part > oldest) break;
    if (part < oldest) {
      const needed = OLDEST.join(".");
      return wrong(
        `Node ${version} is older than ${needed}`,
        `install Node ${needed} or newer from https://nodejs.org`,
      );
    }
  }
  return ok(`Node ${version}`);
}
