import { assert } from "@linklight/model";
import { type Fabric, isPort, type Link, type Port, type Switch } from "../fabric/fabric.ts";
import type { Span } from "../incident/effect.ts";
import { mixText, unit } from "../seed/mix.ts";
import type { EffectIndex } from "../traffic/effect-index.ts";
import type { LinkTimeline } from "../traffic/link-timeline.ts";
import type { BgpSessionReading } from "./chassis-reading.ts";
import { joined, lastBegun } from "./intervals.ts";
import { advertisedTo, type PrefixCount } from "./prefixes.ts";

/** AS numbers for private use of four bytes, RFC 6996: a leaf has its own, spines share one, RFC 7938 5.2.1. */
const FIRST_PRIVATE_AS = 4_200_000_000;
const SPINE_AS = 4_290_000_000;
/** The core is another network: 64512 is private, too. */
const CORE_AS = 64_512;

/** All prefixes of a session have arrived after this. */
const TABLE_SECONDS = 20;

/** The far end of a port's link. */
export function farEnd({ link, switch: node, index }: Port): Link["peer"] | undefined {
  if (link === undefined) return undefined;
  return link.port.switch === node && link.port.index === index ? link.peer : link.port;
}

/**
 * The ports of a switch over which it has a BGP session, by port: uplinks in use; where there are none, links to
 * other switches. An effect counts sessions in this order, from 0.
 */
export function sessionPorts({ ports }: Switch): readonly Port[] {
  const linked = ports.filter(({ link }) => link !== undefined);
  const uplinks = linked.filter(({ profile }) => profile.isUplink);
  if (uplinks.length > 0) return uplinks;
  return linked.filter((port) => isPort(farEnd(port) as Link["peer"]));
}

/** The far end of a session; constant. */
export interface BgpPeer {
  /** Its address on the link. */
  readonly peer: string;
  readonly remoteAs: number;
}

/** Whom a port has a session with; the port has a link. */
export function peerOf(port: Port): BgpPeer {
  const far = farEnd(port);
  assert(
    port.link !== undefined && far !== undefined,
    `bgp: port ${port.profile.name} has no link`,
  );
  return { peer: addressOf(port.link, far === port.link.port ? 0 : 1), remoteAs: asOf(far) };
}

/**
 * One BGP session: when it was not established, and what that makes of it. Both ends are of the same opinion, for
 * they hash the link.
 *
 *   link down                    at once (fast fallover), until 20 … 40 s after the link is up again,
 *   … because a switch was off   60 … 90 s, since it has to start its routing first
 *   `bgp-down` at either end     until 3 … 10 s after it
 *
 * At the epoch sessions have long been established.
 */
export class BgpSession {
  readonly port: Port;
  readonly #far: Link["peer"];
  readonly #timeline: LinkTimeline;
  readonly #effects: EffectIndex;
  readonly #state: number;
  readonly #advertised: PrefixCount;
  readonly #peer: BgpPeer;
  /** Switch and number of the session at each end that has it, as effects call it. */
  readonly #names: readonly { readonly switch: string; readonly peer: number }[];
  #version = "";
  #down: readonly Span[] = [];

