import {
  Entry,
  layout,
  OpenMetricsParser,
  parseFamilies,
  writeFamilies,
} from "@linklight/exposition";
import { Labels, METRIC_NAME } from "@linklight/model";
import { describe, expect, it } from "vitest";
import { findPeer, PROMETHEUS_PEERS } from "../harness/peer.ts";
import { pythonParse } from "../harness/python-client.ts";
import { CREATED_MS, everyType, withTimestamp } from "./every-type.ts";
import { expectedSamples, type SampleMap, sampleMap } from "./expected-samples.ts";
import { dumpBlocksFrom } from "./tsdb-dump.ts";

// promtool makes blocks of samples with timestamps only; a whole number of milliseconds.
const TIMESTAMP_MS = CREATED_MS + 60_000;
const families = withTimestamp(everyType(), TIMESTAMP_MS);
const page = writeFamilies(families, layout("openmetrics-1.0.0"));
const expected = expectedSamples(families, { createdSeries: true, gaugeTotals: true });

function ownSamples(bytes: Uint8Array): SampleMap {
  const samples: [Labels, number][] = [];
  const parser = new OpenMetricsParser(bytes);
  for (let entry = parser.next(); entry !== Entry.END; entry = parser.next()) {
    if (entry === Entry.SERIES) samples.push([parser.labels(), parser.value]);
  }
  return sampleMap(samples);
}

describe("OpenMetrics as we write it", () => {
  it("is read back with the same samples by our own parser", () => {
    expect(ownSamples(page)).toEqual(expected);
    expect(() => parseFamilies("openmetrics-1.0.0", page)).not.toThrow();
  });

  describe.skipIf(!findPeer("python-client"))("read by Python", () => {
    it("has the same samples", async () => {
      const read = await pythonParse("openmetrics", page);
      const samples = read.flatMap((family) =>
        family.samples.map(
          ({ name, labels, value }) =>
            [Labels.from({ ...labels, [METRIC_NAME]: name }), value] as const,
        ),
      );
      expect(sampleMap(samples)).toEqual(expected);
    });

    it("has the same types, units, help texts, timestamps and exemplars", async () => {
      const read = await pythonParse("openmetrics", page);
      const metadata = ({
        type,
        help,
        unit,
      }: {
        type: string;
        help: string;
        unit: string;
      }): string[] => [type, help, unit];
      expect(read.map(metadata)).toEqual(families.map(metadata));
      const samples = read.flatMap((family) => family.samples);
      expect(new Set(samples.map((sample) => sample.timestamp))).toEqual(
        new Set([TIMESTAMP_MS / 1000]),
      );
      expect(samples.flatMap(({ exemplar }) => (exemplar === undefined ? [] : [exemplar]))).toEqual(
        [
          { labels: { trace_id: "4bf92f3577b34da6" }, value: 1, timestamp: CREATED_MS / 1000 },
          { labels: { trace_id: "a" }, value: 0.7, timestamp: undefined },
        ],
      );
    });
  });

  describe.each(PROMETHEUS_PEERS)(
    "made into blocks by the promtool of $title",
    ({ role, missing }) => {
      it.skipIf(missing)("has the same samples at the same time", async () => {
        const dumped = await dumpBlocksFrom(role, page);
        expect(sampleMap(dumped.map(({ labels, value }) => [labels, value]))).toEqual(expected);
        expect(new Set(dumped.map(({ timestamp }) => timestamp))).toEqual(new Set([TIMESTAMP_MS]));
      });
    },
  );
});
