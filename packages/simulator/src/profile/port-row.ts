import type { PortProfile } from "../fabric/fabric.ts";

/** Ports of one kind, side by side on the front of a switch. */
export interface PortRow extends Omit<PortProfile, "name"> {
  /** Number of the first, as in `Ethernet1/FIRST`. */
  readonly first: number;
  readonly count: number;
}

/** The ports of a row, named `Ethernet1/1` and on: slot 1, since none of the switches is modular. */
export function portRow({ first, count, ...kind }: PortRow): readonly PortProfile[] {
  return Array.from({ length: count }, (_, i) => ({ name: `Ethernet1/${first + i}`, ...kind }));
}
