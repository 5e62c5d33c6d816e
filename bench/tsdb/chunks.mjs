import { SampleColumns } from "@linklight/promql";
import { decodeXor, SLACK_BYTES, XorChunk } from "@linklight/tsdb";
import { markdownTable, shown } from "../harness/markdown.mjs";
import { race } from "../harness/race.mjs";
import { INTERVAL_MS, START_MS, switchSeries } from "../harness/switch-block.mjs";

const SERIES = 200;
const SAMPLES = 120;
/** What Prometheus' Go code takes for a sample: it cannot be called from here. */
const GO_NANOSECONDS = 31;

/** Nanoseconds a sample to encode and to decode, for each kind of series that a switch has. */
export function chunks({ quick, print }) {
  const families = new Map();
  for (const { labels, fill } of switchSeries(SERIES)) {
    const name = labels.get("__name__");
    const values = new Float64Array(SAMPLES);
    fill(values);
    families.set(name, [...(families.get(name) ?? []), { values, ...encoded(values) }]);
  }
  families.set("all of them", [...families.values()].flat());
  const rows = [];
  for (const [name, series] of families) {
    const [encode, decode] = race(
      [
        { name: "encode", run: () => encodeAll(series) },
        { name: "decode", run: () => decodeAll(series) },
      ],
      { quick },
    );
    const bytes = series.reduce((sum, { length }) => sum + length, 0) / series.length / SAMPLES;
    rows.push({ name, encode: encode.nanoseconds, decode: decode.nanoseconds, bytes });
  }
  const header = [
    "XOR chunks of 120 samples",
    "encode, ns/sample",
    "decode, ns/sample",
    "bytes/sample",
  ];
  const cells = rows.map(({ name, encode, decode, bytes }) => [
    name,
    ...[encode, decode, bytes].map(shown),
  ]);
  print(`${markdownTable(header, cells)}\n`);
  const { encode, decode } = rows.at(-1);
  return [
    { what: "decode, ns/sample", figure: decode, most: GO_NANOSECONDS },
    { what: "encode, ns/sample", figure: encode, most: GO_NANOSECONDS },
  ];
}

/** A chunk's bytes with the slack that its reader wants. */
function encoded(values) {
  const data = chunkOf(values).bytes();
  const bytes = new Uint8Array(data.length + SLACK_BYTES);
  bytes.set(data);
  return { bytes, length: data.length };
}

/** Used again and again, as a series of the head does it. */
const chunk = new XorChunk();

function chunkOf(values) {
  chunk.clear();
  for (let i = 0; i < SAMPLES; i++) chunk.append(START_MS + i * INTERVAL_MS, values[i]);
  return chunk;
}

function encodeAll(series) {
  let bytes = 0;
  for (const { values } of series) bytes += chunkOf(values).byteLength;
  return bytes > 0 ? series.length * SAMPLES : 0;
}

const columns = new SampleColumns();

function decodeAll(series) {
  let sum = 0;
  for (const { bytes, length } of series) {
    columns.clear();
    decodeXor(bytes, 0, length, columns);
    sum += columns.length;
  }
  return sum;
}
