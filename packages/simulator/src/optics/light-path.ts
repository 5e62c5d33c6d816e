import type { Fabric, Link } from "../fabric/fabric.ts";
import { mix, mixText, unit } from "../seed/mix.ts";
import { powerRatio } from "./decibels.ts";
import { erfc } from "./erfc.ts";
import { codewordShares } from "./forward-error-correction.ts";
import { type Optic, opticOf } from "./optic.ts";

/** Which way light goes over a link: to its port, or to its peer. */
export type Direction = "to-port" | "to-peer";

/** What becomes of what arrives, with so much light. */
export interface LineQuality {
  /** Wrong bits among all, before correction. */
  readonly bitErrorRatio: number;
  readonly correctedCodewords: number;
  readonly uncorrectableCodewords: number;
  /** Packets that arrive with a wrong checksum, as a share of all. */
  readonly frameErrorRatio: number;
  /** Whether the receiver can hold on to the signal at all. */
  readonly isUsable: boolean;
}

/** A packet and the gap before it, on average: what one wrong codeword or bit costs. */
const FRAME_BYTES = 720;

/**
 * 10GBASE-R and its kin give up at 16 wrong synchronization headers, of 2 bits, among the blocks of 66 bits of
 * 125 µs: IEEE 802.3, 49.2.13, hi_ber. At 10.3125 Gb/s that is 16 of 2 · 19,531 bits.
 */
const HIGH_BIT_ERROR_RATIO = 16 / (2 * 19_531);

/** Below this share not one packet of a year is meant. */
const NEGLIGIBLE = 1e-14;

/** No link loses more light than this and lives: what is searched for lies below. */
const MOST_DECIBELS = 40;

/**
 * Light over one link in one direction: what leaves the laser, what the fibre takes, and what the receiver
 * makes of the rest. Constant for a link; what changes is how much more is lost.
 *
 *   received = transmitted − loss − extra                                     dBm, dB
 *   margin   = received − sensitivity
 *   Q⁻²      = (Q₀ · 10^(margin/10))⁻² + (best Q)⁻²                           Q₀ so that margin 0 has the Q of the standard
 *   bit error ratio = ½ erfc(Q/√2), averaged over lanes
 *
 * The first term is the noise of the receiver, which does not depend on the light; the second that of the
 * laser, which does (Agrawal, Fiber-Optic Communication Systems, 4.5 and 4.6). That both levels are equally
 * noisy, and that four levels obey the same formula, is a simplification.
 */
export class LightPath {
  readonly optic: Optic;
  /** What each lane's laser gives, in dBm, when it is new. */
  readonly transmitDbm: readonly number[];
  /** What connectors and fibre take. */
  readonly lossDb: number;
  /** Codewords, or without correction none, that pass a second. */
  readonly codewordsPerSecond: number;
  readonly #bestQ: number;
  readonly #noiseQ: number;
  #known: Map<number, LineQuality> | undefined;
  #budget: number | undefined;

