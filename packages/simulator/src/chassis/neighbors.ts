import { isPort, type Port } from "../fabric/fabric.ts";
import { stationPortName } from "../fabric/port-alias.ts";
import { mix, mixText, unit } from "../seed/mix.ts";
import type { LinkTimeline } from "../traffic/link-timeline.ts";
import { farEnd } from "./bgp-session.ts";
import type { NeighborReading } from "./chassis-reading.ts";

/** Who is at the other end of a port, whether or not it is heard now; undefined for a free port. */
export function neighborOf(seed: number, port: Port): NeighborReading | undefined {
  const far = farEnd(port);
  if (far === undefined) return undefined;
  if (isPort(far)) {
    const { switch: node, profile } = far;
    return { port: port.index, chassisId: node.mac, name: node.name, remotePort: profile.name };
  }
  return {
    port: port.index,
    chassisId: stationMac(mixText(seed, `station ${far.name}`)),
    name: far.name,
    remotePort: stationPortName(far, port.switch.name, port.index),
  };
}

/**
 * Whether the ends of a link know of each other by LLDP: not while it is down, nor for the first 30 … 60 s after it
 * came up, since neighbours speak every 30 s (IEEE 802.1AB, msgTxInterval) and are not heard at once. Both learn
 * at the same moment. At the epoch they have long known.
 */
export function isNeighborHeard(seed: number, timeline: LinkTimeline, seconds: number): boolean {
  if (!timeline.isUp(seconds)) return false;
  const since = timeline.lastChange(seconds);
  if (since === 0 || seconds >= since + 60) return true;
  const state = mixText(seed, `lldp ${timeline.link.id}`);
  return seconds >= since + 30 + 30 * unit(state, Math.floor(since));
}

// 06: a locally administered address, of another block than those of switches.
function stationMac(state: number): string {
  const bytes = [mix(state, 1), mix(state, 2)]
    .map((hash) => hash.toString(16).padStart(8, "0"))
    .join("");
  return ["06", ...(bytes.slice(0, 10).match(/../g) as string[])].join(":");
}
