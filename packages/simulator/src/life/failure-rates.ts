import { suggestion } from "../fabric/nearest-name.ts";

/** How often something fails, and for how long. */
export interface FailureRate {
  /** Failures of one such thing in a year of 365 days. */
  readonly perYear: number;
  /** The mean time until it is mended, in seconds. */
  readonly repairSeconds: number;
}

/** How often things fail by themselves. */
export interface FailureRates {
  /** Of a link: it goes down and up some times within minutes. */
  readonly flapTrain: FailureRate;
  /** Of a link: a cable is pulled or broken. */
  readonly linkDown: FailureRate;
  /** Of a switch: at any time. */
  readonly crash: FailureRate;
  /** Of a switch: at night, for a new operating system. */
  readonly maintenance: FailureRate;
  readonly fanFailure: FailureRate;
  readonly psuLoss: FailureRate;
  /** Of a port with a transceiver. */
  readonly dirtyOptic: FailureRate;
  readonly ageingLaser: FailureRate;
  /**
   * The share of links with light at which packets are corrupted at a constant rate, from the epoch on, because
   * too little light arrives: 1e-8 … 1e-3 of packets, log-uniform.
   */
  readonly corruptLinkShare: number;
}

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** One thing that failed every hour would hardly ever work; days take time in proportion to their failures. */
const MOST_PER_YEAR = 365 * 24;
/** A repair takes four times its mean at most, and incidents a year. */
const MOST_REPAIR_SECONDS = 90 * DAY;

/** Nothing fails. */
export const NO_FAILURES: FailureRates = {
  flapTrain: { perYear: 0, repairSeconds: 5 * MINUTE },
  linkDown: { perYear: 0, repairSeconds: 2 * HOUR },
  crash: { perYear: 0, repairSeconds: 3 * MINUTE },
  maintenance: { perYear: 0, repairSeconds: 3 * MINUTE },
  fanFailure: { perYear: 0, repairSeconds: 2 * DAY },
  psuLoss: { perYear: 0, repairSeconds: 12 * HOUR },
  dirtyOptic: { perYear: 0, repairSeconds: 2 * DAY },
  ageingLaser: { perYear: 0, repairSeconds: 12 * DAY },
  corruptLinkShare: 0,
};

/**
 * Rates of a well-kept data centre. For one leaf of 52 links they come to 4.3 incidents a year, of which one is
 * maintenance: nine weeks of ten are calm. Where no number is cited, the rate is an own estimate.
 *
 *   links     own estimate: a link is hurt once in 29 years, so that even a large fabric is calm most of the time
 *   switches  2 % of new ones fail within three months, 8 % a year, half of them for less than six minutes: a mean of
 *             6/ln 2 (Singh et al., Surviving switch failures in cloud datacenters, CCR 51(2), 2021, who count losses of
 *             power as well); those at the top of racks are highly reliable (Gill et al., SIGCOMM 2011): 6 % here. One
 *             new operating system a year
 *   fans      L10 of 60,000 h, as data sheets of small fans say, is 10 % in seven years: 1.5 % a year, here 2 %;
 *             supplies: 3 % a year is 290,000 h between failures
 *   optics    CorrOpt (Zhuo et al., SIGCOMM 2017) finds corruption on few links, constant in time and not following
 *             the load; how many links and how much is an own estimate
 */
export const USUAL_FAILURES: FailureRates = {
  flapTrain: { perYear: 0.02, repairSeconds: 5 * MINUTE },
  linkDown: { perYear: 0.015, repairSeconds: 2 * HOUR },
  crash: { perYear: 0.06, repairSeconds: 9 * MINUTE },
  maintenance: { perYear: 1, repairSeconds: 3 * MINUTE },
  fanFailure: { perYear: 0.02, repairSeconds: 2 * DAY },
  psuLoss: { perYear: 0.03, repairSeconds: 12 * HOUR },
  dirtyOptic: { perYear: 0.02, repairSeconds: 2 * DAY },
  ageingLaser: { perYear: 0.004, repairSeconds: 12 * DAY },
  corruptLinkShare: 0.0005,
};

/** What rates are called on a command line. */
export type FailureRatesName = "none" | "usual" | "frequent";

/** Rates by their names. Frequent ones are twenty times the usual, for those who cannot wait. */
export const FAILURE_RATES: ReadonlyMap<FailureRatesName, FailureRates> = new Map([
  ["none", NO_FAILURES],
  ["usual", USUAL_FAILURES],
  ["frequent", scaled(USUAL_FAILURES, 20)],
]);

/**
 * Rates by their name, or as given. Throws RangeError for a name that does not exist, and TypeError or RangeError for
 * rates that are incomplete, of something that never fails, or no numbers that can be.
 */
export function failureRatesOf(rates: FailureRates | FailureRatesName): FailureRates {
  if (typeof rates !== "string") return checked(rates);
  const found = FAILURE_RATES.get(rates);
  if (found !== undefined) return found;
  const names = [...FAILURE_RATES.keys()];
  const advice = suggestion(rates, names) || `; there are ${names.join(", ")}`;
  throw new RangeError(`unknown failure rates "${String(rates)}"${advice}`);
}

function checked(rates: FailureRates): FailureRates {
  const names = Object.keys(NO_FAILURES);
  for (const name of Object.keys(rates)) {
    const advice = suggestion(name, names) || `; known: ${names.join(", ")}`;
    if (!names.includes(name)) throw new TypeError(`failure rates: unknown ${name}${advice}`);
  }
  const { corruptLinkShare, ...others } = rates;
  if (!(corruptLinkShare >= 0 && corruptLinkShare <= 1))
    throw new RangeError(`corruptLinkShare must be from 0 to 1: got ${corruptLinkShare}`);
  for (const name of names) {
    if (name === "corruptLinkShare") continue;
    const rate: FailureRate | undefined = others[name as keyof typeof others];
    if (rate === undefined) throw new TypeError(`failure rates: ${name} is missing`);
    const { perYear, repairSeconds } = rate;
    if (!(perYear >= 0 && perYear <= MOST_PER_YEAR))
      throw new RangeError(`${name}.perYear must be from 0 to ${MOST_PER_YEAR}: got ${perYear}`);
    if (!(repairSeconds > 0 && repairSeconds <= MOST_REPAIR_SECONDS))
      throw new RangeError(
        `${name}.repairSeconds must be above 0 and at most ${MOST_REPAIR_SECONDS}: got ${repairSeconds}`,
      );
  }
  return rates;
}

function scaled({ corruptLinkShare, ...rates }: FailureRates, factor: number): FailureRates {
  const more = ({ perYear, repairSeconds }: FailureRate): FailureRate => ({
    perYear: perYear * factor,
    repairSeconds,
  });
  return {
    flapTrain: more(rates.flapTrain),
    linkDown: more(rates.linkDown),
    crash: more(rates.crash),
    maintenance: more(rates.maintenance),
    fanFailure: more(rates.fanFailure),
    psuLoss: more(rates.psuLoss),
    dirtyOptic: more(rates.dirtyOptic),
    ageingLaser: more(rates.ageingLaser),
    corruptLinkShare: Math.min(1, corruptLinkShare * factor),
  };
}
