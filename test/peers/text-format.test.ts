import { Entry, layout, parseFamilies, TextParser, writeFamilies } from "@linklight/exposition";
import { Labels, METRIC_NAME } from "@linklight/model";
import { describe, expect, it } from "vitest";
import { findPeer, PROMETHEUS_PEERS } from "../harness/peer.ts";
import { promtool } from "../harness/promtool.ts";
import { pythonParse } from "../harness/python-client.ts";
import { everyType } from "./every-type.ts";
import { expectedSamples, type SampleMap, sampleMap } from "./expected-samples.ts";

const families = everyType();
const page = writeFamilies(families, layout("text-0.0.4"));
const expected = expectedSamples(families, { createdSeries: false, gaugeTotals: true });

function ownSamples(bytes: Uint8Array): SampleMap {
  const samples: [Labels, number][] = [];
  const parser = new TextParser(bytes);
  for (let entry = parser.next(); entry !== Entry.END; entry = parser.next()) {
    if (entry === Entry.SERIES) samples.push([parser.labels(), parser.value]);
  }
  return sampleMap(samples);
}

describe("text 0.0.4 as we write it", () => {
  it("is read back with the same samples by our own parser", () => {
    expect(ownSamples(page)).toEqual(expected);
    expect(() => parseFamilies("text-0.0.4", page)).not.toThrow();
  });

  it.skipIf(!findPeer("python-client"))(
    "is read back with the same samples by Python",
    async () => {
      const read = await pythonParse("text", page);
      const samples = read.flatMap((family) =>
        family.samples.map(
          ({ name, labels, value }) =>
            [Labels.from({ ...labels, [METRIC_NAME]: name }), value] as const,
        ),
      );
      expect(sampleMap(samples)).toEqual(expected);
    },
  );

  describe.each(PROMETHEUS_PEERS)("checked by the promtool of $title", ({ role, missing }) => {
    it.skipIf(missing)("is accepted without findings", async () => {
      const result = await promtool(role, ["check", "metrics"], { stdin: page });
      expect(result).toEqual({ code: 0, stdout: "", stderr: "" });
    });
  });
});
