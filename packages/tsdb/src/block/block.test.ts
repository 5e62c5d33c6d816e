import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Labels, type Matcher } from "@linklight/model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { XorChunk } from "../chunk/xor-chunk.ts";
import { PageCache } from "../disk/page-cache.ts";
import { CorruptionError } from "../encoding/corruption.ts";
import type { ReadableSeries } from "../query/select.ts";
import { Block } from "./block-reader.ts";
import { BlockWriter, type EncodedChunk } from "./block-writer.ts";

const ULID = "01JD000000000000000000000A";
let parent: string;
let block: Block;

beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), "linklight-block-"));
  await writeExample(parent);
  block = await Block.open(join(parent, ULID), new PageCache());
});

afterAll(() => {
  block.close();
  rmSync(parent, { recursive: true });
});

describe("a block", () => {
  it("gives back every series with every sample", () => {
    const all = [...block.select({ matchers: [], minTime: 0, maxTime: 1e12 })];
    expect(all.map(({ labels }) => labels.toString())).toEqual([
      'rx_bytes_total{port="1"}',
      'rx_bytes_total{port="2"}',
      'rx_bytes_total{port="3", switch="ﬀ"}',
      'rx_bytes_total{port="3", switch="😀"}',
    ]);
    expect(read(all[1])).toEqual(Array.from({ length: 240 }, (_, i) => [i * 15_000, 1000 + i]));
  });

  it.each([
    ["=", "port", "3", 2],
    ["!=", "port", "3", 2],
    ["=", "switch", "", 2],
    ["!=", "switch", "", 2],
    ["=~", "port", "1|2", 2],
    ["!~", "switch", ".+", 2],
    ["=", "port", "9", 0],
    ["=", "absent", "", 4],
  ] as const)("finds series by %s on %s with %j", (operator, name, value, count) => {
    const matchers = [matcher(name, operator, value)];
    expect([...block.select({ matchers, minTime: 0, maxTime: 1e12 })]).toHaveLength(count);
  });

  it("reads only what lies within the time that is asked for", () => {
    const [first] = block.select({
      matchers: [matcher("port", "=", "1")],
      minTime: 0,
      maxTime: 1e9,
    });
    expect(read(first, 1_799_999, 1_830_000)).toEqual([
      [1_800_000, 120],
      [1_815_000, 121],
      [1_830_000, 122],
    ]);
    expect([...block.select({ matchers: [], minTime: 4e6, maxTime: 5e6 })]).toEqual([]);
  });

  it("lists label names and values, of all series and of some", () => {
    expect(block.labelNames()).toEqual(["__name__", "port", "switch"]);
    expect([...block.labelSets([matcher("port", "=", "1")])].map(String)).toEqual([
      'rx_bytes_total{port="1"}',
    ]);
    // By UTF-8 bytes, not by UTF-16 units: the emoji is the greater one.
    expect(block.labelValues("switch")).toEqual(["ﬀ", "😀"]);
  });

  it("says which file and which place is damaged, for every byte that is", async () => {
    const directory = join(parent, ULID);
    for (const name of ["index", "chunks/000001", "tombstones"]) {
      const path = join(directory, name);
      const sound = readFileSync(path);
      const step = Math.max(1, Math.floor(sound.length / 200));
      for (let i = 0; i < sound.length; i += step) {
        const damaged = Buffer.from(sound);
        damaged[i] = (damaged[i] as number) ^ 0x10;
        writeFileSync(path, damaged);
        const outcome = await everything(directory);
        // Padding and unused bytes of headers may differ without harm; nothing may be invented.
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(CorruptionError);
        else expect(outcome).toEqual(everythingOf(block));
      }
      writeFileSync(path, sound);
    }
  });

  it("leaves nothing behind when it is given up", async () => {
    const writer = await BlockWriter.begin(parent, exampleBlock("01JD000000000000000000000B"));
    writer.add(Labels.from({ __name__: "a" }), chunksOf(0));
    await writer.abandon();
    expect(readdirSync(parent)).toEqual([ULID]);
  });
});

async function everything(directory: string): Promise<unknown> {
  try {
    const opened = await Block.open(directory, new PageCache());
    try {
      return everythingOf(opened);
    } finally {
      opened.close();
    }
  } catch (error) {
    return error;
  }
}

function everythingOf(one: Block): unknown {
  const all = one.select({ matchers: [], minTime: 0, maxTime: 1e12 });
  return Array.from(all, (series) => [series.labels.toString(), read(series)]);
}

function exampleBlock(ulid: string) {
  return {
    ulid,
    minTime: 0,
    maxTime: 3_600_000,
    compaction: { level: 1, sources: [ulid] },
    symbols: ["__name__", "rx_bytes_total", "port", "1", "2", "3", "switch", "😀", "ﬀ", "a"],
    maxSegmentBytes: 2000,
  };
}

async function writeExample(directory: string): Promise<void> {
  const writer = await BlockWriter.begin(directory, exampleBlock(ULID));
  const name = "rx_bytes_total";
  writer.add(Labels.from({ __name__: name, port: "1" }), chunksOf(0));
  writer.add(Labels.from({ __name__: name, port: "2" }), chunksOf(1000));
  writer.add(Labels.from({ __name__: name, port: "3", switch: "ﬀ" }), chunksOf(2));
  writer.add(Labels.from({ __name__: name, port: "3", switch: "😀" }), chunksOf(3));
  await writer.finish();
}

/** Two chunks of 120 samples each, 15 s apart. */
function chunksOf(first: number): EncodedChunk[] {
  return [0, 120].map((from) => {
    const chunk = new XorChunk();
    for (let i = from; i < from + 120; i++) chunk.append(i * 15_000, first + i);
    const { minTime, maxTime, count } = chunk;
    return { minTime, maxTime, encoding: 1, data: chunk.bytes(), samples: count };
  });
}

function read(series: ReadableSeries | undefined, minTime = 0, maxTime = 1e12): [number, number][] {
  const into = {
    length: 0,
    timestamps: new Float64Array(500),
    values: new Float64Array(500),
    reserve: () => {},
  };
  series?.read(into, minTime, maxTime);
  return Array.from({ length: into.length }, (_, i) => [
    into.timestamps[i] as number,
    into.values[i] as number,
  ]);
}

function matcher(name: string, operator: Matcher["operator"], value: string): Matcher {
  const pattern = new RegExp(`^(?:${value})$`);
  return {
    name,
    operator,
    value,
    matches: (candidate) => {
      const equal = operator.endsWith("~") ? pattern.test(candidate) : candidate === value;
      return operator.startsWith("!") ? !equal : equal;
    },
  };
}
