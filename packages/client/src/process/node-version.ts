import { InfoFamily } from "../family/number-family.ts";
import type { RuntimePart } from "./runtime-part.ts";

/** Which Node runs, given as `20.19.0`. */
export function nodeVersion(version: string): RuntimePart {
  const [major = "", minor = "", patch = ""] = version.split(".");
  const family = new InfoFamily({
    name: "nodejs_version_info",
    help: "The version of Node.js that runs this process.",
    labelNames: ["version", "major", "minor", "patch"],
  }).add({ version: `v${version}`, major, minor, patch });
  return { families: [family], update: () => undefined };
}
