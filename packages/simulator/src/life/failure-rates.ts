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
 *   switches  2 % of new ones fail within three months, 8 % a year (Singh et al., CCR 2021); switches at the top of
 *             racks are the most reliable devices (Gill et al., SIGCOMM 2011): 6 %; one new operating system a year
 *   fans      L10 of 60,000 h, as data sheets of small fans say, is 10 % in seven years: 1.5 % a year, here 2 %;
 *             supplies: 3 % a year is 290,000 h between failures
 *   optics    CorrOpt (Zhuo et al., SIGCOMM 2017) finds corruption on few links, constant in time and not following
 *             the load; how many links and how much is an own estimate
 */
export const USUAL_FAILURES: FailureRates = {
  flapTrain: { perYear: 0.02, repairSeconds: 5 * MINUTE },
  linkDown: { perYear: 0.015, repairSeconds: 2 * HOUR },
  crash: { perYear: 0.06, repairSeconds: 4 * MINUTE },
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
