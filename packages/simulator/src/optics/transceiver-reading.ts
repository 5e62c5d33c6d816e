import type { TransceiverThresholds } from "./optic.ts";

/** What a transceiver says of itself; constant. */
export interface TransceiverInfo {
  readonly vendor: string;
  readonly partNumber: string;
  readonly serial: string;
  /** Such as `SFP28`. */
  readonly formFactor: string;
  /** The physical medium, such as `25GBASE-SR`. */
  readonly pmd: string;
}

/** One lane of light. −30 dBm stands for none. */
export interface LaneReading {
  /** The current of the laser; 0 while it is off. */
  readonly biasAmperes: number;
  readonly receivePowerDbm: number;
  readonly transmitPowerDbm: number;
}

/** The sensors of a transceiver at one moment, in the steps in which such sensors report (SFF-8472). */
export interface TransceiverReading {
  readonly info: TransceiverInfo;
  readonly thresholds: TransceiverThresholds;
  readonly temperatureCelsius: number;
  readonly voltageVolts: number;
  /** In the order of the lanes, of which there are as many as the profile of the port says. */
  readonly lanes: readonly LaneReading[];
}

/** What a port could not read of what arrived. Counts begin at zero when the switch starts, and never fall. */
export interface LineErrorReading {
  /** Wrong bits among all before correction, as of now; 0 while there is no signal. */
  readonly preFecBitErrorRatio: number;
  /** Codewords of forward error correction, whole numbers; always 0 on links that have none. */
  readonly correctedCodewords: number;
  readonly uncorrectableCodewords: number;
  /** Packets with a wrong checksum. */
  readonly fcsErrors: number;
}

/** A port's optics at one moment. */
export interface OpticsReading {
  /** Undefined for copper. */
  readonly transceiver: TransceiverReading | undefined;
  readonly errors: LineErrorReading;
}
