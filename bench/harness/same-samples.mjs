import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { Entry, TextParser } from "@linklight/exposition";

/**
 * What a page of text says, whatever its order and number style: how many series it has, and a digest of
 * all series with their values.
 */
export function digestOf(chunks, encoding) {
  const body = Buffer.concat(chunks);
  const parser = new TextParser(encoding === "gzip" ? gunzipSync(body) : body);
  const samples = [];
  for (let entry = parser.next(); entry !== Entry.END; entry = parser.next()) {
    if (entry === Entry.SERIES) samples.push(`${parser.labels().key} ${parser.value}`);
  }
  // What a server says of itself is not what it was asked to show.
  const asked = samples.filter((sample) => !sample.includes("linklight_collector"));
  const digest = createHash("sha256").update(asked.sort().join("\n")).digest("hex");
  return { series: asked.length, digest };
}
