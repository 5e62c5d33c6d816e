/**
 * Terms
 *   fabric    switches and the links between them
 *   port      a place on a switch that a link ends at, numbered from 1
 *   link      joins two ports, or a port and a station
 *   station   whatever is at the far end and is not simulated itself: a host, a storage server, the core
 *   uplink    a port towards more of the network; the others are access ports, towards hosts
 *
 * All times inside the simulator are seconds since the fabric's epoch, with fractions.
 */

/** What kind of switch it is: decides how it forwards. */
export type SwitchRole = "leaf" | "spine";

/** The hardware of a switch. */
export interface Profile {
  readonly name: string;
  readonly vendor: string;
  readonly model: string;
  readonly asic: string;
  readonly osVersion: string;
  readonly role: SwitchRole;
  /** Bytes of packet memory that all ports share. */
  readonly bufferBytes: number;
  /** α of the dynamic threshold: a queue may take α times what is free. */
  readonly alpha: number;
  /** Bytes that arrive as one: the unit in which queues are counted. */
  readonly burstBytes: number;
  readonly fans: number;
  readonly psus: number;
  /** Watts without traffic, and what full load on all ports adds. */
  readonly idleWatts: number;
  readonly loadWatts: number;
  readonly memoryBytes: number;
  readonly macCapacity: number;
  readonly routeCapacity: number;
  /** In order of their numbers. */
  readonly ports: readonly PortProfile[];
}

/** One port of a profile. */
export interface PortProfile {
  /** Such as `Ethernet1/1`. */
  readonly name: string;
  /** Bits per second. */
  readonly speed: number;
  readonly isUplink: boolean;
  /** Of its transceiver: `SFP28`, `QSFP28` …, and lanes of light; 0 lanes for copper. */
  readonly formFactor: string;
  readonly lanes: number;
}

/** A switch of a fabric. */
export interface Switch {
  readonly index: number;
  /** Unique in the fabric: the target label `instance`. */
  readonly name: string;
  readonly profile: Profile;
  readonly serial: string;
  /** Chassis address; ports count up from it. */
  readonly mac: string;
  readonly ports: readonly Port[];
}

/** A port of a switch. */
export interface Port {
  readonly switch: Switch;
  /** Position in `switch.ports`; its number is one more. */
  readonly index: number;
  readonly profile: PortProfile;
  readonly ifIndex: number;
  /** What an operator wrote on it; uplinks say so, some are critical. Empty for free ports. */
  readonly alias: string;
  readonly mac: string;
  /** None for a free port, which is down. */
  readonly link: Link | undefined;
}

/** What is at the far end of a link and not simulated. */
export interface Station {
  readonly kind: "host" | "storage" | "core";
  readonly name: string;
  /** The mean of what it transmits over a week, as a share of the line rate. */
  readonly load: number;
}

/** A link; both ends have the same speed. */
export interface Link {
  readonly index: number;
  /** Unique and stable: `leaf1:Ethernet1/1`, the end with the lower switch first. */
  readonly id: string;
  readonly speed: number;
  readonly port: Port;
  readonly peer: Port | Station;
}

/** Whether the far end is a port of the fabric. */
export function isPort(end: Port | Station): end is Port {
  return "ifIndex" in end;
}

/** Switches, links, and what makes a simulation repeatable. */
export interface Fabric {
  /** A 32-bit whole number. */
  readonly seed: number;
  /** When the simulation begins: seconds since 1970, a Monday, 00:00 UTC. */
  readonly epoch: number;
  /** The slot over which queues are judged, in seconds: a power of two. */
  readonly slotSeconds: number;
  readonly switches: readonly Switch[];
  readonly links: readonly Link[];
}

/** Monday, 2026-01-05 00:00 UTC. Fixed, so that two machines simulate the same switch. */
export const DEFAULT_EPOCH = 1_767_571_200;

export const DEFAULT_SLOT_SECONDS = 16;
