import { Labels, writeStaleMarker } from "@linklight/model";

export interface FleetOptions {
  readonly pods: number;
  readonly seriesPerPod: number;
  readonly intervalMs: number;
  readonly startMs: number;
}

/** One life of a pod: all of its series begin and end with it. Steps are counted from the start, the last inclusive. */
export interface Life {
  readonly pod: number;
  readonly generation: number;
  readonly firstStep: number;
  readonly lastStep: number;
}

const HOUR_MS = 3_600_000;
/** Every so manieth pod is never replaced. */
const PERMANENT = 8;

const stale = new Float64Array(1);
writeStaleMarker(stale, 0);

/**
 * A fleet whose pods are replaced every two to six hours, each by one with a name of its own: what makes series come and
 * go. Its samples are a pure function of pod, series and step, so that what a database must hold can be computed.
 */
export class ChurningFleet {
  readonly options: FleetOptions;

  constructor(options: FleetOptions) {
    this.options = options;
  }

  timeOf(step: number): number {
    return this.options.startMs + step * this.options.intervalMs;
  }

  /** The first step at or after a time. */
  stepAt(time: number): number {
    return Math.ceil((time - this.options.startMs) / this.options.intervalMs);
  }

  /** The life of a pod at a step; undefined in the step between two lives. */
  life(pod: number, step: number): Life | undefined {
    const length = this.#stepsOfLife(pod);
    if (length === Number.POSITIVE_INFINITY)
      return { pod, generation: 0, firstStep: 0, lastStep: length };
    const phase = (pod * 7919) % length;
    const generation = Math.floor((step + phase) / length);
    const firstStep = generation * length - phase;
    const lastStep = firstStep + length - 2;
    return step > lastStep ? undefined : { pod, generation, firstStep, lastStep };
  }

  /** The lives of a pod that have a step between two, both inclusive. */
  *lives(pod: number, from: number, to: number): Generator<Life> {
    for (let step = from; step <= to; ) {
      const life = this.life(pod, step);
      if (life !== undefined) yield life;
      step = life === undefined ? step + 1 : life.lastStep + 1;
    }
  }

  labels({ pod, generation }: Life, series: number): Labels {
    return Labels.from({
      __name__: `pod_metric_${series}`,
      instance: `10.0.${pod >> 8}.${pod & 255}:9100`,
      pod: `pod-${pod}-${generation}`,
      port: String(pod),
    });
  }

  /** Which series some labels belong to. */
  seriesOf(labels: Labels): { pod: number; generation: number; series: number } {
    const [, pod, generation] = labels.get("pod").split("-");
    const series = Number(labels.get("__name__").slice("pod_metric_".length));
    return { pod: Number(pod), generation: Number(generation), series };
  }

  /**
   * Counters at even series, and something that no compression makes small at odd ones; at the end of a life the
   * staleness marker, as a scrape of a target that has vanished gives.
   */
  value(life: Life, series: number, step: number): number {
    if (step === life.lastStep) return stale[0] as number;
    const age = step - Math.max(0, life.firstStep);
    if (series % 2 === 0) return age * (series + 1) * 1000 + life.pod;
    return (Math.imul(step + life.pod * 31 + series * 7, 2_654_435_761) >>> 0) / 256;
  }

  #stepsOfLife(pod: number): number {
    if (pod % PERMANENT === 0) return Number.POSITIVE_INFINITY;
    const ms = 2 * HOUR_MS + ((pod * 1_000_003) % (4 * HOUR_MS));
    return Math.floor(ms / this.options.intervalMs);
  }
}
