import type { Fabric } from "../fabric/fabric.ts";
import { incidentEffects, incidentType } from "../incident/catalogue.ts";
import type { Effect, EffectSource } from "../incident/effect.ts";
import type { Incident, IncidentSource } from "../incident/incident.ts";
import { lightPath } from "../optics/light-path.ts";
import { mix, mixText, unit } from "../seed/mix.ts";
import { poisson } from "./draw.ts";
import {
  type Entities,
  entitiesOf,
  FAILURE_KINDS,
  type Failure,
  type FailureKind,
} from "./failure-kinds.ts";
import { type FailureRates, type FailureRatesName, failureRatesOf } from "./failure-rates.ts";
import { countUntil } from "./merge-sources.ts";

const DAY = 86_400;

/** After 100 years everything has failed. */
const MOST_SECONDS = 100 * 365 * DAY;

/** Corruption of a share of packets, log-uniform between these: an own estimate of what operators put up with. */
const LEAST_CORRUPTION = 1e-8;
const MOST_CORRUPTION = 1e-3;

/** What {@link Life} needs to know. */
export interface LifeOptions {
  readonly fabric: Fabric;
  readonly rates: FailureRates | FailureRatesName;
}

/**
 * What goes wrong by itself. For each kind of failure and each day a hash of the seed says how many things fail
 * (Poisson with the sum of their rates), and which: so a day costs what happens on it, and no day depends on how
 * far anybody looks. Failures are incidents of the catalogue, with ids such as `life-reboot-17.0` (day, number).
 *
 * Both as incidents, whose truth is told, and as effects, for those who need nothing else.
 */
export class Life implements IncidentSource, EffectSource {
  readonly version = 0;
  readonly #fabric: Fabric;
  readonly #rates: FailureRates;
  readonly #state: number;
  readonly #entities: Entities;
  /** Days that have been looked at. */
  #days = 0;
  readonly #incidents: (Incident & { readonly from: number })[] = [];
  /** Those whose start is known and whose day is not over: their effects may lie in days to come. */
  #pending: Effect[] = [];
  readonly #effects: Effect[] = [];
  #last: readonly Effect[] = [];
  #lastIncidents: readonly Incident[] = [];

  /** Throws what {@link failureRatesOf} throws. */
  constructor({ fabric, rates }: LifeOptions) {
    this.#fabric = fabric;
    this.#rates = failureRatesOf(rates);
    this.#state = mixText(fabric.seed, "life");
    this.#entities = entitiesOf(fabric);
    this.#take(corruptLinks(fabric, this.#rates.corruptLinkShare, this.#state));
  }

  /** Those that start until a moment, by their start. Throws RangeError beyond a hundred years. */
  incidentsUntil(seconds: number): readonly Incident[] {
    this.#reach(seconds);
    const count = countUntil(this.#incidents, seconds);
    if (count !== this.#lastIncidents.length) this.#lastIncidents = this.#incidents.slice(0, count);
    return this.#lastIncidents;
  }

  /** The effects of all incidents that begin until a moment. Throws RangeError beyond a hundred years. */
  until(seconds: number): readonly Effect[] {
    this.#reach(seconds);
    const count = countUntil(this.#effects, seconds);
    if (count !== this.#last.length) this.#last = this.#effects.slice(0, count);
    return this.#last;
  }

  #reach(seconds: number): void {
    if (!(seconds <= MOST_SECONDS))
      throw new RangeError(`life ends after 100 years, and does not know ${seconds} s`);
    while (this.#days * DAY <= seconds) {
      const day = this.#days;
      this.#take(
        FAILURE_KINDS.flatMap((kind, k) =>
          this.#failures(kind, mix(mix(this.#state, k), day), day),
        ),
      );
      this.#days = day + 1;
      this.#release((day + 1) * DAY);
    }
  }

  #failures(kind: FailureKind, state: number, day: number): readonly Incident[] {
    const rate = kind.rate(this.#rates);
    const count = kind.count(this.#entities);
    const failing = poisson((count * rate.perYear) / 365, mix(state, 0));
    return Array.from({ length: failing }, (_, i) => {
      const own = mix(state, i + 1);
      const n = Math.floor(unit(own, 1000) * count);
      const failure = kind.failureOf(this.#entities, n, day * DAY, rate, own);
      return {
        ...failure,
        ...allowedDuration(failure),
        id: `life-${kind.name}-${day}.${i}`,
        origin: "life",
      };
    });
  }

  /** Incidents that start on a day, before that day's effects are released. */
  #take(incidents: readonly Incident[]): void {
    const sorted = [...incidents].sort((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1));
    for (const incident of sorted) {
      this.#incidents.push({ ...incident, from: incident.start });
      this.#pending.push(...incidentEffects(this.#fabric, incident));
    }
  }

  /** What has begun before the end of a day is complete. */
  #release(end: number): void {
    if (this.#pending.length === 0) return;
    const sorted = this.#pending.sort((a, b) => a.from - b.from);
    const count = sorted.findIndex(({ from }) => from >= end);
    this.#effects.push(...(count < 0 ? sorted : sorted.slice(0, count)));
    this.#pending = count < 0 ? [] : sorted.slice(count);
  }
}

/** How long it lasts, as far as the catalogue allows. */
function allowedDuration({ type, duration }: Failure): Pick<Failure, "duration"> {
  const range = incidentType(type)?.duration;
  if (range === undefined || duration === undefined) return {};
  return { duration: Math.max(range.minimum, Math.min(range.maximum, duration)) };
}

/** Links that corrupt from the epoch on: dirt that takes so much light that the wanted share of packets breaks. */
function corruptLinks(fabric: Fabric, share: number, state: number): readonly Incident[] {
  if (share === 0) return [];
  return fabric.links.flatMap((link): Incident[] => {
    const own = mixText(mix(state, 99), link.id);
    if (unit(own, 0) >= share) return [];
    const path = lightPath(fabric, link, "to-port");
    if (path === undefined) return [];
    const span = Math.log(MOST_CORRUPTION / LEAST_CORRUPTION);
    const ratio = LEAST_CORRUPTION * Math.exp(span * unit(own, 1));
    return [
      {
        id: `life-corruption-${link.id}`,
        type: "dirty-optic",
        switch: link.port.switch.name,
        port: link.port.profile.name,
        start: 0,
        parameters: { loss: path.lossForFrameErrors(ratio) },
        origin: "life",
      },
    ];
  });
}