  constructor(fabric: Fabric, port: Port, timeline: LinkTimeline, effects: EffectIndex) {
    const { link } = timeline;
    this.port = port;
    this.#far = farEnd(port) as Link["peer"];
    this.#timeline = timeline;
    this.#effects = effects;
    this.#state = mixText(fabric.seed, `bgp ${link.id}`);
    this.#advertised = advertisedTo(fabric, port.switch, this.#far);
    this.#peer = peerOf(port);
    this.#names = [port, this.#far].filter(isPort).flatMap((end) => {
      const peer = sessionPorts(end.switch).indexOf(end);
      return peer < 0 ? [] : [{ switch: end.switch.name, peer }];
    });
  }

  /** At a moment at which its switch is on, which was started at another. */
  read(seconds: number, startedAt: number): BgpSessionReading {
    const down = this.downSpans();
    const last = lastBegun(down, seconds);
    const isEstablished = last === undefined || seconds >= last.to;
    const since = isEstablished ? (last?.to ?? 0) : undefined;
    const arrived = since === undefined ? 0 : arrivedPart(since, seconds);
    return {
      port: this.port.index,
      ...this.#peer,
      isEstablished,
      establishedSince: since,
      transitions: this.#transitions(down, startedAt, seconds),
      prefixesReceived: {
        ipv4: Math.floor(this.#advertised.ipv4 * arrived),
        ipv6: Math.floor(this.#advertised.ipv6 * arrived),
      },
    };
  }

  /** Whether a switch is at the far end that hands on what all others say, or the core: not a leaf. */
  get leadsUp(): boolean {
    return !isPort(this.#far) || this.#far.switch.profile.role === "spine";
  }

  /** When it was not established, by start, as far as effects are known. */
  downSpans(): readonly Span[] {
    const { version } = this.#timeline;
    if (version === this.#version) return this.#down;
    this.#version = version;
    const starting = this.#names.flatMap(({ switch: name }) =>
      this.#effects.on(name).flatMap(({ kind, to }) => (kind === "reboot" ? [to] : [])),
    );
    const spans = linkDowns(this.#timeline).map(({ from, to }) => ({
      from,
      to: to + (starting.includes(to) ? 60 + 30 * this.#chance(to) : 20 + 20 * this.#chance(to)),
    }));
    const resets = this.#names.flatMap(({ switch: name, peer }) =>
      this.#effects
        .on(name)
        .flatMap((effect) =>
          effect.kind === "bgp-down" && effect.peer === peer
            ? [{ from: effect.from, to: effect.to + 3 + 7 * this.#chance(effect.to) }]
            : [],
        ),
    );
    this.#down = joined([...spans, ...resets]);
    return this.#down;
  }

  #transitions(down: readonly Span[], startedAt: number, seconds: number): number {
    const again = down.filter(({ to }) => to > startedAt && to <= seconds).length;
    // The one before the epoch.
    return again + (startedAt === 0 ? 1 : 0);
  }

  #chance(moment: number): number {
    return unit(this.#state, moment === Infinity ? 0 : Math.floor(moment));
  }
}

/** When a link was down, by start; the last may have no end. */
function linkDowns({ segments }: LinkTimeline): readonly Span[] {
  return joined(
    segments.flatMap(({ from, mode }, i) =>
      mode === "down" ? [{ from, to: segments[i + 1]?.from ?? Infinity }] : [],
    ),
  );
}

/** A link has a network of two addresses, RFC 3021, out of 10.64.0.0/10; its port has the even one. */
function addressOf({ index }: Link, end: 0 | 1): string {
  const host = 2 * index + end;
  return `10.${64 + ((host >>> 16) & 63)}.${(host >>> 8) & 255}.${host & 255}`;
}

function asOf(far: Link["peer"]): number {
  if (!isPort(far)) return CORE_AS;
  return far.switch.profile.role === "spine" ? SPINE_AS : FIRST_PRIVATE_AS + far.switch.index;
}

function arrivedPart(since: number, seconds: number): number {
  return since === 0 ? 1 : Math.min(1, (seconds - since) / TABLE_SECONDS);
}

/** How much a change of a session, each time it is lost or found, keeps a processor busy: 0 … 1, fading over a minute. */
export function churn(sessions: readonly BgpSession[], seconds: number, startedAt: number): number {
  let sum = 0;
  for (const session of sessions) {
    for (const { from, to } of session.downSpans()) {
      for (const moment of [from, to]) {
        const since = seconds - moment;
        if (moment >= startedAt && since >= 0 && since < 600) sum += Math.exp(-since / 45);
      }
    }
  }
  return 1 - Math.exp(-sum / 2);
}
