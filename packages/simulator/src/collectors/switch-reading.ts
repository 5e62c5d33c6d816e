import type { ChassisReading } from "../chassis/chassis-reading.ts";
import type { Switch } from "../fabric/fabric.ts";
import type { OpticsReading } from "../optics/transceiver-reading.ts";
import type { PortReading } from "../port/port-reading.ts";
import type { Simulation } from "../simulate.ts";

/** What has happened to the link at a port since its switch started. */
export interface LinkReading {
  /** When it last came up or went down, or when the switch started: seconds since the epoch. */
  readonly lastChange: number;
  readonly wentUp: number;
  readonly wentDown: number;
}

/** Everything that is shown of a switch at one moment. */
export interface SwitchReading {
  readonly node: Switch;
  /** The moment, and the start of the switch, in seconds since the epoch. */
  readonly seconds: number;
  readonly startedAt: number;
  /** The epoch, in seconds since 1970. */
  readonly epoch: number;
  /** By port index. */
  readonly ports: readonly PortReading[];
  readonly links: readonly LinkReading[];
  readonly optics: readonly OpticsReading[];
  readonly chassis: ChassisReading;
  /** The indexes of the ports whose neighbours are known. */
  readonly neighbors: ReadonlySet<number>;
}

/** Reads a switch at a moment; undefined while it is off. */
export function readSwitch(
  { fabric, switches, links, optics, chassis }: Simulation,
  node: Switch,
  seconds: number,
): SwitchReading | undefined {
  const model = switches[node.index];
  const ports = model?.read(seconds);
  const lines = optics[node.index]?.read(seconds);
  const frame = chassis[node.index]?.read(seconds);
  if (!model || !ports || !lines || !frame) return undefined;
  const startedAt = model.startedAt(seconds);
  const untouched: LinkReading = { lastChange: startedAt, wentUp: 0, wentDown: 0 };
  return {
    node,
    seconds,
    startedAt,
    epoch: fabric.epoch,
    ports,
    optics: lines,
    chassis: frame,
    neighbors: new Set(frame.neighbors.map(({ port }) => port)),
    links: node.ports.map(({ link }) => {
      const timeline = link && links[link.index];
      if (timeline === undefined) return untouched;
      return {
        lastChange: Math.max(startedAt, timeline.lastChange(seconds)),
        wentUp: timeline.changes("up", startedAt, seconds),
        wentDown: timeline.changes("down", startedAt, seconds),
      };
    }),
  };
}
