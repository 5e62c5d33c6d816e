import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describeFailure, runScript } from "@linklight/promql/script";
import { afterAll, describe, expect, it } from "vitest";
import { findPeer } from "../harness/peer.ts";
import { RealEngine } from "../promql/sides/real-engine.ts";

const version = findPeer("prometheus-3")?.version;
const folder = fileURLToPath(new URL("../../conformance/promql/", import.meta.url));

// These are about what a Prometheus before 3.14 cannot do, or does in another way.
const NEWER = /^newer-/;

const scripts = readdirSync(folder)
  .filter((name) => name.endsWith(".test") && !NEWER.test(name))
  .sort();

/** What our own scripts expect is what a real Prometheus answers. */
describe.skipIf(version === undefined)(`Our scripts on Prometheus ${version}`, () => {
  const engine = new RealEngine();
  afterAll(() => engine.stop());

  it.each(scripts)("%s holds", async (name) => {
    const failures: string[] = [];
    for await (const { failure } of runScript(readFileSync(`${folder}/${name}`, "utf8"), {
      engine,
    }))
      if (failure !== undefined) failures.push(describeFailure(failure, name));
    expect(failures).toEqual([]);
  });
});
