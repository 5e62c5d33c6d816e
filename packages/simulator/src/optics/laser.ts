import type { Fabric, Link } from "../fabric/fabric.ts";
import { mix, mixText } from "../seed/mix.ts";
import { type Wander, wanderOf } from "../seed/wander.ts";
import type { Direction, LightPath } from "./light-path.ts";

/** How far the light of a laser wanders, in decibels. */
const WANDER_DECIBELS = 0.05;

/** The laser whose light goes over a link in a direction: both ends call it the same, so they agree on its light. */
export class Laser {
  readonly #path: LightPath;
  readonly #wanders: readonly Wander[];

  constructor(fabric: Fabric, link: Link, direction: Direction, path: LightPath) {
    this.#path = path;
    const state = mix(mixText(fabric.seed, `laser ${link.id}`), direction === "to-port" ? 0 : 1);
    this.#wanders = path.transmitDbm.map((_, lane) => wanderOf(mix(state, lane)));
  }

  /** Power of each lane in dBm, when so many decibels of it are lost. */
  powers(seconds: number, lossDb: number): readonly number[] {
    return this.#path.transmitDbm.map(
      (power, lane) => power + WANDER_DECIBELS * (this.#wanders[lane] as Wander)(seconds) - lossDb,
    );
  }
}