  constructor(optic: Optic, lanes: number, state: number) {
    this.optic = optic;
    this.transmitDbm = Array.from(
      { length: lanes },
      (_, lane) =>
        optic.transmitDbm + 0.8 * (unit(state, 1) - 0.5) + 0.4 * (unit(state, 100 + lane) - 0.5),
    );
    this.lossDb = 1.4 + 0.8 * unit(state, 2);
    const { fec } = optic;
    this.codewordsPerSecond = fec === undefined ? 0 : optic.lineRate / (10 * fec.symbols);
    this.#bestQ = optic.bestQ * (1 + 0.06 * (unit(state, 3) - 0.5));
    const { sensitivityQ } = optic;
    this.#noiseQ =
      1 / Math.sqrt(1 / (sensitivityQ * sensitivityQ) - 1 / (this.#bestQ * this.#bestQ));
  }

  /** How much more light may be lost, in decibels, before the receiver cannot hold on to the signal. */
  get budgetDb(): number {
    this.#budget ??= searchLoss((extra) => !this.quality(extra).isUsable);
    return this.#budget;
  }

  /** How much light has to be lost for that share of packets to arrive broken; at most the budget. */
  lossForFrameErrors(ratio: number): number {
    const loss = searchLoss((extra) => this.quality(extra).frameErrorRatio >= ratio);
    return Math.min(loss, this.budgetDb);
  }

  /** The bit error ratio with the light of each lane, in dBm. */
  bitErrorRatio(receivedDbm: readonly number[]): number {
    let sum = 0;
    for (const power of receivedDbm) {
      const noise = this.#noiseQ * powerRatio(power - this.optic.sensitivityDbm);
      const q = 1 / Math.sqrt(1 / (noise * noise) + 1 / (this.#bestQ * this.#bestQ));
      sum += erfc(q / Math.SQRT2) / 2;
    }
    return sum / receivedDbm.length;
  }

  /** What becomes of what arrives when that much more light is lost. The last few answers are kept. */
  quality(extraDb: number): LineQuality {
    this.#known ??= new Map<number, LineQuality>();
    const answers = this.#known;
    const known = answers.get(extraDb);
    if (known !== undefined) return known;
    const quality = this.#judge(
      this.bitErrorRatio(this.transmitDbm.map((power) => power - this.lossDb - extraDb)),
    );
    if (answers.size >= 16) answers.clear();
    answers.set(extraDb, quality);
    return quality;
  }

  #judge(bitErrorRatio: number): LineQuality {
    const { fec } = this.optic;
    if (fec === undefined) {
      return {
        bitErrorRatio,
        correctedCodewords: 0,
        uncorrectableCodewords: 0,
        frameErrorRatio: orNone(Math.min(1, 8 * FRAME_BYTES * bitErrorRatio)),
        isUsable: bitErrorRatio < HIGH_BIT_ERROR_RATIO,
      };
    }
    const { corrected, uncorrectable: lost } = codewordShares(fec, bitErrorRatio);
    const uncorrectable = orNone(lost);
    return {
      bitErrorRatio,
      correctedCodewords: corrected,
      uncorrectableCodewords: uncorrectable,
      // All packets that have a part in a wrong codeword are marked bad: IEEE 802.3, 91.5.3.3.
      frameErrorRatio: Math.min(1, uncorrectable * (1 + FRAME_BYTES / fec.payloadBytes)),
      // Three wrong ones in a row and the receiver looks for codewords anew: 91.5.3.1. Usable while that
      // happens less than once a second.
      isUsable: this.codewordsPerSecond * uncorrectable * uncorrectable * uncorrectable < 1,
    };
  }
}

function orNone(ratio: number): number {
  return ratio < NEGLIGIBLE ? 0 : ratio;
}

/** The least loss, to a ten-thousandth of a decibel, from which on something holds. */
function searchLoss(holds: (extraDb: number) => boolean): number {
  let low = 0;
  let high = MOST_DECIBELS;
  while (high - low > 1e-4) {
    const middle = (low + high) / 2;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** By link and direction; null for copper. */
const paths = new WeakMap<Fabric, (LightPath | null)[]>();

/** The light over a link in one direction; undefined for copper. Both ends are told the same. */
export function lightPath(fabric: Fabric, link: Link, direction: Direction): LightPath | undefined {
  let known = paths.get(fabric);
  if (known === undefined) {
    known = [];
    paths.set(fabric, known);
  }
  const place = 2 * link.index + (direction === "to-port" ? 0 : 1);
  known[place] ??= makePath(fabric, link, direction);
  return known[place] ?? undefined;
}

function makePath(fabric: Fabric, link: Link, direction: Direction): LightPath | null {
  const { profile } = link.port;
  const optic = opticOf(profile);
  if (optic === undefined) return null;
  const state = mix(mixText(fabric.seed, `light ${link.id}`), direction === "to-port" ? 0 : 1);
  return new LightPath(optic, profile.lanes, state);
}
