import { type Fabric, isPort, type Link, type Switch } from "../fabric/fabric.ts";
import { mixText, unit } from "../seed/mix.ts";

/** Prefixes, by address family. */
export interface PrefixCount {
  readonly ipv4: number;
  readonly ipv6: number;
}

/** Prefixes of all leaves of a fabric, added up. */
const sums = new WeakMap<Fabric, PrefixCount>();

/** What a leaf has itself: the networks of its rack, and its address. */
export function ownPrefixes(fabric: Fabric, { name }: Switch): PrefixCount {
  const state = mixText(fabric.seed, `prefixes ${name}`);
  const ipv4 = 8 + Math.floor(24 * unit(state, 1));
  return { ipv4, ipv6: Math.ceil(ipv4 / 2) };
}

/** What the core tells: the rest of the network, the same at every port. */
function corePrefixes(fabric: Fabric): PrefixCount {
  const state = mixText(fabric.seed, "prefixes of the core");
  return {
    ipv4: 600 + Math.floor(400 * unit(state, 1)),
    ipv6: 150 + Math.floor(100 * unit(state, 2)),
  };
}

/**
 * How many prefixes the far end of a link tells a switch: a leaf its own; a spine those of all other leaves, and
 * the core's if it leads there; the core its own. Nothing depends on what else is up, so what happens to a switch
 * is felt by its neighbours and no further. No more than a third of the switch's table.
 */
export function advertisedTo(fabric: Fabric, to: Switch, far: Link["peer"]): PrefixCount {
  const all = isPort(far) ? toldBy(fabric, far.switch, to) : corePrefixes(fabric);
  const most = Math.floor(to.profile.routeCapacity / 3);
  return { ipv4: Math.min(all.ipv4, most), ipv6: Math.min(all.ipv6, most) };
}

function toldBy(fabric: Fabric, teller: Switch, to: Switch): PrefixCount {
  if (teller.profile.role === "leaf") return ownPrefixes(fabric, teller);
  const leaves = sumOfLeaves(fabric);
  const own = to.profile.role === "leaf" ? ownPrefixes(fabric, to) : { ipv4: 0, ipv6: 0 };
  const core = hasCore(teller) ? corePrefixes(fabric) : { ipv4: 0, ipv6: 0 };
  return { ipv4: leaves.ipv4 - own.ipv4 + core.ipv4, ipv6: leaves.ipv6 - own.ipv6 + core.ipv6 };
}

function hasCore({ ports }: Switch): boolean {
  return ports.some(({ link }) => link !== undefined && !isPort(link.peer));
}

function sumOfLeaves(fabric: Fabric): PrefixCount {
  let sum = sums.get(fabric);
  if (sum === undefined) {
    let [ipv4, ipv6] = [0, 0];
    for (const node of fabric.switches) {
      if (node.profile.role !== "leaf") continue;
      const own = ownPrefixes(fabric, node);
      ipv4 += own.ipv4;
      ipv6 += own.ipv6;
    }
    sum = { ipv4, ipv6 };
    sums.set(fabric, sum);
  }
  return sum;
}
