import { mix, mixText } from "../seed/mix.ts";

/** What tells a switch from all others of its kind. */
export interface Identity {
  readonly serial: string;
  /** Its chassis address; the following ones are its ports'. */
  readonly mac: string;
  /** The ifIndex of its first port. */
  readonly firstIfIndex: number;
}

/** A switch takes this many MAC addresses: more than any profile has ports. */
const ADDRESSES = 128;

/**
 * Makes a function that gives switches their identities, from seed and name. The serial and the addresses
 * of no two are the same: a switch whose hash is taken gets the next hash.
 */
export function identities(seed: number): (name: string) => Identity {
  const taken = new Set<number>();
  return (name) => {
    const state = mixText(seed, `identity ${name}`);
    let attempt = 0;
    let block = blockOf(mix(state, attempt));
    while (taken.has(block)) block = blockOf(mix(state, ++attempt));
    taken.add(block);
    const week = String(1 + (mix(state, 1001) % 52)).padStart(2, "0");
    const unit = block.toString(36).toUpperCase().padStart(5, "0");
    return {
      serial: `LK24${week}${unit}`,
      mac: macOf(block, 0),
      // An operating system numbers ports after what else it has: management, loopback, VLANs.
      firstIfIndex: 1 + 1000 * (1 + (mix(state, 1002) % 8)),
    };
  };
}

/** The address of the `index`th port of a switch with a chassis address. */
export function portMac(chassis: string, index: number): string {
  return macOf(Number.parseInt(chassis.slice(6).replaceAll(":", ""), 16) / ADDRESSES, index + 1);
}

/** Block 0 … 2^25 − 1: what is left of 32 bits when the addresses of a switch share the others. */
function blockOf(hash: number): number {
  return Math.floor(hash / ADDRESSES);
}

// 02: a locally administered address, which belongs to no maker.
function macOf(block: number, offset: number): string {
  const low = (block * ADDRESSES + offset).toString(16).padStart(8, "0");
  return ["02", "4c", ...(low.match(/../g) as string[])].join(":");
}
