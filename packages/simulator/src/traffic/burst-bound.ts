import { BLOCK_SECONDS, LEANING } from "./cascade.ts";

/** Within spans as short as this, what exceeds the mean by more than {@link SHORT_BURST} is taken as absorbed by the senders. */
export const SHORT_SPAN_SECONDS = 1024;
const SHORT_BURST = 1.5;

/**
 * By how much the load of a slot counts as exceeding the mean load of a span that is a block or a halving of
 * it. Above 1,024 s it is what the splits of the cascade can lean together; below, a fixed allowance, since
 * many streams do not burst in the same second. Where even this leaves a port calm, its queue is not looked
 * at: the definition of "calm", on which all that queues lose depends.
 */
export function burstBound(spanSeconds: number, slotSeconds: number): number {
  let factor = spanSeconds > slotSeconds ? SHORT_BURST : 1;
  let length = BLOCK_SECONDS;
  for (const leaning of LEANING) {
    if (length <= SHORT_SPAN_SECONDS) break;
    if (length <= spanSeconds) factor *= 1 + 0.6 * leaning;
    length /= 2;
  }
  return factor;
}
