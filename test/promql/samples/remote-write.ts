import { isStaleMarker } from "@linklight/model";
import type { SampledSeries } from "./sampled-series.ts";

/** Less than what Prometheus keeps open behind its newest sample, so that every series can follow. */
const SLICE_MS = 20 * 60_000;
/** A literal of snappy is at most this long here: two bytes of length. */
const LITERAL_BYTES = 65_536;

/**
 * Gives series to a Prometheus that was started with `--web.enable-remote-write-receiver`, bit by bit, staleness
 * markers included, which no exposition could hold. All series go forward in time together.
 */
export async function remoteWrite(url: string, series: readonly SampledSeries[]): Promise<void> {
  const starts = series.map(({ timestamps }) => timestamps[0] ?? Number.POSITIVE_INFINITY);
  const ends = series.map(({ timestamps }) => timestamps.at(-1) ?? 0);
  const end = ends.reduce((a, b) => Math.max(a, b));
  for (let from = starts.reduce((a, b) => Math.min(a, b)); from <= end; from += SLICE_MS) {
    const response = await fetch(`${url}/api/v1/write`, {
      method: "POST",
      headers: {
        "Content-Type": "application/x-protobuf",
        "Content-Encoding": "snappy",
        "X-Prometheus-Remote-Write-Version": "0.1.0",
      },
      body: snappyOf(writeRequest(series, from, from + SLICE_MS)),
    });
    if (!response.ok) throw new Error(`remote write: ${response.status} ${await response.text()}`);
  }
}

// message WriteRequest { repeated TimeSeries timeseries = 1; }
function writeRequest(series: readonly SampledSeries[], from: number, to: number): Uint8Array {
  return Buffer.concat(
    series.flatMap((each) => {
      const samples = samplesBetween(each, from, to);
      return samples.length === 0 ? [] : [field(1, Buffer.concat([...labelsOf(each), ...samples]))];
    }),
  );
}

// message TimeSeries { repeated Label labels = 1; repeated Sample samples = 2; }
// message Label { string name = 1; string value = 2; }
function labelsOf({ labels }: SampledSeries): Buffer[] {
  return [...labels].map(([name, value]) =>
    field(1, Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(value))])),
  );
}

// message Sample { double value = 1; int64 timestamp = 2; }
function samplesBetween(series: SampledSeries, from: number, to: number): Buffer[] {
  const samples: Buffer[] = [];
  series.timestamps.forEach((timestamp, i) => {
    if (timestamp < from || timestamp >= to) return;
    const value = Buffer.alloc(9, (1 << 3) | 1);
    const number = series.values[i] as number;
    // Prometheus' ordinary NaN; JavaScript's own has another payload.
    if (isStaleMarker(number)) value.writeBigUInt64LE(0x7ff0000000000002n, 1);
    else if (Number.isNaN(number)) value.writeBigUInt64LE(0x7ff8000000000001n, 1);
    else value.writeDoubleLE(number, 1);
    samples.push(field(2, Buffer.concat([value, Buffer.of(2 << 3), varint(timestamp)])));
  });
  return samples;
}

function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.of((number << 3) | 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}

/** Snappy's block format, without compressing anything. */
function snappyOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const parts: Buffer[] = [varint(bytes.length)];
  for (let at = 0; at < bytes.length; at += LITERAL_BYTES) {
    const literal = bytes.subarray(at, at + LITERAL_BYTES);
    const length = literal.length - 1;
    parts.push(Buffer.of(61 << 2, length & 255, length >> 8), Buffer.from(literal));
  }
  return new Uint8Array(Buffer.concat(parts));
}
