import { isPort, type Link, type Port } from "../fabric/fabric.ts";
import type { Effect, Span } from "../incident/effect.ts";
import type { Direction } from "./light-path.ts";

const DAY = 86_400;

/** Light that is lost in one direction of a link for a while: at once, and more each day. */
export interface Fading extends Span {
  readonly decibels: number;
  readonly decibelsPerDay: number;
}

/** The port at which light of a direction arrives, or from which it comes, if that is one of the fabric. */
function endOf({ port, peer }: Link, isPortEnd: boolean): Port | undefined {
  if (isPortEnd) return port;
  return isPort(peer) ? peer : undefined;
}

/** The port at which light of a direction arrives; undefined where that is a station. */
function receiverOf(link: Link, direction: Direction): Port | undefined {
  return endOf(link, direction === "to-port");
}

/** The port whose laser gives the light of a direction; undefined where that is a station. */
function senderOf(link: Link, direction: Direction): Port | undefined {
  return endOf(link, direction === "to-peer");
}

/** The ports of a link that are in the fabric. */
export function portsOf({ port, peer }: Link): readonly Port[] {
  return isPort(peer) ? [port, peer] : [port];
}

/** What effects take from the light of a laser: those of ageing. */
export function ageing(effects: readonly Effect[], sender: Port | undefined): readonly Fading[] {
  return effects.flatMap((effect) =>
    effect.kind === "laser-ageing" && isAt(effect, sender)
      ? [{ ...spanOf(effect), decibels: 0, decibelsPerDay: atLeastNone(effect.decibelsPerDay) }]
      : [],
  );
}

/** What effects take from the light that arrives at a receiver: dirt, bends. */
export function receiveLoss(
  effects: readonly Effect[],
  receiver: Port | undefined,
): readonly Fading[] {
  return effects.flatMap((effect) =>
    effect.kind === "receive-loss" && isAt(effect, receiver)
      ? [
          {
            ...spanOf(effect),
            decibels: atLeastNone(effect.decibels),
            decibelsPerDay: atLeastNone(effect.decibelsPerDay),
          },
        ]
      : [],
  );
}

/** Everything that effects take from the light of a direction. */
export function fadings(
  effects: readonly Effect[],
  link: Link,
  direction: Direction,
): readonly Fading[] {
  return [
    ...ageing(effects, senderOf(link, direction)),
    ...receiveLoss(effects, receiverOf(link, direction)),
  ];
}

/**
 * Decibels lost at a moment to those that had begun at `known` (by default, then) and have not ended: light
 * that is lost adds up.
 */
export function lossAt(all: readonly Fading[], seconds: number, known: number = seconds): number {
  let sum = 0;
  for (const { from, to, decibels, decibelsPerDay } of all) {
    if (from <= known && from <= seconds && seconds < to)
      sum += decibels + (decibelsPerDay * (seconds - from)) / DAY;
  }
  return sum;
}

/** Decibels a second that the loss grows by at a moment. */
export function growthAt(all: readonly Fading[], seconds: number): number {
  let sum = 0;
  for (const { from, to, decibelsPerDay } of all)
    if (from <= seconds && seconds < to) sum += decibelsPerDay / DAY;
  return sum;
}

/** The moments at which fadings begin and end, ascending. */
export function turningPoints(all: readonly Fading[]): readonly number[] {
  const times = new Set(all.flatMap(({ from, to }) => [from, to]));
  return [...times].filter((time) => time < Infinity).sort((a, b) => a - b);
}

function isAt(
  effect: { readonly switch: string; readonly port: number },
  port: Port | undefined,
): boolean {
  return port !== undefined && effect.port === port.index && effect.switch === port.switch.name;
}

function spanOf({ from, to }: Span): Span {
  return { from, to };
}

/** No effect makes light. */
function atLeastNone(decibels: number): number {
  return Math.max(0, decibels);
}
