import { BLOCK_SECONDS } from "./cascade.ts";
import type { EffectIndex } from "./effect-index.ts";
import type { Inlet, SlotSpan } from "./stream.ts";

/**
 * Bounds on what arrives at some ports in any slot of a span. The ports of this switch and the switches behind
 * them all ask for the same spans, one after the other: that of whole blocks is kept, and that of the last span.
 */
export class ArrivalBounds {
  readonly #inlets: readonly Inlet[];
  readonly #effects: EffectIndex;
  #revision = -1;
  /** Of a block that no effect touches: the same for all. */
  #untouched: number | undefined;
  /** By block, as far as they are known. */
  #blocks = new Map<number, number>();
  #span: SlotSpan | undefined;
  #last = 0;

  constructor(inlets: readonly Inlet[], effects: EffectIndex) {
    this.#inlets = inlets;
    this.#effects = effects;
  }

  most(span: SlotSpan, slot: number): number {
    const { revision } = this.#effects;
    if (revision !== this.#revision) {
      const changed = this.#effects.changedSince(this.#revision);
      this.#revision = revision;
      for (const block of this.#blocks.keys())
        if ((block + 1) * BLOCK_SECONDS > changed) this.#blocks.delete(block);
      this.#span = undefined;
    }
    if (span.until - span.since === BLOCK_SECONDS) return this.#ofBlock(span, slot);
    if (this.#span === undefined || !isSame(this.#span, span)) {
      this.#last = this.#compute(span, slot);
      this.#span = span;
    }
    return this.#last;
  }

  #ofBlock(span: SlotSpan, slot: number): number {
    const block = span.from / BLOCK_SECONDS;
    const known = this.#effects.touches(block) ? this.#blocks.get(block) : this.#untouched;
    if (known !== undefined) return known;
    const most = this.#compute(span, slot);
    if (this.#effects.touches(block)) this.#blocks.set(block, most);
    else this.#untouched = most;
    return most;
  }

  #compute(span: SlotSpan, slot: number): number {
    let sum = 0;
    for (const inlet of this.#inlets) sum += inlet.mostBytesInSlot(span, slot);
    return sum;
  }
}

function isSame(a: SlotSpan, b: SlotSpan): boolean {
  return a.from === b.from && a.to === b.to && a.since === b.since && a.until === b.until;
}
