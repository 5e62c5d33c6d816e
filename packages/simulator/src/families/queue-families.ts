import { BUSY_LOAD } from "../buffer/losses.ts";
import { CONTROL, TRAFFIC_CLASSES, type TrafficClass } from "../buffer/traffic-class.ts";
import type { Port, Switch } from "../fabric/fabric.ts";
import type { PortReading, QueueReading } from "../port/port-reading.ts";
import { type BufferPool, poolReading, poolsOf } from "./buffer-pools.ts";
import {
  type Detail,
  type NativeFamily,
  type NumberFamilySource,
  type NumberSource,
  numbers,
} from "./switch-family.ts";

/** A port has this many output queues; those that carry no class stay empty. */
const QUEUES = 8;

/** What waits in the output queues of ports, and in the packet memory that they share. */
export const QUEUE_FAMILIES: readonly NativeFamily[] = [
  queueFamily(
    "gauge",
    "switch_queue_depth_bytes",
    "Bytes that wait in an output queue at this moment. Bursts come and go within milliseconds: watch the watermark.",
    (queue) => queue.depthBytes,
  ),
  queueFamily(
    "gauge",
    "switch_queue_watermark_bytes",
    "The most that has waited in an output queue within the last ten seconds, whoever asks and how often.",
    (queue) => queue.watermarkBytes,
  ),
  queueFamily(
    "gauge",
    "switch_queue_limit_bytes",
    "How much an output queue may hold now: a part of what is free of the shared buffer, less when more ports are full. What comes beyond is dropped.",
    (queue) => queue.limitBytes,
  ),
  queueFamily(
    "counter",
    "switch_queue_transmit_bytes_total",
    "Bytes sent from an output queue.",
    ({ transmitted }, { modulus }) => transmitted.bytes % modulus,
  ),
  queueFamily(
    "counter",
    "switch_queue_transmit_packets_total",
    "Packets sent from an output queue.",
    ({ transmitted }, { modulus }) => transmitted.packets % modulus,
  ),
  queueFamily(
    "counter",
    "switch_queue_dropped_bytes_total",
    "Bytes dropped because an output queue was full.",
    ({ dropped }) => dropped.bytes,
    hasDropped,
  ),
  queueFamily(
    "counter",
    "switch_queue_dropped_packets_total",
    "Packets dropped because an output queue was full.",
    ({ dropped }) => dropped.packets,
    hasDropped,
  ),
  queueFamily(
    "counter",
    "switch_queue_ecn_marked_packets_total",
    "Packets marked, because an output queue was getting long, so that their senders slow down: comes before drops.",
    (queue) => queue.ecnMarkedPackets,
    (_, { isMarked }) => isMarked,
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

/** An output queue of a port, and the position of the class that it carries, if any. */
interface QueuePlace {
  readonly port: Port;
  readonly queue: number;
  readonly kind: number;
}

/** The queues that may be shown: all eight of each port; with `normal` those in which packets may have to wait. */
function queues({ ports }: Switch, detail: Detail): readonly QueuePlace[] {
  const numbered = Array.from({ length: QUEUES }, (_, queue) => ({
    queue,
    kind: TRAFFIC_CLASSES.findIndex((each) => each.queue === queue),
  }));
  const shown = numbered.filter(({ kind }) => detail === "full" || (kind >= 0 && kind !== CONTROL));
  return ports.flatMap((port) => shown.map((place) => ({ port, ...place })));
}

/**
 * Whether the queues of a port are shown, where idle ones are left out. They are idle when nothing has waited long
 * enough in them, since the switch started, to be marked, paused or dropped, and the port is not busy now; those
 * of uplinks never are.
 */
function isShown({ discarded, load, queues: all }: PortReading, { profile }: Port): boolean {
  if (profile.isUplink || load > BUSY_LOAD || discarded.packets > 0) return true;
  return all.some(
    ({ ecnMarkedPackets, pausedSeconds }) => ecnMarkedPackets > 0 || pausedSeconds > 0,
  );
}

/** A lossless queue hardly ever drops: that it does is shown from when it has. */
function hasDropped({ dropped }: QueueReading, { isLossless }: TrafficClass): boolean {
  return !isLossless || dropped.packets > 0;
}

/** `isKnown` says, where idle queues are left out, whether one has such a number. */
function queueFamily(
  type: "counter" | "gauge",
  name: string,
  help: string,
  read: (queue: QueueReading, port: PortReading) => number,
  isKnown: (queue: QueueReading, kind: TrafficClass) => boolean = () => true,
): NumberFamilySource {
  return numbers({
    type,
    name,
    help,
    labelNames: ["port", "queue"],
    spread: "sparse",
    series: (node, detail) =>
      queues(node, detail).map(({ port, queue, kind }): NumberSource => {
        const labels = { port: port.profile.name, queue: String(queue) };
        if (kind < 0) return { labels, read: () => 0 };
        return {
          labels,
          read({ ports }) {
            const reading = ports[port.index] as PortReading;
            const own = reading.queues[kind] as QueueReading;
            const isLeftOut =
              detail === "normal" &&
              !(isShown(reading, port) && isKnown(own, TRAFFIC_CLASSES[kind] as TrafficClass));
            return isLeftOut ? undefined : read(own, reading);
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
