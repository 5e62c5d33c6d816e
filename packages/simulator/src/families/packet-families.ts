import { STORAGE, TRAFFIC_CLASSES } from "../buffer/traffic-class.ts";
import type { PauseReading, PortReading, TrafficReading } from "../port/port-reading.ts";
import { countFrames, FRAME_SIZES } from "./frame-sizes.ts";
import { ofPorts } from "./port-families.ts";
import { Portions } from "./portions.ts";
import { type NativeFamily, type NumberFamilySource, numbers } from "./switch-family.ts";
import type { SwitchReading } from "./switch-reading.ts";

const PORT = ["port"] as const;

type Direction = "receive" | "transmit";
const PAST = { receive: "received", transmit: "transmitted" } as const;

/** Of 200 packets: hosts talk to each other; beacons, address questions and discovery are the rest. */
const CASTS = [
  ["unicast", 196],
  ["multicast", 3],
  ["broadcast", 1],
] as const;
const CAST_PORTIONS = new Portions(CASTS.map(([, weight]) => weight));

/** What has gone through ports, and what was lost there. */
export const PACKET_FAMILIES: readonly NativeFamily[] = [
  ...(["receive", "transmit"] as const).flatMap((direction) => [
    bytesFamily(direction),
    packetsFamily(direction),
  ]),
  numbers({
    type: "counter",
    name: "switch_port_receive_errors_total",
    help: "Frames that arrived broken at a port, by what was wrong: with fcs, the check sum. A rate that does not follow the load tells of a bad cable or optic.",
    labelNames: ["port", "reason"],
    series: ({ ports }) =>
      ofPorts(ports, ({ optics }, i) => optics[i]?.errors.fcsErrors, { reason: "fcs" }),
  }),
  numbers({
    type: "counter",
    name: "switch_port_transmit_errors_total",
    help: "Frames that a port sent broken: none, since this switch checks a frame before it forwards it.",
    labelNames: ["port", "reason"],
    series: ({ ports }, detail) =>
      ofPorts(detail === "full" ? ports : [], () => 0, { reason: "fcs" }),
  }),
  numbers({
    type: "counter",
    name: "switch_port_receive_discards_total",
    help: "Good packets dropped as they arrived at a port: with headroom, because they came on after a pause was asked for, until there was no room for them; with no_route, because no port that they could leave by was up.",
    labelNames: ["port", "reason"],
    spread: "sparse",
    series: ({ ports }, detail) => {
      const since = (packets: number): number | undefined =>
        packets > 0 || detail === "full" ? packets : undefined;
      return ports.flatMap((port) => [
        ...ofPorts([port], (reading, i) => since(portOf(reading, i).headroomPackets), {
          reason: "headroom",
        }),
        ...ofPorts([port], (reading, i) => since(portOf(reading, i).unrouted.packets), {
          reason: "no_route",
        }),
      ]);
    },
  }),
  numbers({
    type: "counter",
    name: "switch_port_transmit_discards_total",
    help: "Good packets dropped instead of sent: with tail, because the queue of the port was full. More was offered than the line carries.",
    labelNames: ["port", "reason"],
    series: ({ ports }) =>
      ofPorts(ports, (reading, i) => tailDrops(portOf(reading, i)), { reason: "tail" }),
  }),
  ...(["receive", "transmit"] as const).map(frameSizeFamily),
  pauseFamily(
    "switch_port_pfc_frames_total",
    "Pause frames of a priority that a port sent (direction transmit) so that a queue of its switch would not overflow, or got from the switch at the other end (receive).",
    ({ frames }) => frames,
  ),
  pauseFamily(
    "switch_port_pfc_paused_seconds_total",
    "Time in which a port asked the other end to pause a priority (direction transmit), because a queue of its switch was nearly full, or was asked to (receive).",
    ({ seconds }) => seconds,
  ),
];

function portOf({ ports }: SwitchReading, i: number): PortReading {
  return ports[i] as PortReading;
}

function trafficOf(reading: SwitchReading, i: number, direction: Direction): TrafficReading {
  return portOf(reading, i)[PAST[direction]];
}

/** What is dropped of storage is counted where it arrived. */
function tailDrops({ discarded, queues }: PortReading): number {
  return discarded.packets - (queues[STORAGE]?.dropped.packets ?? 0);
}

function bytesFamily(direction: Direction): NativeFamily {
  return numbers({
    type: "counter",
    name: `switch_port_${direction}_bytes_total`,
    help: `Bytes that a port has ${PAST[direction]} since the switch started; rate() of it is the load.`,
    labelNames: PORT,
    series: ({ ports }) =>
      ofPorts(
        ports,
        (reading, i) => trafficOf(reading, i, direction).bytes % portOf(reading, i).modulus,
      ),
  });
}

function packetsFamily(direction: Direction): NativeFamily {
  return numbers({
    type: "counter",
    name: `switch_port_${direction}_packets_total`,
    help: `Packets that a port has ${PAST[direction]} since the switch started, to one station (unicast), a group or all.`,
    labelNames: ["port", "cast"],
    series: ({ ports }) =>
      ports.flatMap((port) =>
        CASTS.flatMap(([cast], k) =>
          ofPorts(
            [port],
            (reading, i) =>
              CAST_PORTIONS.of(trafficOf(reading, i, direction).packets, k) %
              portOf(reading, i).modulus,
            { cast },
          ),
        ),
      ),
  });
}

function frameSizeFamily(direction: Direction): NativeFamily {
  return {
    type: "histogram",
    name: `switch_port_${direction}_frame_size_bytes`,
    help: `Sizes of the frames that a port has ${PAST[direction]}: many small ones cost a switch more than few large ones.`,
    labelNames: PORT,
    spread: "dense",
    buckets: FRAME_SIZES,
    series: ({ ports }, detail) =>
      (detail === "full" ? ports : []).map(({ index, profile }) => ({
        labels: { port: profile.name },
        read(reading) {
          const { bytes, packets } = trafficOf(reading, index, direction);
          const { modulus } = portOf(reading, index);
          const large = portOf(reading, index).largeFrames(PAST[direction]);
          const counts = countFrames(packets - large, large);
          return { counts: counts.map((count) => count % modulus), sum: bytes % modulus };
        },
      })),
  };
}

/** Pauses are asked for one priority only. */
const PRIORITY = String(TRAFFIC_CLASSES[STORAGE]?.queue);

/** Two series for each port: with `normal` from the first pause since the switch was started. */
function pauseFamily(
  name: string,
  help: string,
  read: (pauses: PauseReading) => number,
): NumberFamilySource {
  const directions = [
    ["transmit", "sent"],
    ["receive", "received"],
  ] as const;
  return numbers({
    type: "counter",
    name,
    help,
    labelNames: ["port", "direction", "priority"],
    spread: "sparse",
    series: ({ ports }, detail) =>
      ports.flatMap((port) =>
        directions.flatMap(([direction, way]) =>
          ofPorts(
            [port],
            (reading, i) => {
              const pauses = portOf(reading, i).pauses[way];
              return pauses.frames > 0 || detail === "full" ? read(pauses) : undefined;
            },
            { direction, priority: PRIORITY },
          ),
        ),
      ),
  });
}
