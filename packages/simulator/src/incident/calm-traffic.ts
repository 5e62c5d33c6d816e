import { farEnd } from "../chassis/bgp-session.ts";
import { type Fabric, isPort, type Link, type Port, type Switch } from "../fabric/fabric.ts";
import { streamOf } from "../simulate.ts";
import { EffectIndex } from "../traffic/effect-index.ts";
import { LinkTimeline } from "../traffic/link-timeline.ts";
import type { Inlet } from "../traffic/stream.ts";
import type { Span } from "./effect.ts";

/** A calm hour is known by its first five minutes, */
const MEAN_SECONDS = 300;
/** and a long time by this many of them; loads repeat every week. */
const MOST_SAMPLES = 56;
const WEEK = 7 * 86_400;

/**
 * What other switches send down, as a share of what the hosts below send: about as much comes down as goes up,
 * 0.7 of it; half of that is taken, so that it is seldom less than it is taken for.
 */
const DOWN_SHARE = 0.35;

/** Streams of stations while nothing happens, by link. */
const calm = new WeakMap<Link, Inlet>();

/**
 * What arrives at each port of a switch while nothing happens, in bits per second: the mean of each of some
 * short times that lie evenly over a span, at least one. Incidents of traffic are sized by it, so that they
 * show at night as they do at noon. Exact where stations send; an estimate, on the low side, at uplinks to
 * other switches, and nothing at access ports to them. A pure function: nothing that happens is looked at.
 */
export function calmArrivals(
  fabric: Fabric,
  { ports }: Switch,
  { from, to }: Span,
): readonly (readonly number[])[] {
  const length = Math.min(to - from, WEEK);
  const mean = Math.min(MEAN_SECONDS, Math.max(length, fabric.slotSeconds));
  const count = Math.max(1, Math.min(MOST_SAMPLES, Math.floor(length / (4 * MEAN_SECONDS))));
  const trunks = ports.filter((port) => port.profile.isUplink && leadsToSwitch(port));
  const trunkSpeed = trunks.reduce((sum, { profile }) => sum + profile.speed, 0);
  return Array.from({ length: count }, (_, i) => {
    const at = from + (i * length) / count;
    const sent = ports.map((port) => sentByStation(fabric, port, at, at + mean));
    const below = ports.reduce(
      (sum, { profile, index }) => sum + (profile.isUplink ? 0 : (sent[index] as number)),
      0,
    );
    for (const { index, profile } of trunks)
      sent[index] = (DOWN_SHARE * below * profile.speed) / trunkSpeed;
    return sent;
  });
}

/** Bits per second between two moments; 0 where no station is. */
function sentByStation(fabric: Fabric, port: Port, from: number, to: number): number {
  const { link } = port;
  const far = farEnd(port);
  if (link === undefined || far === undefined || isPort(far)) return 0;
  let stream = calm.get(link);
  if (stream === undefined) {
    const nothing = new EffectIndex({ version: 0, until: () => [] });
    stream = streamOf(fabric, link, far, new LinkTimeline(link, nothing));
    calm.set(link, stream);
  }
  return (8 * (stream.bytesUntil(to) - stream.bytesUntil(from))) / (to - from);
}

function leadsToSwitch(port: Port): boolean {
  const far = farEnd(port);
  return far !== undefined && isPort(far);
}
