/**
 * For tests of collectors and instruments: what they show, compared with what is expected by its meaning.
 * Works with every test runner.
 * @module
 */

export type { CollectTextOptions } from "./testing/collect-text.ts";
export { collectText } from "./testing/collect-text.ts";
export type { ExpectFamiliesOptions } from "./testing/expect-families.ts";
export { expectFamilies } from "./testing/expect-families.ts";
export { ManualClock } from "./testing/manual-clock.ts";
