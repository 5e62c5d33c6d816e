import type { Fabric, Switch } from "../fabric/fabric.ts";
import { NATIVE_FAMILIES } from "../families/native-families.ts";
import { CATALOGUE, incidentEffects } from "../incident/catalogue.ts";
import type { Effect, EffectSource } from "../incident/effect.ts";
import type { Incident } from "../incident/incident.ts";
import { resolveIncident } from "../incident/incident-request.ts";
import type { PageNumber, PageNumbers } from "../incident/page-numbers.ts";
import { type Simulation, simulate } from "../simulate.ts";

/** What properties are tested on: every profile, and leaves under spines. */
export const FABRICS = [
  "leaf-48x25g-8x100g",
  "spine-32x100g",
  "campus-48x1g-4x10g",
  "pair",
  "leaf-spine:2x2",
] as const;

/** The names of the families whose numbers only grow while a switch is on. */
export const COUNTERS: ReadonlySet<string> = new Set(
  NATIVE_FAMILIES.filter(({ type }) => type === "counter" || type === "histogram").map(
    ({ name }) => name,
  ),
);

/** An incident by numbers, so that it can be drawn before the fabric is known; each counts round. */
export interface Wish {
  readonly type: number;
  readonly switch: number;
  readonly port: number;
  /** Seconds since the epoch. */
  readonly start: number;
}

/** The incidents that wishes come to among some types of the catalogue; what cannot happen is left out. */
export function incidentsOf(
  fabric: Fabric,
  wishes: readonly Wish[],
  without: readonly string[] = [],
): readonly Incident[] {
  const types = CATALOGUE.filter(({ name }) => !without.includes(name));
  return wishes.flatMap((wish, i): Incident[] => {
    const type = pick(types, wish.type);
    const on = pick(fabric.switches, wish.switch);
    const ports = on.ports.filter(({ link }) => link !== undefined);
    const port = type.target === "switch" ? undefined : pick(ports, wish.port).profile.name;
    const request = { type: type.name, switch: on.name, port };
    const resolved = resolveIncident(fabric, request, () => {});
    if (resolved === undefined) return [];
    return [{ id: `wish-${i}`, ...resolved, start: wish.start, origin: "request" }];
  });
}

/** A source of these effects, whenever they begin. */
export function happening(effects: readonly Effect[]): EffectSource {
  const ordered = [...effects].sort((a, b) => a.from - b.from);
  return {
    version: 0,
    until: (seconds) => ordered.filter(({ from }) => from <= seconds),
  };
}

/** A source of the effects of incidents. */
export function rehearsing(fabric: Fabric, incidents: readonly Incident[]): EffectSource {
  return happening(incidents.flatMap((incident) => incidentEffects(fabric, incident)));
}

/** A fabric in which incidents go on, and every number that its pages can show. */
export class Rehearsal {
  readonly fabric: Fabric;
  readonly pages: PageNumbers;
  readonly simulation: Simulation;
  readonly #kept = new Map<string, Float64Array>();

  /** A simulation of its own, which nobody has asked anything. */
  constructor(fabric: Fabric, source: EffectSource, pages: PageNumbers) {
    this.fabric = fabric;
    this.pages = pages;
    this.simulation = simulate(fabric, source);
  }

  /** The numbers of a switch at a moment, in the order of its page; NaN where there is none. Kept. */
  values(node: Switch, at: number): Float64Array {
    const key = `${node.name} ${at}`;
    let values = this.#kept.get(key);
    if (values === undefined) {
      values = this.pages.at(this.simulation, node, at);
      this.#kept.set(key, values);
    }
    return values;
  }

  /** A family of a switch at a moment, by the values of these labels: added up where the others differ. */
  family(node: Switch, at: number, name: string, ...by: readonly string[]): Map<string, number> {
    const values = this.values(node, at);
    const sums = new Map<string, number>();
    for (const [i, { family, labels }] of numbersOf(this.pages, node).entries()) {
      if (family !== name) continue;
      const key = by.map((label) => labels[label]).join(" ");
      sums.set(key, (sums.get(key) ?? 0) + (values[i] as number));
    }
    return sums;
  }

  /** The sum of families over a switch at a moment, exactly: it may be more than a number can be. */
  total(node: Switch, at: number, ...names: readonly string[]): bigint {
    const values = this.values(node, at);
    return numbersOf(this.pages, node).reduce(
      (sum, { family }, i) => (names.includes(family) ? sum + BigInt(values[i] as number) : sum),
      0n,
    );
  }
}

/** What a switch's page can show, in the order of its values. */
export function numbersOf(pages: PageNumbers, node: Switch): readonly PageNumber[] {
  return pages.bySwitch[node.index] ?? [];
}

/** How a number is written in a message. */
export function seriesText({ node, family, labels }: PageNumber): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return `${node.name} ${family}{${pairs.join(",")}}`;
}

function pick<T>(list: readonly T[], n: number): T {
  return list[n % list.length] as T;
}
