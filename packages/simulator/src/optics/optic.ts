import type { PortProfile } from "../fabric/fabric.ts";
import { type FecCode, KP4, KR4 } from "./forward-error-correction.ts";

/**
 * Terms
 *   optic         a kind of transceiver
 *   sensitivity   the received power, a lane, at which the bit error ratio is the most the standard allows
 *   margin        how many decibels more than that arrive
 *   Q             distance of the two levels in deviations of the noise: bit error ratio = ½ erfc(Q/√2)
 */

/** Limits of a sensor: beyond a warning something is wrong, beyond an alarm it is bad. */
export interface SensorThresholds {
  readonly lowAlarm: number;
  readonly lowWarning: number;
  readonly highWarning: number;
  readonly highAlarm: number;
}

/** The limits of a transceiver, in the units of its readings: °C, V, A, dBm. */
export interface TransceiverThresholds {
  readonly temperature: SensorThresholds;
  readonly voltage: SensorThresholds;
  readonly bias: SensorThresholds;
  readonly receivePower: SensorThresholds;
  readonly transmitPower: SensorThresholds;
}

/** A kind of transceiver; powers in dBm a lane. */
export interface Optic {
  /** Of the physical medium, as IEEE 802.3 names it. */
  readonly pmd: string;
  readonly partNumber: string;
  /** Bits that pass a second, with coding: what codewords are counted from. */
  readonly lineRate: number;
  readonly fec: FecCode | undefined;
  readonly transmitDbm: number;
  readonly sensitivityDbm: number;
  /** Q at the sensitivity, and what it tends to however much light there is. */
  readonly sensitivityQ: number;
  readonly bestQ: number;
  /** Of the laser at 25 °C. */
  readonly biasAmperes: number;
  readonly thresholds: TransceiverThresholds;
}

const limits = (
  highAlarm: number,
  highWarning: number,
  lowWarning: number,
  lowAlarm: number,
): SensorThresholds => ({ lowAlarm, lowWarning, highWarning, highAlarm });

/** Commercial temperature range and a 3.3 V supply ± 5 %, ± 10 %; bias of a VCSEL: as data sheets print them. */
const COMMON = {
  temperature: limits(75, 70, 0, -5),
  voltage: limits(3.63, 3.465, 3.135, 2.97),
  bias: limits(11.8e-3, 10.8e-3, 4e-3, 3e-3),
};

/** Q for the bit error ratios 5e-5 (KR4), 2.4e-4 (KP4) and 1e-12 (no correction). */
const KR4_Q = 3.89059;
const KP4_Q = 3.49168;
const PLAIN_Q = 7.03448;

const with25G = {
  fec: KR4,
  transmitDbm: 0.3,
  sensitivityDbm: -10.3,
  sensitivityQ: KR4_Q,
  bestQ: 7.1,
  biasAmperes: 6e-3,
  thresholds: {
    ...COMMON,
    receivePower: limits(3.4, 2.4, -10.3, -11.3),
    transmitPower: limits(3.4, 2.4, -8.4, -9.4),
  },
};

const with50G = {
  fec: KP4,
  transmitDbm: 0.8,
  sensitivityDbm: -8.4,
  sensitivityQ: KP4_Q,
  // Four levels instead of two: their eyes are never clean.
  bestQ: 5.4,
  biasAmperes: 6.8e-3,
  thresholds: {
    ...COMMON,
    receivePower: limits(5, 4, -8.4, -10.4),
    transmitPower: limits(5, 4, -6.5, -8.5),
  },
};

const with10G = {
  fec: undefined,
  transmitDbm: -2.4,
  sensitivityDbm: -11.1,
  sensitivityQ: PLAIN_Q,
  bestQ: 9.5,
  biasAmperes: 6.6e-3,
  thresholds: {
    ...COMMON,
    receivePower: limits(2, -1, -9.9, -11.9),
    transmitPower: limits(1.7, -1.3, -7.3, -9.3),
  },
};

const with1G = {
  ...with10G,
  transmitDbm: -5,
  sensitivityDbm: -17,
  thresholds: {
    ...COMMON,
    receivePower: limits(1, 0, -17, -19),
    transmitPower: limits(0, -1, -9.5, -10.5),
  },
};

/**
 * Short-reach optics over multimode fibre, by the speed of the port: IEEE 802.3 clauses 38, 52, 86, 95, 112, 138.
 * Warnings of power lie at the limits of the clause, alarms a little beyond. What lasers give and draw, and the
 * best Q, are own estimates that agree with what such optics report.
 */
const OPTICS: ReadonlyMap<number, Optic> = new Map([
  [1e9, { ...with1G, pmd: "1000BASE-SX", partNumber: "HO-1G-SX", lineRate: 1.25e9 }],
  [10e9, { ...with10G, pmd: "10GBASE-SR", partNumber: "HO-10G-SR", lineRate: 10.3125e9 }],
  [25e9, { ...with25G, pmd: "25GBASE-SR", partNumber: "HO-25G-SR", lineRate: 25.78125e9 }],
  [40e9, { ...with10G, pmd: "40GBASE-SR4", partNumber: "HO-40G-SR4", lineRate: 41.25e9 }],
  [50e9, { ...with50G, pmd: "50GBASE-SR", partNumber: "HO-50G-SR", lineRate: 53.125e9 }],
  [100e9, { ...with25G, pmd: "100GBASE-SR4", partNumber: "HO-100G-SR4", lineRate: 103.125e9 }],
  [200e9, { ...with50G, pmd: "200GBASE-SR4", partNumber: "HO-200G-SR4", lineRate: 212.5e9 }],
  [400e9, { ...with50G, pmd: "400GBASE-SR8", partNumber: "HO-400G-SR8", lineRate: 425e9 }],
]);

/** The optic in a port; undefined for copper. A speed that has none here gets that of the next slower one. */
export function opticOf({ speed, lanes }: PortProfile): Optic | undefined {
  if (lanes === 0) return undefined;
  const known = OPTICS.get(speed);
  if (known !== undefined) return known;
  return [...OPTICS].findLast(([each]) => each < speed)?.[1] ?? OPTICS.get(1e9);
}
