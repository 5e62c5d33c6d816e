import type { Profile, Station } from "./fabric.ts";

/** What to build a fabric from: what a `--fabric` argument says, checked. */
export interface FabricSpec {
  /** A 32-bit whole number. */
  readonly seed: number;
  /** Seconds since 1970: a Monday, 00:00 UTC. */
  readonly epoch: number;
  /** A power of two. */
  readonly slotSeconds: number;
  readonly switches: readonly SwitchSpec[];
  readonly links: readonly LinkSpec[];
  /** Stations that are wanted by name; others come by themselves. */
  readonly stations: readonly StationSpec[];
}

/** A switch to build. */
export interface SwitchSpec {
  readonly name: string;
  readonly profile: Profile;
  /** Texts for ports, by port index; the others get theirs from what they are linked to. */
  readonly aliases: ReadonlyMap<number, string>;
  /** Whether ports that no link and no station claims get stations, or all stay free. */
  readonly isFilled: boolean;
}

/** A port by position: of its switch in the specification, and on that switch. */
export interface PortPlace {
  readonly switch: number;
  readonly port: number;
}

/** A link between two switches; both ports have the same speed. */
export interface LinkSpec {
  readonly a: PortPlace;
  readonly b: PortPlace;
}

/** A station at a port. Without a load it gets one that suits its kind. */
export interface StationSpec {
  readonly at: PortPlace;
  readonly kind: Station["kind"];
  readonly name: string;
  /** 0 … {@link MAX_LOAD}. */
  readonly load: number | undefined;
}

/**
 * The highest mean load of a station, as a share of the line rate: over a week the mean load swings to less
 * than twice its mean, and it cannot exceed the line.
 */
export const MAX_LOAD = 0.5;

/** The seed when nobody says: two machines simulate the same switch. */
export const DEFAULT_SEED = 1;
