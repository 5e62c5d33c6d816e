import { anyHolds } from "../chassis/effect-following.ts";
import type { Warmth } from "../chassis/warmth.ts";
import type { Fabric, Port, Switch } from "../fabric/fabric.ts";
import type { SwitchTraffic } from "../port/port-reading.ts";
import type { EffectIndex } from "../traffic/effect-index.ts";
import type { LinkTimeline } from "../traffic/link-timeline.ts";
import type { Arrivals } from "./error-counts.ts";
import { opticOf } from "./optic.ts";
import { NO_ERRORS, PortOptics } from "./port-optics.ts";
import type { OpticsReading } from "./transceiver-reading.ts";

/** What the optics of a switch follow. */
export interface OpticsParts {
  readonly effects: EffectIndex;
  /** By port; undefined for free ones. */
  readonly timelines: readonly (LinkTimeline | undefined)[];
  /** By port; undefined for free ones. */
  readonly arrivals: readonly (Arrivals | undefined)[];
  readonly traffic: Pick<SwitchTraffic, "startedAt">;
  readonly warmth: Warmth;
}

const COPPER: OpticsReading = { transceiver: undefined, errors: NO_ERRORS };

/**
 * The transceivers of a switch, and the errors of its lines.
 *
 *   transmitted = laser − ageing + wander                  its driver holds it, whatever the warmth
 *   received    = transmitted at the far end − fibre − dirt     so both ends agree, lane by lane
 *   temperature = inlet + 17 + own (± 2) + 8 · load + missing air
 *   bias        = laser · (1 + 0.4 % · (temperature − 25)) · (1 + 3 % · years) · 10^(ageing/20)
 *
 * A link that is down because too little light arrives still shows that light; one that is cut, or whose far end
 * is off, shows none, and neither does a free port, whose laser is off. What is constant about lasers and fibres
 * is in `LightPath`, with how errors follow from what arrives.
 */
export class SwitchOptics {
  readonly #fabric: Fabric;
  readonly #node: Switch;
  readonly #parts: OpticsParts;
  /** By port: made when it is first read; null for copper. */
  readonly #ports: (PortOptics | null)[] = [];

  constructor(fabric: Fabric, node: Switch, parts: OpticsParts) {
    this.#fabric = fabric;
    this.#node = node;
    this.#parts = parts;
  }

  /** All ports at a moment, in order; undefined while the switch is off. */
  read(seconds: number): readonly OpticsReading[] | undefined {
    const { effects, traffic, warmth } = this.#parts;
    effects.refresh(seconds);
    if (anyHolds(effects.on(this.#node.name), "reboot", seconds)) return undefined;
    const startedAt = traffic.startedAt(seconds);
    const warm = warmth.at(seconds);
    return this.#node.ports.map(
      ({ index }) => this.#portOptics(index)?.read(seconds, startedAt, warm) ?? COPPER,
    );
  }

  /** One port, by its index, at a moment at which the switch is on. */
  readPort(index: number, seconds: number): OpticsReading {
    const { effects, traffic, warmth } = this.#parts;
    effects.refresh(seconds);
    const optics = this.#portOptics(index);
    return optics?.read(seconds, traffic.startedAt(seconds), warmth.at(seconds)) ?? COPPER;
  }

  #portOptics(index: number): PortOptics | null {
    const known = this.#ports[index];
    if (known !== undefined) return known;
    const port = this.#node.ports[index] as Port;
    const optic = opticOf(port.profile);
    const { effects, timelines, arrivals } = this.#parts;
    const at = { effects, timeline: timelines[index], arrivals: arrivals[index] };
    const made = optic === undefined ? null : new PortOptics(this.#fabric, port, optic, at);
    this.#ports[index] = made;
    return made;
  }
}
