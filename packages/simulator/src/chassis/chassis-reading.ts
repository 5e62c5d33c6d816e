import type { SensorThresholds } from "../optics/optic.ts";

/** A temperature sensor. */
export interface TemperatureReading {
  /** `inlet`, `asic`, `cpu` or `exhaust`. */
  readonly sensor: string;
  readonly celsius: number;
  readonly thresholds: SensorThresholds;
}

/** A fan. */
export interface FanReading {
  /** Its number, from 1. */
  readonly fan: number;
  readonly isUp: boolean;
  /** Turns a minute, in steps of a hundredth of the most it can. */
  readonly rpm: number;
}

/** A power supply. */
export interface SupplyReading {
  /** Its number, from 1. */
  readonly psu: number;
  readonly isUp: boolean;
  readonly inputWatts: number;
  readonly outputWatts: number;
  readonly inputVolts: number;
}

/** The memory of the control processor, in bytes. */
export interface MemoryReading {
  readonly sizeBytes: number;
  readonly availableBytes: number;
}

/** A table of the forwarding hardware. */
export interface TableReading {
  readonly entries: number;
  readonly capacity: number;
}

/** Who is at the other end of a port, as LLDP tells: only while it is known. */
export interface NeighborReading {
  /** Index of the port. */
  readonly port: number;
  /** The chassis address of the neighbour. */
  readonly chassisId: string;
  readonly name: string;
  /** The neighbour's name of its port. */
  readonly remotePort: string;
}

/** A BGP session with the switch, or the core router, at the far end of a port. */
export interface BgpSessionReading {
  /** Index of the port. */
  readonly port: number;
  /** The address of the peer. */
  readonly peer: string;
  readonly remoteAs: number;
  readonly isEstablished: boolean;
  /** When it last came to be established, in seconds since the epoch; undefined while it is not. */
  readonly establishedSince: number | undefined;
  /** How often it has come to be established since the switch started (bgpPeerFsmEstablishedTransitions, RFC 4273). */
  readonly transitions: number;
  /** By address family; 0 while it is not established. */
  readonly prefixesReceived: { readonly ipv4: number; readonly ipv6: number };
}

/** Everything of a switch at one moment that is not of a port's traffic or light. */
export interface ChassisReading {
  /** When it was started, in seconds since the epoch. */
  readonly startedAt: number;
  readonly temperatures: readonly TemperatureReading[];
  readonly fans: readonly FanReading[];
  readonly supplies: readonly SupplyReading[];
  /** Of each core of the control processor, 0 … 1. */
  readonly cores: readonly number[];
  readonly memory: MemoryReading;
  readonly macTable: TableReading;
  /** How often an address was seen at another port than before, since the switch started. */
  readonly macMoves: number;
  readonly routeTable: {
    readonly ipv4: TableReading;
    readonly ipv6: TableReading;
  };
  /** By port. */
  readonly neighbors: readonly NeighborReading[];
  /** By port. */
  readonly sessions: readonly BgpSessionReading[];
}
