import { assert } from "@linklight/model";
import type { ChassisReading } from "../chassis/chassis-reading.ts";
import type { Link, Switch } from "../fabric/fabric.ts";
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

/** Everything that is shown of a switch at one moment; each part is computed when it is first asked for. */
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
  simulation: Simulation,
  node: Switch,
  seconds: number,
): SwitchReading | undefined {
  const isOn = simulation.switches[node.index]?.isOn(seconds) ?? false;
  return isOn ? new MomentReading(simulation, node, seconds) : undefined;
}

/** A history reads a few families at a time, and should not pay for the others. */
class MomentReading implements SwitchReading {
  readonly node: Switch;
  readonly seconds: number;
  readonly #simulation: Simulation;
  #startedAt: number | undefined;
  #ports: readonly PortReading[] | undefined;
  #links: readonly LinkReading[] | undefined;
  #optics: readonly OpticsReading[] | undefined;
  #chassis: ChassisReading | undefined;
  #neighbors: ReadonlySet<number> | undefined;

  constructor(simulation: Simulation, node: Switch, seconds: number) {
    this.#simulation = simulation;
    this.node = node;
    this.seconds = seconds;
  }

  get epoch(): number {
    return this.#simulation.fabric.epoch;
  }

  get startedAt(): number {
    this.#startedAt ??= this.#part(this.#simulation.switches).startedAt(this.seconds);
    return this.#startedAt;
  }

  get ports(): readonly PortReading[] {
    this.#ports ??= whileOn(this.#part(this.#simulation.switches).read(this.seconds));
    return this.#ports;
  }

  get optics(): readonly OpticsReading[] {
    this.#optics ??= whileOn(this.#part(this.#simulation.optics).read(this.seconds));
    return this.#optics;
  }

  get chassis(): ChassisReading {
    this.#chassis ??= whileOn(this.#part(this.#simulation.chassis).read(this.seconds));
    return this.#chassis;
  }

  get neighbors(): ReadonlySet<number> {
    this.#neighbors ??= new Set(this.chassis.neighbors.map(({ port }) => port));
    return this.#neighbors;
  }

  get links(): readonly LinkReading[] {
    this.#links ??= this.node.ports.map(({ link }) => this.#linkReading(link));
    return this.#links;
  }

  #linkReading(link: Link | undefined): LinkReading {
    const { startedAt, seconds } = this;
    const timeline = link && this.#simulation.links[link.index];
    if (timeline === undefined) return { lastChange: startedAt, wentUp: 0, wentDown: 0 };
    return {
      lastChange: Math.max(startedAt, timeline.lastChange(seconds)),
      wentUp: timeline.changes("up", startedAt, seconds),
      wentDown: timeline.changes("down", startedAt, seconds),
    };
  }

  #part<T>(parts: readonly T[]): T {
    return parts[this.node.index] as T;
  }
}

function whileOn<T>(part: T | undefined): T {
  assert(part !== undefined, "a switch that is on has all its parts");
  return part;
}
