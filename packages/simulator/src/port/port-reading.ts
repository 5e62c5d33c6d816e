/** What has gone through a port in one direction since its switch was started, whole numbers. */
export interface TrafficReading {
  readonly bytes: number;
  readonly packets: number;
}

/** What was asked about priority 3, that of storage, since the switch was started. */
export interface PauseReading {
  readonly frames: number;
  readonly seconds: number;
}

/** A port's numbers at one moment. Counters begin at zero when the switch starts. */
export interface PortReading {
  readonly isUp: boolean;
  readonly received: TrafficReading;
  /** The sum over the queues, as what was dropped is. */
  readonly transmitted: TrafficReading;
  /** How many of the packets received, and transmitted, are large frames (`port/large-frames.ts`). */
  largeFrames(way: "received" | "transmitted"): number;
  /** Dropped because queues of this port were full, wherever it came from. */
  readonly discarded: TrafficReading;
  /** Packets of storage that arrived at this port and were dropped, since the queue they were for was full. */
  readonly headroomPackets: number;
  /** What arrived at this port and was dropped, since no port that it may go to was up. */
  readonly unrouted: TrafficReading;
  /** What this port has asked its far end to pause, and has been asked by it: nothing where that is a station. */
  readonly pauses: { readonly sent: PauseReading; readonly received: PauseReading };
  /** Counters of bytes and packets are shown modulo this: 2^32 while they wrap, else `Infinity`. */
  readonly modulus: number;
  /** Offered to the port over the current slot, as a share of the line rate; above 1 queues fill. */
  readonly load: number;
  /** By class: best effort, storage, control. */
  readonly queues: readonly QueueReading[];
}

/** An output queue of a port at one moment: that of one class. */
export interface QueueReading {
  /** Its number, 0 … 7. */
  readonly queue: number;
  readonly transmitted: TrafficReading;
  readonly dropped: TrafficReading;
  readonly depthBytes: number;
  /** The deepest of the last ten seconds. */
  readonly watermarkBytes: number;
  /** What it may hold now: its part of what the dynamic threshold allows the port. */
  readonly limitBytes: number;
  /** 0 for classes whose packets are not marked. */
  readonly ecnMarkedPackets: number;
  /** How long it was so long that senders were asked to pause; 0 for lossy classes. */
  readonly pausedSeconds: number;
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
