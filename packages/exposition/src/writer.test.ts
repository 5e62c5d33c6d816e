import { Labels, type MetricFamily } from "@linklight/model";
import { describe, expect, it } from "vitest";
import type { ExpositionFormat } from "./entry-parser.ts";
import { layout } from "./layout.ts";
import { tabulate } from "./tabulate.ts";
import { ExpositionWriter, writeFamilies } from "./writer.ts";

const FORMATS: readonly ExpositionFormat[] = [
  "text-0.0.4",
  "text-1.0.0",
  "openmetrics-1.0.0",
  "protobuf",
];

const families: readonly MetricFamily[] = [
  {
    name: "rx_packets_total",
    type: "counter",
    help: "Packets received",
    unit: "",
    metrics: Array.from({ length: 50 }, (_, port) => ({
      labels: Labels.from({ port: String(port), speed: "100GBPS" }),
      value: port * 1_234_567,
    })),
  },
];

/** All bytes, written into a few blocks that go round, and whether each block was used as it was given. */
function writeInto(format: ExpositionFormat, sizes: readonly number[]) {
  const writer = new ExpositionWriter(families.map(tabulate), layout(format));
  const given = sizes.map((size) => Buffer.alloc(size, "?"));
  const copies: Buffer[] = [];
  const isInPlace: boolean[] = [];
  for (let i = 0; ; i++) {
    const into = given[i % given.length] as Buffer;
    const bytes = writer.next(into);
    if (bytes === undefined) return { body: Buffer.concat(copies), isInPlace };
    copies.push(Buffer.from(bytes));
    isInPlace.push(bytes.buffer === into.buffer && bytes.byteOffset === into.byteOffset);
  }
}

describe("ExpositionWriter", () => {
  it.each(FORMATS)("writes %s into blocks that are given again and again", (format) => {
    const { body, isInPlace } = writeInto(format, [500, 800]);
    expect(body).toEqual(writeFamilies(families, layout(format)));
    expect(new Set(isInPlace)).toEqual(new Set([true]));
  });

  it.each(FORMATS)("gives a new block for what is longer than the one given, in %s", (format) => {
    const { body, isInPlace } = writeInto(format, [3]);
    expect(body).toEqual(writeFamilies(families, layout(format)));
    expect(new Set(isInPlace)).toEqual(new Set([false]));
  });

  it("writes into a part of a larger buffer and leaves the rest of it alone", () => {
    const large = new Uint8Array(1000).fill(1);
    const writer = new ExpositionWriter(families.map(tabulate), layout("text-0.0.4"));
    const bytes = writer.next(large.subarray(100, 600)) as Uint8Array;
    expect(bytes.byteOffset).toBe(100);
    expect(bytes.length).toBeLessThanOrEqual(500);
    expect(new Set([...large.subarray(0, 100), ...large.subarray(600)])).toEqual(new Set([1]));
  });
});
