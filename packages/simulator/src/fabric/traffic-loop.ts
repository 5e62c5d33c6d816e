import type { PortPlace, SwitchSpec } from "./fabric-spec.ts";
import { type FarEnd, isStation } from "./stations.ts";

/**
 * The switches around which traffic would go without end, in its direction and by position; undefined where
 * there is none, as among leaves and spines that are joined by the leaves' uplinks.
 *
 * What a port transmits is a sum over what arrives at its switch, less what their common queues drop
 * (traffic/forwarding.ts, port/switch-traffic.ts). Uplinks are fed by access ports, access ports by all; on a
 * switch that uses only one sort of port, all are fed by all. A port that fed itself would have no volume.
 */
export function findTrafficLoop(
  switches: readonly SwitchSpec[],
  plan: readonly (readonly FarEnd[])[],
): readonly number[] | undefined {
  const search = new Search(
    switches.map(({ profile }, i) => new Node(profile, plan[i] as readonly FarEnd[])),
  );
  for (const [i, ends] of plan.entries()) {
    for (const [port, end] of ends.entries()) {
      if (end === undefined || isStation(end)) continue;
      const loop = search.from({ switch: i, port });
      if (loop !== undefined) return loop;
    }
  }
  return undefined;
}

/** Egress ports of a switch that are fed alike. */
type Group = "up" | "down" | "all";

/** A switch and its ports in use. */
class Node {
  readonly #profile: SwitchSpec["profile"];
  readonly #ends: readonly FarEnd[];
  readonly #usesBoth: boolean;

  constructor(profile: SwitchSpec["profile"], ends: readonly FarEnd[]) {
    this.#profile = profile;
    this.#ends = ends;
    const uses = (isUplink: boolean): boolean =>
      ends.some((end, port) => end !== undefined && this.#isUplink(port) === isUplink);
    this.#usesBoth = uses(true) && uses(false);
  }

  groupOf(port: number): Group {
    if (!this.#usesBoth) return "all";
    return this.#isUplink(port) ? "up" : "down";
  }

  /** The far ports whose transmissions feed a group. */
  feedersOf(group: Group): readonly PortPlace[] {
    return this.#ends.flatMap((end, port) =>
      end === undefined || isStation(end) || (group === "up" && this.#isUplink(port)) ? [] : [end],
    );
  }

  #isUplink(port: number): boolean {
    return this.#profile.ports[port]?.isUplink === true;
  }
}

/** A depth-first search through groups, from what is fed to what feeds it. */
class Search {
  readonly #nodes: readonly Node[];
  readonly #done = new Set<string>();
  /** The groups on the way, in order, with their switches. */
  readonly #path = new Map<string, number>();

  constructor(nodes: readonly Node[]) {
    this.#nodes = nodes;
  }

  from({ switch: index, port }: PortPlace): readonly number[] | undefined {
    const node = this.#nodes[index] as Node;
    const group = node.groupOf(port);
    const key = `${index} ${group}`;
    if (this.#done.has(key)) return undefined;
    if (this.#path.has(key)) {
      const start = [...this.#path.keys()].indexOf(key);
      return [...this.#path.values()].slice(start).reverse();
    }
    this.#path.set(key, index);
    for (const feeder of node.feedersOf(group)) {
      const loop = this.from(feeder);
      if (loop !== undefined) return loop;
    }
    this.#path.delete(key);
    this.#done.add(key);
    return undefined;
  }
}
