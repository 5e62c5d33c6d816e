/** The evaluation timestamps of a query: `count` of them, `stepMs` apart, in ms. An instant query has one. */
export interface Steps {
  readonly startMs: number;
  /** Above 0, also for a single step. */
  readonly stepMs: number;
  readonly count: number;
}

/** The timestamp of step k. */
export function stepTime(steps: Steps, k: number): number {
  return steps.startMs + k * steps.stepMs;
}
