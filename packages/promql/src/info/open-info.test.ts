import { describe, expect, it } from "vitest";
import { Engine } from "../engine/engine.ts";
import { MemoryStorage } from "../queryable/memory-storage.ts";

const engine = new Engine({ features: "all" });
const SAME = { instance: "a", job: "x" };

function storage(): MemoryStorage {
  const stored = new MemoryStorage();
  for (const [name, labels, times] of [
    ["rx", { port: "1" }, [0, 1, 2]],
    ["target_info", { os: "linux", version: "1" }, [0, 1]],
    ["target_info", { os: "linux", version: "2" }, [2]],
    ["build_info", { revision: "abc" }, [0, 1, 2]],
    ["rival_info", { os: "bsd" }, [0, 1, 2]],
    ["twin_info", { n: "1" }, [0]],
    ["twin_info", { n: "2" }, [0]],
  ] as const) {
    for (const minute of times)
      stored.append(
        { __name__: name, ...SAME, ...labels },
        { timestamp: minute * 60_000, value: 1 },
      );
  }
  return stored;
}

/** The labels of the result at each of three minutes. */
async function ask(query: string): Promise<Record<string, number[]>> {
  const { value } = await engine.range(storage(), {
    query,
    startMs: 0,
    endMs: 120_000,
    stepMs: 60_000,
  });
  if (value.type !== "matrix") throw new TypeError(`a ${value.type}`);
  return Object.fromEntries(
    value.series.map(({ labels, timestamps }) => [
      String(labels.without("instance", "job")),
      Array.from(timestamps, (timestamp) => timestamp / 60_000),
    ]),
  );
}

describe("info()", () => {
  it.each<[string, Record<string, number[]>]>([
    [
      "info(rx)",
      {
        'rx{os="linux", port="1", version="1"}': [0, 1],
        'rx{os="linux", port="1", version="2"}': [2],
      },
    ],
    [
      'info(rx, {version=~".+"})',
      { 'rx{port="1", version="1"}': [0, 1], 'rx{port="1", version="2"}': [2] },
    ],
    ['info(rx, {version="2"})', { 'rx{port="1", version="2"}': [2] }],
    ['info(rx, {nothing=~".+"})', {}],
    ['info(rx, {nothing=~".*"})', { 'rx{port="1"}': [0, 1, 2] }],
    ['info(rx, {__name__="build_info"})', { 'rx{port="1", revision="abc"}': [0, 1, 2] }],
    [
      "info(build_info)",
      {
        'build_info{os="linux", revision="abc", version="1"}': [0, 1],
        'build_info{os="linux", revision="abc", version="2"}': [2],
      },
    ],
    [
      "info(target_info)",
      {
        'target_info{os="linux", version="1"}': [0, 1, 2],
        'target_info{os="linux", version="2"}': [2],
      },
    ],
    [
      "info(abs(rx))",
      { '{os="linux", port="1", version="1"}': [0, 1], '{os="linux", port="1", version="2"}': [2] },
    ],
    ["info(rx @ 60)", { 'rx{os="linux", port="1", version="1"}': [0, 1, 2] }],
    ["info(rx offset 1m)", { 'rx{os="linux", port="1", version="1"}': [1, 2] }],
    ["info(nothing)", {}],
  ])("%s", async (query, expected) => {
    expect(await ask(query)).toEqual(expected);
  });

  it("fails where two info metrics disagree about a label", async () => {
    await expect(ask('info(rx, {__name__=~"target_info|rival_info"})')).rejects.toThrow(
      "conflicting label: os",
    );
  });

  it("fails where two series of an info metric are equally late", async () => {
    await expect(ask('info(rx, {__name__="twin_info"})')).rejects.toThrow(
      'found duplicate series for info metric: existing twin_info{instance="a", job="x", n="1"} @ 0, new twin_info{instance="a", job="x", n="2"} @ 0',
    );
    expect(await ask('info(nothing, {__name__="twin_info"})')).toEqual({});
  });
});
