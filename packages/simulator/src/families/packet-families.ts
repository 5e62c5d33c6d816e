import type { Port, Switch } from "../fabric/fabric.ts";
import type { PortReading, TrafficReading } from "../port/port-reading.ts";
import { countFrames, FRAME_SIZES } from "./frame-sizes.ts";
import { ofPorts, watchedPorts } from "./port-families.ts";
import { Portions } from "./portions.ts";
import { type Detail, type NativeFamily, numbers } from "./switch-family.ts";
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
    series: (node, detail) => ofPorts(watchedPorts(node, detail), () => 0, { reason: "fcs" }),
  }),
  numbers({
    type: "counter",
    name: "switch_port_receive_discards_total",
    help: "Good packets dropped as they arrived at a port: with headroom, because they came on after a pause was asked for.",
    labelNames: ["port", "reason"],
    series: (node, detail) => ofPorts(watchedPorts(node, detail), () => 0, { reason: "headroom" }),
  }),
  numbers({
    type: "counter",
    name: "switch_port_transmit_discards_total",
    help: "Good packets dropped instead of sent: with tail, because the queue of the port was full. More was offered than the line carries.",
    labelNames: ["port", "reason"],
    series: ({ ports }) =>
      ofPorts(ports, (reading, i) => portOf(reading, i).discarded.packets, { reason: "tail" }),
  }),
  ...(["receive", "transmit"] as const).map(frameSizeFamily),
  numbers({
    type: "counter",
    name: "switch_port_pfc_frames_total",
    help: "Pause frames of a priority that a port sent (direction transmit), so that its queue would not overflow.",
    labelNames: ["port", "direction", "priority"],
    spread: "sparse",
    series: pauses((seconds, speed) => Math.ceil(seconds / pauseSeconds(speed))),
  }),
  numbers({
    type: "counter",
    name: "switch_port_pfc_paused_seconds_total",
    help: "Time in which a priority was asked to pause (direction transmit) because the queue of the port was nearly full.",
    labelNames: ["port", "direction", "priority"],
    spread: "sparse",
    series: pauses((seconds) => seconds),
  }),
];

function portOf({ ports }: SwitchReading, i: number): PortReading {
  return ports[i] as PortReading;
}

function trafficOf(reading: SwitchReading, i: number, direction: Direction): TrafficReading {
  return portOf(reading, i)[PAST[direction]];
}

function bytesFamily(direction: Direction): NativeFamily {
  return numbers({
    type: "counter",
    name: `switch_port_${direction}_bytes_total`,
    help: `Bytes that a port has ${PAST[direction]} since the switch started; rate() of it is the load.`,
    labelNames: PORT,
    series: ({ ports }) => ofPorts(ports, (reading, i) => trafficOf(reading, i, direction).bytes),
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
            (reading, i) => CAST_PORTIONS.of(trafficOf(reading, i, direction).packets, k),
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
          return { counts: countFrames(packets), sum: bytes };
        },
      })),
  };
}

/** The priority that may not be dropped, and so is paused: the traffic of storage and of remote memory. */
export const LOSSLESS_PRIORITY = "3";

/** How long one pause frame stops its priority: 65,535 quanta of 512 bit times; it is repeated at half of that. */
function pauseSeconds(speed: number): number {
  return (65_535 * 512) / speed / 2;
}

/** A series for each port that has asked for a pause since the switch started; with `full` for all ports. */
function pauses(value: (seconds: number, speed: number) => number) {
  return ({ ports }: Switch, detail: Detail) =>
    ofPorts(
      ports,
      (reading, i) => {
        const seconds = portOf(reading, i).queue.pfcPausedSeconds;
        if (seconds === 0 && detail === "normal") return undefined;
        return value(seconds, (ports[i] as Port).profile.speed);
      },
      { direction: "transmit", priority: LOSSLESS_PRIORITY },
    );
}
