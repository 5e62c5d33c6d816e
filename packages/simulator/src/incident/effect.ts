/** When something holds: from (inclusive) to (exclusive), in seconds since the epoch; `Infinity` while it goes on. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * One change that an incident, or a failure that arose by itself, makes to the model. Incidents are made of
 * these and of nothing else, so the model need not know them, and what an incident may move is known.
 */
export type Effect = Span &
  (
    | {
        /** No light in either direction: both ports are down. */
        readonly kind: "link-down";
        /** The id of the link. */
        readonly link: string;
        /** Light arrives, but too little to read: the model's own, made of effects that dim it. */
        readonly isDim?: true;
      }
    | {
        /** A station transmits at a steady share of the line rate instead of what it would. */
        readonly kind: "load";
        readonly link: string;
        readonly ratio: number;
      }
    | {
        /** Egress ports get a multiple of their share of what a switch forwards: 0 for none. */
        readonly kind: "forwarding";
        readonly switch: string;
        /** By port index. */
        readonly factors: ReadonlyMap<number, number>;
      }
    | {
        /** Less light arrives at a port: at once, and more each day. */
        readonly kind: "receive-loss";
        readonly switch: string;
        readonly port: number;
        readonly decibels: number;
        readonly decibelsPerDay: number;
      }
    | {
        /** A laser fades and draws more current. */
        readonly kind: "laser-ageing";
        readonly switch: string;
        readonly port: number;
        readonly decibelsPerDay: number;
      }
    | { readonly kind: "fan-failure"; readonly switch: string; readonly fan: number }
    | { readonly kind: "psu-loss"; readonly switch: string; readonly psu: number }
    | {
        /** The air that the switch takes in is warmer. */
        readonly kind: "inlet-heat";
        readonly switch: string;
        readonly celsius: number;
      }
    | {
        /** The switch is off during the span; at its end all counters begin at zero. */
        readonly kind: "reboot";
        readonly switch: string;
      }
    | { readonly kind: "memory-leak"; readonly switch: string; readonly bytesPerSecond: number }
    | {
        /** A BGP session is not established. */
        readonly kind: "bgp-down";
        readonly switch: string;
        readonly peer: number;
      }
    | { readonly kind: "mac-flood"; readonly switch: string; readonly entriesPerSecond: number }
    | {
        /** The byte and packet counters of a port are shown modulo 2^32. */
        readonly kind: "counter-wrap";
        readonly switch: string;
        readonly port: number;
      }
    | {
        /** The counters of a port are shown as they were at the start of the span. */
        readonly kind: "stuck-counter";
        readonly switch: string;
        readonly port: number;
      }
  );

/** The word that tells effects apart. */
export type EffectKind = Effect["kind"];

/** An effect of one kind. */
export type EffectOf<K extends EffectKind> = Extract<Effect, { kind: K }>;

/** Everything that happens in a simulation: read by the model, written by incidents and by life. */
export interface EffectSource {
  /**
   * The effects that began before a moment, by their start: a longer list is an extension of a shorter one,
   * unless `version` has changed, which it does when effects that were given out change: an incident was
   * stopped by hand.
   */
  until(seconds: number): readonly Effect[];
  readonly version: number;
}
