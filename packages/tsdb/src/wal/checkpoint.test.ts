import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Labels } from "@linklight/model";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ByteWriter } from "../encoding/byte-writer.ts";
import { Pause } from "../turns/pause.ts";
import { listCheckpoints, removeLeftovers, writeCheckpoint } from "./checkpoint.ts";
import {
  decodeRecord,
  encodeMetadata,
  encodeSamples,
  encodeSeries,
  encodeTombstones,
} from "./records.ts";
import { readWal } from "./wal-reader.ts";
import { WalWriter } from "./wal-writer.ts";

const EVERYTHING = { minTime: 0, needsRef: () => true };
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "linklight-checkpoint-"));
});

afterEach(() => rmSync(directory, { recursive: true }));

describe("a checkpoint", () => {
  it("keeps what is needed of the segments that it replaces, and only the latest metadata", async () => {
    await writeSegments(3);
    await writeCheckpoint(
      directory,
      1,
      { minTime: 1000, needsRef: (ref) => ref !== 0 },
      new Pause(),
    );
    expect(readdirSync(directory)).toEqual(["00000002", "checkpoint.00000001"]);
    expect(contents(join(directory, "checkpoint.00000001"))).toEqual([
      '1={n="1"}',
      "1@1000",
      "1-[1000,1001]",
      "unread",
      "1: help 1",
    ]);
  });

  it("replaces the one before it", async () => {
    await writeSegments(4);
    await writeCheckpoint(directory, 1, EVERYTHING, new Pause());
    const first = contents(join(directory, "checkpoint.00000001"));
    await writeCheckpoint(directory, 2, EVERYTHING, new Pause());
    expect(readdirSync(directory)).toEqual(["00000003", "checkpoint.00000002"]);
    const second = contents(join(directory, "checkpoint.00000002"));
    expect(first.filter((one) => !second.includes(one))).toEqual([]);
    expect(second).toContain("2@2000");
  });

  it("loses nothing when a crash came between it and the removal of what it replaces", async () => {
    await writeSegments(6);
    await writeCheckpoint(directory, 1, EVERYTHING, new Pause());
    cpSync(directory, `${directory}.before`, { recursive: true });
    await writeCheckpoint(directory, 4, EVERYTHING, new Pause());
    const expected = contents(join(directory, "checkpoint.00000004"));
    // Segments 3 and 4 and the checkpoint before were not removed any more.
    for (const name of ["00000003", "00000004", "checkpoint.00000001"])
      cpSync(join(`${directory}.before`, name), join(directory, name), { recursive: true });
    rmSync(`${directory}.before`, { recursive: true });
    for (const last of [3, 4]) await writeCheckpoint(directory, last, EVERYTHING, new Pause());
    expect(readdirSync(directory)).toEqual(["00000005", "checkpoint.00000004"]);
    expect(contents(join(directory, "checkpoint.00000004"))).toEqual(expected);
  });

  it("that fails leaves the log as it was", async () => {
    await writeSegments(3);
    const names = readdirSync(directory);
    const needs = {
      minTime: 0,
      needsRef: (): boolean => {
        throw new Error("full");
      },
    };
    await expect(writeCheckpoint(directory, 1, needs, new Pause())).rejects.toThrow("full");
    expect(readdirSync(directory)).toEqual(names);
  });

  it("gives its number to the segment that follows, where no other is left", async () => {
    await writeSegments(3);
    await writeCheckpoint(directory, 1, EVERYTHING, new Pause());
    rmSync(join(directory, "00000002"));
    const checkpoint = listCheckpoints(directory).at(-1)?.number ?? -1;
    const wal = new WalWriter(directory, { checkpoint });
    await wal.close();
    await removeLeftovers(directory);
    expect(readdirSync(directory)).toEqual(["00000002", "checkpoint.00000001"]);
  });
});

/** Segment n holds series n, its metadata, a sample at n seconds, a deletion, and a record of exemplars. */
async function writeSegments(count: number): Promise<void> {
  const wal = new WalWriter(directory);
  for (let n = 0; n < count; n++) {
    const columns = {
      length: 1,
      refs: Float64Array.of(n),
      timestamps: Float64Array.of(1000 * n),
      values: Float64Array.of(n),
    };
    wal.log([
      record((into) => encodeSeries(into, [{ ref: n, labels: Labels.from({ n: `${n}` }) }])),
      record((into) => encodeMetadata(into, [{ ref: n, type: 1, help: "old", unit: "" }])),
      record((into) => encodeMetadata(into, [{ ref: n, type: 1, help: `help ${n}`, unit: "" }])),
      record((into) => encodeSamples(into, columns)),
      record((into) =>
        encodeTombstones(into, [{ ref: n, minTime: 1000 * n, maxTime: 1000 * n + 1 }]),
      ),
    ]);
    if (n === 1) wal.log([Uint8Array.from([4, 1])]);
    if (n < count - 1) wal.cut();
  }
  await wal.close();
}

function record(encode: (into: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter();
  encode(writer);
  return writer.bytes().slice();
}

function contents(path: string): string[] {
  const lines: string[] = [];
  for (const { data } of readWal(path)) {
    const decoded = decodeRecord(data, path);
    if (decoded.type === "series")
      lines.push(...decoded.series.map(({ ref, labels }) => `${ref}=${labels}`));
    else if (decoded.type === "samples")
      lines.push(
        ...Array.from(
          { length: decoded.samples.length },
          (_, i) => `${decoded.samples.refs[i]}@${decoded.samples.timestamps[i]}`,
        ),
      );
    else if (decoded.type === "tombstones")
      lines.push(
        ...decoded.tombstones.map(({ ref, minTime, maxTime }) => `${ref}-[${minTime},${maxTime}]`),
      );
    else if (decoded.type === "metadata")
      lines.push(...decoded.metadata.map(({ ref, help }) => `${ref}: ${help}`));
    else lines.push("unread");
  }
  return lines;
}
