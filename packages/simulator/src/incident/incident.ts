import type { Fabric, Port, Switch } from "../fabric/fabric.ts";
import type { Effect, Span } from "./effect.ts";

/** Who made an incident happen: a scenario file, somebody who asked for it, or life. */
export type IncidentOrigin = "scenario" | "request" | "life";

/** Something that goes wrong in a fabric, by what it is called in the catalogue. Times are seconds since the epoch. */
export interface Incident {
  /** Unique in its simulation. */
  readonly id: string;
  /** The name of an entry of the catalogue. */
  readonly type: string;
  readonly switch: string;
  /** The name of a port, for incidents of a port or a link. */
  readonly port?: string | undefined;
  readonly start: number;
  /** Seconds; absent when it goes on until it is stopped. */
  readonly duration?: number | undefined;
  /** By name; what is absent has its default. */
  readonly parameters: Readonly<Record<string, number>>;
  readonly origin: IncidentOrigin;
  /** When it was stopped by hand: from then on it has no effect, before it had all of them. */
  readonly stopped?: number | undefined;
}

/** Incidents that need no hand: those of a scenario, or of life. Pure: asked again, it says the same. */
export interface IncidentSource {
  /** Those that start until a moment, by their start: a longer list is an extension of a shorter one. */
  incidentsUntil(seconds: number): readonly Incident[];
}

/** When an incident ends, in seconds since the epoch: `Infinity` while nobody knows. */
export function endOf({ start, duration = Infinity, stopped = Infinity }: Incident): number {
  return Math.max(start, Math.min(start + duration, stopped));
}

/** Whether an incident is going on at a moment. */
export function isActive(incident: Incident, seconds: number): boolean {
  return incident.start <= seconds && seconds < endOf(incident);
}

/** What an incident happens to: `link` and `port` need a port, and a link at it. */
export type TargetKind = "link" | "port" | "switch";

/** A number that shapes an incident. */
export interface Parameter {
  readonly name: string;
  /** Such as `dB` or `B/s`; `s` may be written as a duration; `number` counts from 1 and is whole. */
  readonly unit: string;
  /** Where it is fitted to the target, a usual value. */
  readonly default: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly help: string;
  /** A default that depends on the target, within the range: what it is, in words, and its value. */
  readonly fitted?: {
    readonly help: string;
    at(fabric: Fabric, on: Switch, port: Port | undefined): number;
  };
  /** The most that one switch allows, where that is less, such as the number of its fans. */
  limit?(on: Switch): number;
}

/** The default of a parameter for a target; `port` only for incidents of a link or a port, and with a link. */
export function defaultOf(
  { default: usual, fitted }: Parameter,
  fabric: Fabric,
  on: Switch,
  port: Port | undefined,
): number {
  return fitted?.at(fabric, on, port) ?? usual;
}

/** How long incidents of a type last, in seconds. */
export interface DurationRange {
  readonly default: number;
  readonly minimum: number;
  readonly maximum: number;
  /** Whether one may go on until it is stopped. */
  readonly isEndless: boolean;
}

/**
 * Where families move: on the port; on the port at the other end of its link; on both; on the switch, with all
 * its ports; on the switch and those it is linked to; everywhere, since what a switch forwards goes through
 * others too. Families that have no ports, such as those of the chassis, move on the switches of these ports.
 */
export type Reach = "port" | "peer" | "link" | "switch" | "neighbours" | "fabric";

/** Metric families that may move, and how far from the target. */
export interface Movement {
  readonly families: readonly string[];
  readonly reach: Reach;
}

/** An incident with its target found and its parameters complete: what effects are made from. */
export interface Scene {
  readonly fabric: Fabric;
  readonly on: Switch;
  /** Only for incidents of a link or a port; it has a link then. */
  readonly port: Port | undefined;
  readonly span: Span;
  /** A hash of the seed and the incident's id. */
  readonly state: number;
  /** The value of a parameter of the type. */
  value(name: string): number;
}

/** An entry of the catalogue. */
export interface IncidentType {
  readonly name: string;
  /** One sentence: what happens. */
  readonly summary: string;
  /** What one sees, and where: by metric family, the first to look at first. Texts for people, in Markdown. */
  readonly signs: readonly (readonly [family: string, what: string])[];
  readonly target: TargetKind;
  /** Which port is taken when none is named. */
  readonly prefers: "uplink" | "access";
  readonly duration: DurationRange;
  readonly parameters: readonly Parameter[];
  readonly moves: readonly Movement[];
  /** Whether it may get so bad that a link goes down: then what `link-down` moves may move too. */
  mayLoseLink?(scene: Scene): boolean;
  /** Why it cannot happen to a target, if it cannot. */
  refuse?(on: Switch, port: Port | undefined): string | undefined;
  /** A pure function of the scene: effects lie within its span, or in the rest of the last slot. */
  effectsOf(scene: Scene): readonly Effect[];
}
