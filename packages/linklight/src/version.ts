import { readFileSync } from "node:fs";

/** The version of this package, as its package.json says. */
export function readVersion(): string {
  // As far below package.json in dist/ as in src/.
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}
