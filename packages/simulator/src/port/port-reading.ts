/** What has gone through a port in one direction since its switch was started, whole numbers. */
export interface TrafficReading {
  readonly bytes: number;
  readonly packets: number;
}

/** A port's numbers at one moment. Counters begin at zero when the switch starts. */
export interface PortReading {
  readonly isUp: boolean;
  readonly received: TrafficReading;
  readonly transmitted: TrafficReading;
  /** Dropped because the queue was full. */
  readonly discarded: TrafficReading;
  /** Offered to the port over the current slot, as a share of the line rate; above 1 the queue fills. */
  readonly load: number;
  readonly queue: QueueReading;
}

/** A port's output queue at one moment. */
export interface QueueReading {
  readonly depthBytes: number;
  /** The deepest of the last ten seconds. */
  readonly watermarkBytes: number;
  /** What the dynamic threshold allows it now. */
  readonly limitBytes: number;
  readonly ecnMarkedPackets: number;
  readonly pfcPausedSeconds: number;
}

/** The traffic of a switch, as the model gives it. Readings are pure functions of the moment. */
export interface SwitchTraffic {
  /** All ports at a moment, in order; undefined while the switch is off. */
  read(seconds: number): readonly PortReading[] | undefined;
  /** Bytes received and transmitted by all ports between two moments, whether or not it restarted: for warmth and watts. */
  bytesBetween(from: number, to: number): number;
  /** When the switch was last started, as seen at a moment. */
  startedAt(seconds: number): number;
}
