import { compareUtf8 } from "@linklight/model";

/** A run of digits, which counts as a number if it fits 64 bits; or a run of anything else. */
interface Chunk {
  readonly text: string;
  readonly number: bigint | undefined;
}

/**
 * The order of texts in which runs of digits count as numbers, so that eth2 is before eth10. As in Prometheus (the
 * natsort package), an empty text comes after others and others after it.
 *
 * Takes each text apart once, however often it is compared: one for each sorting.
 */
export class NaturalOrder {
  readonly #chunks = new Map<string, readonly Chunk[]>();

  precedes(a: string, b: string): boolean {
    const left = this.#chunksOf(a);
    const right = this.#chunksOf(b);
    for (const [i, one] of left.entries()) {
      const other = right[i];
      if (other === undefined) return false;
      const order = compareChunks(one, other);
      if (order !== 0) return order < 0;
      if (i === left.length - 1) return true;
    }
    return false;
  }

  #chunksOf(text: string): readonly Chunk[] {
    let chunks = this.#chunks.get(text);
    if (chunks === undefined) {
      chunks = (text.match(/[0-9]+|[^0-9]+/g) ?? []).map((run) => ({
        text: run,
        number: numberOf(run),
      }));
      this.#chunks.set(text, chunks);
    }
    return chunks;
  }
}

/** Numbers count by their value, everything else by its bytes. */
function compareChunks(a: Chunk, b: Chunk): number {
  if (a.number === undefined || b.number === undefined) return compareUtf8(a.text, b.text);
  return a.number < b.number ? -1 : a.number > b.number ? 1 : 0;
}

function numberOf(run: string): bigint | undefined {
  if (!/^[0-9]/.test(run)) return undefined;
  // The greatest signed integer of 64 bits has nineteen digits; in front of them there may be any number of zeros.
  const digits = run.replace(/^0+(?=.)/, "");
  if (digits.length > 19) return undefined;
  const value = BigInt(digits);
  return value < 2n ** 63n ? value : undefined;
}
