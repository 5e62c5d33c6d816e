import { farEnd } from "../chassis/bgp-session.ts";
import { type Fabric, isPort, type Port, type Switch } from "../fabric/fabric.ts";
import type { SeriesLabels } from "../families/switch-family.ts";
import { readSwitch, type SwitchReading } from "../families/switch-reading.ts";
import { type Simulation, simulate } from "../simulate.ts";
import { incidentEffects } from "./catalogue.ts";
import { endOf, type Incident } from "./incident.ts";
import type { PageNumber, PageNumbers } from "./page-numbers.ts";
import { switchOf } from "./scene.ts";

/** Which series: those with all of these labels; of a switch, by default the one that is watched. */
export interface Selector {
  readonly family: string;
  readonly labels?: SeriesLabels;
  readonly on?: Switch;
}

/**
 * The published numbers of a fabric in which one incident happens, as somebody who watches dashboards reads
 * them: values, increases and rates of the series that a selector names. For tests.
 */
export class Watch {
  readonly on: Switch;
  /** The port of the incident; of one of a whole switch, the first in use. */
  readonly port: Port;
  /** The port at the other end, if that is one of the fabric. */
  readonly far: Port | undefined;
  /** When the incident shows in traffic, and when it no longer does: at the turn of a slot. */
  readonly start: number;
  readonly end: number;
  readonly #simulation: Simulation;
  readonly #pages: PageNumbers;
  readonly #series = new Map<string, readonly PageNumber[]>();
  readonly #readings = new Map<string, SwitchReading | undefined>();

  /** `pages` are those of the fabric, in full, so that several watches can share them. */
  constructor(fabric: Fabric, incident: Incident, pages: PageNumbers, isCalm = false) {
    const effects = isCalm ? [] : incidentEffects(fabric, incident);
    this.#simulation = simulate(fabric, {
      version: 0,
      until: (t) => effects.filter(({ from }) => from <= t),
    });
    this.#pages = pages;
    this.on = switchOf(fabric, incident.switch) as Switch;
    const { ports } = this.on;
    this.port = (ports.find(({ profile }) => profile.name === incident.port) ??
      ports.find(({ link }) => link !== undefined)) as Port;
    const far = farEnd(this.port);
    this.far = far !== undefined && isPort(far) ? far : undefined;
    const slot = fabric.slotSeconds;
    this.start = Math.ceil(incident.start / slot) * slot;
    this.end = Math.ceil(endOf(incident) / slot) * slot;
  }

  /** The sum of series at a moment; 0 when there are none. */
  sum(seconds: number, selector: Selector): number {
    return this.values(seconds, selector).reduce((total, value) => total + value, 0);
  }

  /** The highest of series at a moment; -Infinity when there are none. */
  max(seconds: number, selector: Selector): number {
    return Math.max(...this.values(seconds, selector));
  }

  /** The lowest of series at a moment; Infinity when there are none. */
  min(seconds: number, selector: Selector): number {
    return Math.min(...this.values(seconds, selector));
  }

  /** How much the sum of series has grown between two moments. */
  gain(from: number, to: number, selector: Selector): number {
    return this.sum(to, selector) - this.sum(from, selector);
  }

  /** The bytes a second that a port has counted between two moments, as a share of its line rate. */
  load(from: number, to: number, direction: "receive" | "transmit", port: Port): number {
    const family = `switch_port_${direction}_bytes_total`;
    const bytes = this.gain(from, to, ofPort(port, family));
    return (8 * bytes) / (to - from) / port.profile.speed;
  }

  /** The series that there are at a moment; none while the switch is off. */
  values(seconds: number, { family, labels = {}, on = this.on }: Selector): readonly number[] {
    const reading = this.#read(seconds, on);
    if (reading === undefined) return [];
    return this.#find(family, labels, on)
      .map((number) => number.read(reading))
      .filter((value) => !Number.isNaN(value));
  }

  #find(family: string, labels: SeriesLabels, on: Switch): readonly PageNumber[] {
    const key = JSON.stringify([on.index, family, labels]);
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    const found = (this.#pages.bySwitch[on.index] ?? []).filter(
      (number) =>
        number.family === family &&
        Object.entries(labels).every(([name, value]) => number.labels[name] === value),
    );
    this.#series.set(key, found);
    return found;
  }

  #read(seconds: number, on: Switch): SwitchReading | undefined {
    const key = `${on.index} ${seconds}`;
    if (!this.#readings.has(key))
      this.#readings.set(key, readSwitch(this.#simulation, on, seconds));
    return this.#readings.get(key);
  }
}

/** Selects a family of a port, with more labels where it has them. */
export function ofPort(port: Port, family: string, labels: SeriesLabels = {}): Selector {
  return { family, labels: { port: port.profile.name, ...labels }, on: port.switch };
}
