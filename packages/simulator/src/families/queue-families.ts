import { BUSY_LOAD } from "../buffer/losses.ts";
import type { Port, Switch } from "../fabric/fabric.ts";
import type { PortReading } from "../port/port-reading.ts";
import { type BufferPool, poolReading, poolsOf } from "./buffer-pools.ts";
import { LOSSLESS_PRIORITY } from "./packet-families.ts";
import {
  type Detail,
  type NativeFamily,
  type NumberFamilySource,
  type NumberSource,
  numbers,
} from "./switch-family.ts";

/** A port has this many output queues; all traffic goes through {@link LOSSLESS_PRIORITY}'s. */
const QUEUES = 8;
const BUSY_QUEUE = LOSSLESS_PRIORITY;

/** What waits in the output queues of ports, and in the packet memory that they share. */
export const QUEUE_FAMILIES: readonly NativeFamily[] = [
  queueFamily(
    "gauge",
    "switch_queue_depth_bytes",
    "Bytes that wait in an output queue at this moment. Bursts come and go within milliseconds: watch the watermark.",
    ({ queue }) => queue.depthBytes,
  ),
  queueFamily(
    "gauge",
    "switch_queue_watermark_bytes",
    "The most that has waited in an output queue within the last ten seconds, whoever asks and how often.",
    ({ queue }) => queue.watermarkBytes,
  ),
  numbers({
    type: "gauge",
    name: "switch_queue_limit_bytes",
    help: "How much an output queue may hold now: a part of what is free of the shared buffer, less when more queues are full. What comes beyond is dropped.",
    labelNames: ["port", "queue"],
    spread: "sparse",
    series: (node, detail) =>
      queues(node, detail).map(({ port, queue }) => ({
        labels: { port: port.profile.name, queue },
        // Idle queues have the same right to the buffer.
        read: ({ ports }) => shown(ports, port, detail)?.queue.limitBytes,
      })),
  }),
  queueFamily(
    "counter",
    "switch_queue_transmit_bytes_total",
    "Bytes sent from an output queue.",
    ({ transmitted }) => transmitted.bytes,
  ),
  queueFamily(
    "counter",
    "switch_queue_transmit_packets_total",
    "Packets sent from an output queue.",
    ({ transmitted }) => transmitted.packets,
  ),
  queueFamily(
    "counter",
    "switch_queue_dropped_bytes_total",
    "Bytes dropped because an output queue was full.",
    ({ discarded }) => discarded.bytes,
  ),
  queueFamily(
    "counter",
    "switch_queue_dropped_packets_total",
    "Packets dropped because an output queue was full.",
    ({ discarded }) => discarded.packets,
  ),
  queueFamily(
    "counter",
    "switch_queue_ecn_marked_packets_total",
    "Packets marked, because an output queue was getting long, so that their senders slow down: comes before drops.",
    ({ queue }) => queue.ecnMarkedPackets,
  ),
  poolFamily(
    "switch_buffer_size_bytes",
    "Size of a pool of packet memory that output queues share.",
    (pool) => pool.bytes,
  ),
  poolFamily(
    "switch_buffer_used_bytes",
    "How much of a pool of packet memory is in use at this moment.",
    (pool, ports) => poolReading(pool, ports).used,
  ),
  poolFamily(
    "switch_buffer_watermark_bytes",
    "The most of a pool of packet memory that was in use within the last ten seconds.",
    (pool, ports) => poolReading(pool, ports).watermark,
  ),
];

/** The queues that may be shown: all eight of each port, or the one with traffic. */
function queues({ ports }: Switch, detail: Detail): { port: Port; queue: string }[] {
  const names =
    detail === "full" ? Array.from({ length: QUEUES }, (_, i) => String(i)) : [BUSY_QUEUE];
  return ports.flatMap((port) => names.map((queue) => ({ port, queue })));
}

/**
 * The port's reading, unless its queue is idle and idle ones are left out. A queue is idle when nothing has
 * waited long enough in it, since the switch started, to be marked, paused or dropped, and it is not busy
 * now; those of uplinks never are.
 */
function shown(
  ports: readonly PortReading[],
  { index, profile }: Port,
  detail: Detail,
): PortReading | undefined {
  const reading = ports[index] as PortReading;
  const { discarded, load, queue } = reading;
  const wasBusy = discarded.packets > 0 || queue.ecnMarkedPackets > 0 || queue.pfcPausedSeconds > 0;
  return detail === "full" || profile.isUplink || wasBusy || load > BUSY_LOAD ? reading : undefined;
}

function queueFamily(
  type: "counter" | "gauge",
  name: string,
  help: string,
  read: (port: PortReading) => number,
): NumberFamilySource {
  return numbers({
    type,
    name,
    help,
    labelNames: ["port", "queue"],
    spread: "sparse",
    series: (node, detail) =>
      queues(node, detail).map(({ port, queue }): NumberSource => {
        const labels = { port: port.profile.name, queue };
        if (queue !== BUSY_QUEUE) return { labels, read: () => 0 };
        return {
          labels,
          read({ ports }) {
            const reading = shown(ports, port, detail);
            return reading && read(reading);
          },
        };
      }),
  });
}

function poolFamily(
  name: string,
  help: string,
  read: (pool: BufferPool, ports: readonly PortReading[]) => number,
): NumberFamilySource {
  return numbers({
    type: "gauge",
    name,
    help,
    labelNames: ["pool"],
    series: (node) =>
      poolsOf(node).map((pool) => ({
        labels: { pool: pool.name },
        read: ({ ports }) => read(pool, ports),
      })),
  });
}
