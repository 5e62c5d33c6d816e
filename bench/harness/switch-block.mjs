import { join } from "node:path";
import { compareUtf8, Labels } from "@linklight/model";
import { BlockWriter, XorChunk } from "@linklight/tsdb";
import { randomFrom } from "./random.mjs";

/** Midnight, so that twelve hours from here are one range of blocks. */
export const START_MS = 1_767_571_200_000;
export const INTERVAL_MS = 15_000;

const ULID = "01KE5ZZZZZ0000000000BENCH0";
const SAMPLES_PER_CHUNK = 120;
const PORTS = 50;
const BUCKETS = [
  "0.0001",
  "0.00025",
  "0.0005",
  "0.001",
  "0.0025",
  "0.005",
  "0.01",
  "0.025",
  "0.1",
  "+Inf",
];
const SPEEDS = ["25GBPS", "100GBPS", "400GBPS"];

/**
 * The samples that switches give, as columns: four families of `count` series each. Gives for each series its
 * labels and what writes its values; ascending by labels.
 *
 * ```
 * rx_octets_total{instance,port}                a counter; one in ten ports is idle, one in fifty was restarted
 * queue_delay_seconds_bucket{instance,queue,le} classic histograms of ten buckets
 * buffer_level_bytes{instance,port}             a gauge of whole numbers
 * port_info{instance,port,speed}                always 1
 * ```
 */
export function switchSeries(count) {
  const series = [];
  const add = (labels, fill, at) => series.push({ labels: Labels.from(labels), fill, at });
  for (let i = 0; i < count; i++) {
    const at = Math.floor(i / PORTS);
    const counter = portLabels(i);
    const { __name__, ...own } = counter;
    const { instance } = own;
    add(counter, (values) => octets(values, i), at);
    add({ __name__: "buffer_level_bytes", ...own }, (values) => levels(values, i), at);
    const speed = SPEEDS[i % SPEEDS.length];
    add({ __name__: "port_info", ...own, speed }, (values) => values.fill(1), at);
    const bucket = i % BUCKETS.length;
    const queue = String(Math.floor((i % PORTS) / BUCKETS.length));
    const delay = { __name__: "queue_delay_seconds_bucket", instance, job: "switch", queue };
    const seed = Math.floor(i / BUCKETS.length);
    add({ ...delay, le: BUCKETS[bucket] }, (values) => delays(values, seed, bucket), at);
  }
  return series.sort((a, b) => a.labels.compare(b.labels));
}

/** The labels of the octets that a port received. */
export function portLabels(i) {
  return {
    __name__: "rx_octets_total",
    instance: `leaf${Math.floor(i / PORTS) + 1}`,
    job: "switch",
    port: `Ethernet1/${(i % PORTS) + 1}`,
  };
}

/** Writes `samples` samples of each series at 15 s as one block into a directory, as Prometheus' head would cut its chunks. */
export async function writeSwitchBlock(directory, { count, samples }) {
  const series = switchSeries(count);
  const maxTime = START_MS + samples * INTERVAL_MS;
  const symbols = new Set(series.flatMap(({ labels }) => [...labels].flat()));
  const writer = await BlockWriter.begin(directory, {
    ...{ ulid: ULID, minTime: START_MS, maxTime },
    compaction: { level: 1, sources: [ULID] },
    symbols: [...symbols].sort(compareUtf8),
  });
  const values = new Float64Array(samples);
  for (const { labels, fill, at } of series) {
    fill(values);
    writer.add(labels, chunksOf(values, START_MS + offsetMs(at)));
  }
  await writer.finish();
  return { block: join(directory, ULID), samples: series.length * samples };
}

/** Writes a block whose series have one sample each, and a label value that no other has. */
export async function writeWideBlock(directory, count) {
  const all = Array.from({ length: count }, (_, i) =>
    Labels.from({ __name__: "up", instance: `host-${(i * 7_919) % 1_000_003}`, job: "switch" }),
  ).sort((a, b) => a.compare(b));
  const writer = await BlockWriter.begin(directory, {
    ...{ ulid: ULID, minTime: START_MS, maxTime: START_MS + INTERVAL_MS },
    compaction: { level: 1, sources: [ULID] },
    symbols: all.flatMap((labels) => [...labels].flat()),
  });
  for (const labels of all) writer.add(labels, chunksOf(new Float64Array(1), START_MS));
  await writer.finish();
  return join(directory, ULID);
}

/** Each switch is scraped at a moment of its own. */
export function offsetMs(at) {
  return (at * 2_477) % INTERVAL_MS;
}

function chunksOf(values, firstTime) {
  const chunks = [];
  for (let from = 0; from < values.length; from += SAMPLES_PER_CHUNK) {
    const chunk = new XorChunk();
    const end = Math.min(values.length, from + SAMPLES_PER_CHUNK);
    for (let i = from; i < end; i++) chunk.append(firstTime + i * INTERVAL_MS, values[i]);
    const { minTime, maxTime, count } = chunk;
    chunks.push({ minTime, maxTime, encoding: 1, data: chunk.bytes(), samples: count });
  }
  return chunks;
}

function octets(values, i) {
  const random = randomFrom(i + 1);
  const perInterval = i % 10 === 9 ? 0 : 1e9 * (0.1 + random());
  const restart = i % 50 === 7 ? Math.floor(values.length * random()) : -1;
  let total = Math.floor(1e12 * random());
  for (let k = 0; k < values.length; k++) {
    total = k === restart ? 0 : total + Math.floor(perInterval * (0.75 + 0.5 * random()));
    values[k] = total;
  }
}

function levels(values, i) {
  const random = randomFrom(i + 100_003);
  for (let k = 0; k < values.length; k++) {
    // Empty most of the time, and cells of 208 bytes.
    const isBusy = random() < 0.3;
    values[k] = isBusy ? 208 * Math.floor(40_000 * random() ** 3) : 0;
  }
}

/** A histogram's buckets see the same observations, each up to its bound. */
function delays(values, seed, bucket) {
  const random = randomFrom(seed + 200_003);
  let total = 0;
  for (let k = 0; k < values.length; k++) {
    const observed = Math.floor(1000 * random());
    const skew = 0.5 + random();
    total += Math.round(observed * ((bucket + 1) / BUCKETS.length) ** skew);
    values[k] = total;
  }
}
