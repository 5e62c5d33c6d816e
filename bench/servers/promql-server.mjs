// Answers PromQL as Prometheus' API does, over the directory of a database:
//
//	promql-server.mjs DIRECTORY blocks|memory
//
// From the blocks, whose chunks are decoded for each query; or from columns of numbers, read once at the start.
import { once } from "node:events";
import process from "node:process";
import { setImmediate } from "node:timers/promises";
import { apiErrorOf, Engine, SampleColumns, writeError, writeResult } from "@linklight/promql";
import { MemoryStorage } from "@linklight/promql/memory";
import { DbReader } from "@linklight/tsdb";
import { serve } from "./serve.mjs";

const PATIENCE_MS = 5;

const [, , directory, source] = process.argv;
const engine = new Engine();
const blocks = await DbReader.open(directory);
const storage = source === "memory" ? await inMemory(blocks) : blocks;

serve(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://127.0.0.1");
  const query = searchParams.get("query") ?? "";
  const ms = (name) => Number(searchParams.get(name)) * 1000;
  try {
    const result = pathname.endsWith("_range")
      ? await engine.range(storage, {
          ...{ query, startMs: ms("start"), endMs: ms("end"), stepMs: ms("step") },
        })
      : await engine.instant(storage, { query, timeMs: ms("time") });
    response.writeHead(200, { "Content-Type": "application/json" });
    await send(writeResult(result, query), response);
  } catch (error) {
    response.writeHead(500).end(writeError(apiErrorOf(error) ?? internal(error)));
  }
});

/** A client that reads as fast as this writes lets no other event in between: so the loop has its turn now and then. */
async function send(chunks, response) {
  let since = performance.now();
  for (const chunk of chunks) {
    if (!response.write(chunk)) await once(response, "drain");
    if (performance.now() - since < PATIENCE_MS) continue;
    await setImmediate();
    since = performance.now();
  }
  response.end();
}

async function inMemory(reader) {
  const everything = { minTime: Number.MIN_SAFE_INTEGER, maxTime: Number.MAX_SAFE_INTEGER };
  const memory = new MemoryStorage();
  const columns = new SampleColumns();
  for (const series of (await reader.select({ matchers: [], ...everything })).series) {
    columns.clear();
    series.read(columns, everything.minTime, everything.maxTime);
    memory.appendAll(series.labels, samplesOf(columns));
  }
  reader.close();
  return memory;
}

function* samplesOf({ timestamps, values, length }) {
  for (let i = 0; i < length; i++) yield { timestamp: timestamps[i], value: values[i] };
}

function internal(error) {
  return { errorType: "internal", error: String(error?.stack ?? error) };
}
