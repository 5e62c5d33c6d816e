import { afterAll } from "vitest";

/** Takes something to be undone after the tests. */
export type Undo = (action: () => unknown) => void;

/**
 * Called in a `describe`: what is handed to the result is run after its tests, the last first, even
 * when `beforeAll` came only half-way or another action failed, so that no process outlives its test.
 */
export function undoAfterAll(): Undo {
  const actions: (() => unknown)[] = [];
  afterAll(async () => {
    const errors: unknown[] = [];
    for (const action of actions.splice(0).reverse()) {
      try {
        await action();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0)
      throw new AggregateError(errors, "what tests started could not be ended");
  });
  return (action) => actions.push(action);
}
