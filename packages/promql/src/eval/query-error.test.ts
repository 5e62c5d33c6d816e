import { expect, it } from "vitest";
import { Engine } from "../engine/engine.ts";
import { MemoryStorage } from "../queryable/memory-storage.ts";
import { QueryError } from "./query-error.ts";

const storage = new MemoryStorage();
storage.append({ __name__: "rx_total", port: "1" }, { timestamp: 0, value: 1 });
storage.append({ __name__: "rx_total", port: "2" }, { timestamp: 0, value: 2 });

it.each([
  [
    'label_replace(rx_total, "port", "", "port", ".*")',
    "vector cannot contain metrics with the same labelset",
  ],
  ['count_values("", rx_total)', 'invalid label name ""'],
  [
    "rx_total + on () rx_total",
    'found duplicate series for the match group {} on the right hand-side of the operation: [{__name__="rx_total", port="1"}, {__name__="rx_total", port="2"}];many-to-many matching not allowed: matching labels must be unique on one side',
  ],
])("says that the data do not allow %s", async (query, message) => {
  const error: unknown = await new Engine()
    .instant(storage, { query, timeMs: 0 })
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(QueryError);
  const { code, errorType, message: text } = error as QueryError;
  expect([code, errorType, text]).toEqual(["LINKLIGHT_QUERY_EXECUTION", "execution", message]);
});
