import { isPort, type Port, type Switch } from "../fabric/fabric.ts";
import type { Effect } from "../incident/effect.ts";
import { mix, unit } from "../seed/mix.ts";
import type { LinkTimeline } from "../traffic/link-timeline.ts";
import { farEnd } from "./bgp-session.ts";
import type { TableReading } from "./chassis-reading.ts";

/** An address that is not heard of any more is forgotten after this: IEEE 802.1Q, 8.8.3, the default. */
const AGEING_SECONDS = 300;

/** With which constant addresses behind a port are learnt once its link is up. */
const LEARNING_SECONDS = 20;

/** Machines move from host to host now and then: one of them this often, per hundred entries. */
const MOVE_SECONDS = 20_000;

/** Of invented addresses, those that were seen at another port before. */
const FLOOD_MOVES = 0.02;

/**
 * The table of stations: the addresses behind each port whose link is up, as far as they have been learnt, and those
 * that somebody invents.
 *
 *   entries = Σ ports n · (1 − e^(−(t − link up)/20 s)) + rate · (time of the flood within the last 300 s)
 *
 * at most its capacity.
 */
export function readStationTable(
  node: Switch,
  state: number,
  timelines: readonly (LinkTimeline | undefined)[],
  effects: readonly Effect[],
  seconds: number,
  startedAt: number,
): TableReading {
  const capacity = node.profile.macCapacity;
  let entries = 0;
  for (const port of node.ports) {
    const timeline = timelines[port.index];
    if (timeline === undefined || !timeline.isUp(seconds)) continue;
    const since = timeline.lastChange(seconds);
    const learnt = since === 0 ? 1 : 1 - Math.exp(-(seconds - since) / LEARNING_SECONDS);
    entries += Math.round(addressesBehind(port, state) * learnt) - silent(port, state, seconds);
  }
  for (const effect of effects) {
    if (effect.kind !== "mac-flood") continue;
    const from = Math.max(effect.from, startedAt, seconds - AGEING_SECONDS);
    entries += effect.entriesPerSecond * Math.max(0, Math.min(effect.to, seconds) - from);
  }
  return { entries: Math.max(0, Math.min(capacity, Math.floor(entries))), capacity };
}

/** How often an address was seen at another port than before, since the switch started. */
export function readStationMoves(
  node: Switch,
  state: number,
  effects: readonly Effect[],
  seconds: number,
  startedAt: number,
): number {
  const hundreds = node.ports.reduce((sum, port) => sum + addressesBehind(port, state), 0) / 100;
  const every = MOVE_SECONDS / Math.max(0.1, hundreds);
  let moves = eventsUntil(state, every, seconds) - eventsUntil(state, every, startedAt);
  for (const effect of effects) {
    if (effect.kind !== "mac-flood") continue;
    const lasted = Math.min(effect.to, seconds) - Math.max(effect.from, startedAt);
    moves += Math.floor(FLOOD_MOVES * effect.entriesPerSecond * Math.max(0, lasted));
  }
  return moves;
}

/** Hosts carry some machines each; what is beyond another switch is routed, so only that switch is seen. */
function addressesBehind(port: Port, state: number): number {
  const far = farEnd(port);
  if (far === undefined) return 0;
  if (isPort(far) || far.kind === "core") return 1;
  return far.kind === "storage" ? 2 : 1 + Math.floor(12 * unit(state, 400 + port.index));
}

/** Now and then one of several machines behind a port says nothing for a while. */
function silent(port: Port, state: number, seconds: number): number {
  const several = addressesBehind(port, state) > 2;
  const chance = unit(mix(state, 500 + port.index), Math.floor(seconds / AGEING_SECONDS));
  return several && chance < 0.1 ? 1 : 0;
}

/** Events that come one in each interval, somewhere in it by hash: how many until a moment. */
function eventsUntil(state: number, every: number, seconds: number): number {
  const whole = Math.floor(seconds / every);
  return whole + (seconds / every - whole >= unit(mix(state, 2), whole) ? 1 : 0);
}
