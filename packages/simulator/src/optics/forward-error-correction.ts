/** A Reed–Solomon code over symbols of 10 bits, as links use it. */
export interface FecCode {
  readonly name: string;
  /** Symbols of a codeword, and how many wrong ones can be mended. */
  readonly symbols: number;
  readonly correctable: number;
  /** Bytes of the message of a codeword, 514 symbols: packets, and a bit for each 256 of them. */
  readonly payloadBytes: number;
}

const SYMBOL_BITS = 10;

/** RS(528,514), "KR4": IEEE 802.3 clauses 91 and 108, for links of 25 Gb/s a lane. */
export const KR4: FecCode = {
  name: "RS(528,514)",
  symbols: 528,
  correctable: 7,
  payloadBytes: 642.5,
};

/** RS(544,514), "KP4": IEEE 802.3 clauses 91, 119 and 134, for links of 50 Gb/s a lane and more. */
export const KP4: FecCode = {
  name: "RS(544,514)",
  symbols: 544,
  correctable: 15,
  payloadBytes: 642.5,
};

/** What becomes of codewords, as shares of all; the others had no error. */
export interface CodewordShares {
  readonly corrected: number;
  readonly uncorrectable: number;
}

/**
 * What becomes of codewords at a bit error ratio, errors being independent: the number of wrong symbols in a
 * codeword is a Poisson variable of mean λ = symbols · 10 · ratio.
 *
 *   corrected = P(1 … t)        uncorrectable = P(> t)        t what can be mended
 *
 * Small shares are sums of their terms, since 1 − P(…) would have no digits left.
 */
export function codewordShares(code: FecCode, bitErrorRatio: number): CodewordShares {
  const mean = code.symbols * Math.min(1, SYMBOL_BITS * bitErrorRatio);
  const none = Math.exp(-mean);
  let term = none;
  let corrected = 0;
  let wrong = 1;
  for (; wrong <= code.correctable; wrong++) {
    term *= mean / wrong;
    corrected += term;
  }
  // Most are uncorrectable: what is left of 1 has all its digits.
  if (mean > 2 * code.correctable) return { corrected, uncorrectable: 1 - none - corrected };
  let uncorrectable = 0;
  for (; term > uncorrectable * 1e-17; wrong++) {
    term *= mean / wrong;
    uncorrectable += term;
  }
  return { corrected, uncorrectable };
}
