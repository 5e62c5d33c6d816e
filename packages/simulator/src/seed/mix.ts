/**
 * Mixes a value into a 32-bit state: every bit of both decides every bit of the result. All that is random
 * in a simulation is a hash of seed, stream and place, so that any moment can be computed on its own.
 *
 * The finalizer has the form of "lowbias32" (Chris Wellons, https://github.com/skeeto/hash-prospector) with the
 * constants of lower bias that were found for it later: multiplications and shifts of 32 bits, which are the
 * same on every machine.
 */
export function mix(state: number, value: number): number {
  let hash = (state + Math.imul(value, 0x9e3779b1)) | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
  hash = Math.imul(hash ^ (hash >>> 15), 0x735a2d97);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** A state made from a text, such as the name of a link: the same text gives the same state. */
export function mixText(state: number, text: string): number {
  let hash = state;
  for (let i = 0; i < text.length; i++) hash = mix(hash, text.charCodeAt(i));
  return mix(hash, text.length);
}

/** A number from 0 to below 1, from a state and a value. */
export function unit(state: number, value: number): number {
  return mix(state, value) / 2 ** 32;
}
