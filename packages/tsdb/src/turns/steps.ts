import type { Pause } from "./pause.ts";

/** A job in steps, each of which takes a fraction of a millisecond. */
export type Steps<T> = Generator<void, T>;

/** Does all steps at once. */
export function runAtOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** Lets the event loop turn between steps. */
export async function runInTurns<T>(steps: Steps<T>, pause: Pause): Promise<T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    if (pause.isDueNow()) await pause.take();
  }
}
