import type { Fabric, Port, Switch } from "../fabric/fabric.ts";
import type { SwitchTraffic } from "../port/port-reading.ts";
import { mixText } from "../seed/mix.ts";
import type { EffectIndex } from "../traffic/effect-index.ts";
import type { LinkTimeline } from "../traffic/link-timeline.ts";
import { BgpSession, churn, sessionPorts } from "./bgp-session.ts";
import type {
  BgpSessionReading,
  ChassisReading,
  FanReading,
  MemoryReading,
  NeighborReading,
  SupplyReading,
  TableReading,
  TemperatureReading,
} from "./chassis-reading.ts";
import { fanRatio, readFans, readTemperatures } from "./cooling.ts";
import { anyHolds } from "./effect-following.ts";
import { isNeighborHeard, neighborOf } from "./neighbors.ts";
import { readSupplies, wattsOf } from "./power.ts";
import { ownPrefixes } from "./prefixes.ts";
import { readCores, readMemory } from "./processor.ts";
import { readStationMoves, readStationTable } from "./station-table.ts";
import type { Warmth } from "./warmth.ts";

/** What the chassis of a switch follows. */
export interface ChassisParts {
  readonly effects: EffectIndex;
  /** By port; undefined for free ones. */
  readonly timelines: readonly (LinkTimeline | undefined)[];
  readonly traffic: Pick<SwitchTraffic, "startedAt">;
  readonly warmth: Warmth;
}

/**
 * All of a switch that is not of a port's traffic or light. Every part can be read alone, at any moment at which the
 * switch is on; `read` gives all of them.
 */
export class Chassis {
  readonly #fabric: Fabric;
  readonly #node: Switch;
  readonly #parts: ChassisParts;
  readonly #state: number;
  readonly #sessions: readonly BgpSession[];
  /** By port: who is there, heard or not. */
  #neighbors: readonly (NeighborReading | undefined)[] | undefined;

  constructor(fabric: Fabric, node: Switch, parts: ChassisParts) {
    this.#fabric = fabric;
    this.#node = node;
    this.#parts = parts;
    this.#state = mixText(fabric.seed, `chassis ${node.name}`);
    this.#sessions = sessionPorts(node).map(
      (port) =>
        new BgpSession(fabric, port, parts.timelines[port.index] as LinkTimeline, parts.effects),
    );
  }

  /** Everything at a moment; undefined while the switch is off. */
  read(seconds: number): ChassisReading | undefined {
    this.#parts.effects.refresh(seconds);
    if (anyHolds(this.#effects, "reboot", seconds)) return undefined;
    const sessions = this.sessions(seconds);
    return {
      startedAt: this.startedAt(seconds),
      temperatures: this.temperatures(seconds),
      fans: this.fans(seconds),
      supplies: this.supplies(seconds),
      cores: this.cores(seconds),
      memory: this.memory(seconds),
      macTable: this.macTable(seconds),
      macMoves: this.macMoves(seconds),
      routeTable: this.#routeTable(sessions, seconds),
      neighbors: this.neighbors(seconds),
      sessions,
    };
  }

  startedAt(seconds: number): number {
    return this.#parts.traffic.startedAt(seconds);
  }

  temperatures(seconds: number): readonly TemperatureReading[] {
    return readTemperatures(this.#parts.warmth.at(seconds));
  }

  fans(seconds: number): readonly FanReading[] {
    const warmth = this.#parts.warmth.at(seconds);
    const ratio = fanRatio(warmth, this.#effects, seconds);
    return readFans(this.#node, this.#state, ratio, this.#effects, seconds);
  }

  supplies(seconds: number): readonly SupplyReading[] {
    const warmth = this.#parts.warmth.at(seconds);
    const ratio = fanRatio(warmth, this.#effects, seconds);
    const turning = this.fans(seconds).filter(({ isUp }) => isUp).length;
    const watts = wattsOf(this.#node, warmth, ratio, turning);
    return readSupplies(this.#node, this.#state, watts, this.#effects, seconds);
  }

  cores(seconds: number): readonly number[] {
    const warmth = this.#parts.warmth.at(seconds);
    const startedAt = this.startedAt(seconds);
    const work = { warmth, startedAt, churn: churn(this.#sessions, seconds, startedAt) };
    return readCores(this.#node, this.#state, work, this.#effects, seconds);
  }

  memory(seconds: number): MemoryReading {
    this.#parts.effects.refresh(seconds);
    const startedAt = this.startedAt(seconds);
    return readMemory(this.#node, this.#state, this.#effects, seconds, startedAt);
  }

  macTable(seconds: number): TableReading {
    this.#parts.effects.refresh(seconds);
    return readStationTable(
      this.#node,
      this.#state,
      this.#parts.timelines,
      this.#effects,
      seconds,
      this.startedAt(seconds),
    );
  }

  macMoves(seconds: number): number {
    this.#parts.effects.refresh(seconds);
    const startedAt = this.startedAt(seconds);
    return readStationMoves(this.#node, this.#state, this.#effects, seconds, startedAt);
  }

  routeTable(seconds: number): ChassisReading["routeTable"] {
    return this.#routeTable(this.sessions(seconds), seconds);
  }

  neighbors(seconds: number): readonly NeighborReading[] {
    this.#parts.effects.refresh(seconds);
    const { seed } = this.#fabric;
    this.#neighbors ??= this.#node.ports.map((port) => neighborOf(seed, port));
    const all = this.#neighbors;
    return this.#node.ports.flatMap((port) => {
      const timeline = this.#parts.timelines[port.index];
      const isHeard = timeline !== undefined && isNeighborHeard(seed, timeline, seconds);
      return (isHeard ? all[port.index] : undefined) ?? [];
    });
  }

  sessions(seconds: number): readonly BgpSessionReading[] {
    this.#parts.effects.refresh(seconds);
    const startedAt = this.startedAt(seconds);
    return this.#sessions.map((session) => session.read(seconds, startedAt));
  }

  get #effects(): ReturnType<EffectIndex["on"]> {
    return this.#parts.effects.on(this.#node.name);
  }

  /**
   * Routes: own networks, one of each link over which a session goes, and what peers tell. Those above tell the same,
   * so the most counts; leaves tell each their own, which adds up.
   */
  #routeTable(
    sessions: readonly BgpSessionReading[],
    seconds: number,
  ): ChassisReading["routeTable"] {
    const capacity = this.#node.profile.routeCapacity;
    const own = ownPrefixes(this.#fabric, this.#node);
    const isUp = (port: Port): boolean => this.#parts.timelines[port.index]?.isUp(seconds) ?? false;
    const links = this.#sessions.filter(({ port }) => isUp(port)).length;
    const table = (family: "ipv4" | "ipv6"): TableReading => {
      let [above, below] = [0, 0];
      for (const [i, { prefixesReceived }] of sessions.entries()) {
        const told = prefixesReceived[family];
        if (this.#sessions[i]?.leadsUp) above = Math.max(above, told);
        else below += told;
      }
      return { entries: Math.min(capacity, own[family] + links + above + below), capacity };
    };
    return { ipv4: table("ipv4"), ipv6: table("ipv6") };
  }
}
