import { farEnd } from "../chassis/bgp-session.ts";
import { type Fabric, isPort, type Link, type Port, type Switch } from "../fabric/fabric.ts";
import { mixText } from "../seed/mix.ts";
import { type Division, divisionsOf } from "../traffic/forwarding.ts";
import { calmArrivals } from "./calm-traffic.ts";
import type { Effect, Span } from "./effect.ts";
import type { Scene } from "./incident.ts";

/**
 * The factor f, from 1, by which a port must be preferred for so many bits per second to be offered to it:
 *
 *   offered = Σ divisions   arriving · w·f / (1 + w·(f − 1))
 *
 * with w the port's weight in a division, whose weights add up to 1.
 */
export function factorFor(
  wanted: number,
  port: number,
  divisions: readonly Division[],
  arriving: readonly number[],
): number {
  const parts = divisions.map(({ ports, weights }) => ({
    total: sum(ports.map((each) => arriving[each] ?? 0)),
    weight: weights[port] ?? 0,
  }));
  const offered = (f: number): number =>
    sum(parts.map(({ total, weight }) => (total * weight * f) / (1 + weight * (f - 1))));
  let [low, high] = [1, 1e6];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (offered(middle) < wanted) low = middle;
    else high = middle;
  }
  return high;
}

/** The slots in which effects of a span hold (catalogue.ts). */
export function inSlots({ from, to }: Span, { slotSeconds }: Fabric): Span {
  const start = Math.ceil(from / slotSeconds) * slotSeconds;
  return { from: start, to: Math.max(start + slotSeconds, to) };
}

/** Where and when traffic is sized. */
type Place = Pick<Scene, "fabric" | "on" | "span">;

/** Makes hosts send, where less than so many bits per second would come from below. */
export function busier(wanted: number, { fabric, on, span }: Place): readonly Effect[] {
  const hosts = hostPorts(on);
  if (calmWithout([], { fabric, on, span }) >= wanted) return [];
  const ratio = (wanted - calmWithout(hosts, { fabric, on, span })) / speedOf(hosts);
  return hosts.map((each) => loadOn(each.link as Link, Math.min(1, ratio), span));
}

/** The least that comes from below while nothing happens, in bits per second, but for some ports. */
export function calmWithout(ports: readonly Port[], { fabric, on, span }: Place): number {
  const others = on.ports.filter((each) => isAccess(each) && !ports.includes(each));
  if (others.length === 0) return 0;
  const samples = calmArrivals(fabric, on, inSlots(span, fabric));
  return Math.min(...samples.map((calm) => sum(others.map(({ index }) => calm[index] ?? 0))));
}

/** How what comes from below is divided: a weight for each port, together 1. */
export function weightsFromBelow(fabric: Fabric, on: Switch): readonly number[] {
  const found = divisionsIn(fabric, on).find(({ ports }) =>
    ports.some((each) => on.ports[each]?.profile.isUplink === false),
  );
  return found?.weights ?? [];
}

/** How a switch divides what arrives while nothing shifts traffic. */
export function divisionsIn({ seed }: Fabric, on: Switch): readonly Division[] {
  return divisionsOf(on, mixText(seed, on.name));
}

/** Makes the station at a link send at a steady share of the line rate. */
export function loadOn(link: Link, ratio: number, span: Span): Effect {
  return { ...span, kind: "load", link: link.id, ratio };
}

function isAccess({ profile, link }: Port): boolean {
  return !profile.isUplink && link !== undefined;
}

/** The access ports that lead to hosts: only stations can be told how much to send. */
export function hostPorts({ ports }: Switch): readonly Port[] {
  return ports.filter((port) => {
    const far = farEnd(port);
    return isAccess(port) && far !== undefined && !isPort(far);
  });
}

/** The line rates of ports together, in bits per second. */
export function speedOf(ports: readonly Port[]): number {
  return sum(ports.map(({ profile }) => profile.speed));
}

/** Values added up. */
export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The uplinks in use. */
export function linkedUplinks({ ports }: Switch): readonly Port[] {
  return ports.filter(({ profile, link }) => profile.isUplink && link !== undefined);
}
