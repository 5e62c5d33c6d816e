import type { Span } from "../incident/effect.ts";
import type { Incident } from "../incident/incident.ts";

/** A page that tells about all switches shows no more than this; one switch has fewer kinds and places. */
const MOST_TOLD = 1000;

/** When incidents of one type go on at one place, however many they are. */
export interface IncidentTruth {
  readonly type: string;
  readonly switch: string;
  /** Absent for incidents of a whole switch. */
  readonly port?: string | undefined;
  /** Whether one of them goes on at a moment, in seconds since the epoch. */
  isActiveAt(seconds: number): boolean;
}

/** Tells the truth about incidents: what collectors and histories need of an incident log. */
export interface TruthSource {
  /**
   * What has gone wrong until a moment or goes wrong then, and all that a scenario plans; of one switch, or of
   * all. So an incident that is over, or planned, is still told of, as one that does not go on.
   */
  truthUntil(seconds: number, on?: string): readonly IncidentTruth[];
}

/** An incident, and when it lasts. */
interface Lasting extends Span {
  readonly incident: Incident;
}

/**
 * Incidents by type and place. Made anew when an incident comes or is stopped; asked with every scrape, and for
 * every moment of a history, so that answers cost the logarithm of how many incidents there were.
 */
export class TruthTable {
  readonly #bySwitch = new Map<string, Truth[]>();

  /** `planned` are told of also before they begin. */
  constructor(incidents: Iterable<Lasting>, planned: readonly Incident[]) {
    const byKey = new Map<string, Truth>();
    const truthOf = (incident: Incident): Truth => {
      const { type, switch: on, port } = incident;
      const key = JSON.stringify([type, on, port]);
      let truth = byKey.get(key);
      if (truth === undefined) {
        truth = new Truth(incident);
        byKey.set(key, truth);
        const others = this.#bySwitch.get(on);
        if (others === undefined) this.#bySwitch.set(on, [truth]);
        else others.push(truth);
      }
      return truth;
    };
    for (const incident of planned) truthOf(incident).isPlanned = true;
    for (const { incident, from, to } of [...incidents].sort((a, b) => a.from - b.from)) {
      // One that was stopped before it began never was.
      if (from < to) truthOf(incident).add({ from, to });
    }
  }

  /** As {@link TruthSource.truthUntil}; of all switches, no more than a page takes: what goes on, then the newest. */
  until(seconds: number, on?: string): readonly IncidentTruth[] {
    const known = on === undefined ? [...this.#bySwitch.values()].flat() : this.#bySwitch.get(on);
    const told = (known ?? []).filter((truth) => truth.isPlanned || truth.latestAt(seconds) >= 0);
    if (on !== undefined || told.length <= MOST_TOLD) return told;
    const rank = new Map(
      told.map((truth) => [truth, truth.isActiveAt(seconds) ? Infinity : truth.latestAt(seconds)]),
    );
    // Infinity less itself is no number.
    const rankOf = (truth: Truth): number => Math.min(rank.get(truth) ?? -1, Number.MAX_VALUE);
    return told.sort((a, b) => rankOf(b) - rankOf(a)).slice(0, MOST_TOLD);
  }
}

class Truth implements IncidentTruth {
  readonly type: string;
  readonly switch: string;
  readonly port: string | undefined;
  isPlanned = false;
  /** In their order. */
  readonly #begins: number[] = [];
  /** By begin: when the last of all that have begun until then ends. */
  readonly #ends: number[] = [];

  constructor({ type, switch: on, port }: Incident) {
    this.type = type;
    this.switch = on;
    this.port = port;
  }

  add({ from, to }: Span): void {
    this.#begins.push(from);
    this.#ends.push(Math.max(to, this.#ends.at(-1) ?? 0));
  }

  isActiveAt(seconds: number): boolean {
    const end = this.#ends[this.#begunUntil(seconds) - 1];
    return end !== undefined && seconds < end;
  }

  /** When the last that has begun until a moment began; -1 when none has. */
  latestAt(seconds: number): number {
    return this.#begins[this.#begunUntil(seconds) - 1] ?? -1;
  }

  #begunUntil(seconds: number): number {
    let low = 0;
    let high = this.#begins.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#begins[middle] as number) <= seconds) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
