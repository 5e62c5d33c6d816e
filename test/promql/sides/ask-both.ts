import { type Comparison, differenceOf } from "./compare-answers.ts";
import { KNOWN_DIFFERENCES, type Sides } from "./known-differences.ts";
import type { Question, Side } from "./real-side.ts";

/** Both sides, and what became of the questions so far. */
export interface Tally {
  asked: number;
  /** Answered with an error by both, in the same words. */
  refused: number;
  empty: number;
  /** Real Prometheus contradicts itself: it goes through a map of Go, whose order is random. */
  unstable: number;
  /** By the reason of the known difference. */
  readonly known: Map<string, number>;
  readonly differences: string[];
}

/** A tally of nothing. */
export function newTally(): Tally {
  return { asked: 0, refused: 0, empty: 0, unstable: 0, known: new Map(), differences: [] };
}

const INEXACT =
  /\b(?:exp|ln|a?(?:sin|cos|tan)h?|atan2)\b|\^\s*\(?\s*-?(?:\d*\.\d+|0x|5m|1h30m|Inf|NaN|[a-z(])/i;
// What these put in order is in order; everything else comes in no order.
const ORDERED = /^(?:sort(?:_desc|_by_label|_by_label_desc)?\(|(?:topk|bottomk)\([\d.]+, .*\)$)/;
const MOST_ULPS = 4;
const REPETITIONS = 40;

/** Asks both sides and notes in the tally what came of it. */
export async function askBoth(
  question: Question,
  real: Side,
  ours: Side,
  tally: Tally,
): Promise<void> {
  const comparison: Comparison = {
    isOrdered: "time" in question && ORDERED.test(question.query),
    ulps: INEXACT.test(question.query) ? MOST_ULPS : 0,
  };
  const [theirs, mine] = await Promise.all([real.ask(question), ours.ask(question)]);
  tally.asked++;
  const difference = differenceOf(theirs, mine, comparison);
  if (difference === undefined) {
    if (theirs.startsWith('{"status":"error"')) tally.refused++;
    if (theirs.includes('"result":[]')) tally.empty++;
    return;
  }
  const known = await knownDifference(question, theirs, mine, { real, ours }, comparison);
  if (known !== undefined) {
    tally.known.set(known, (tally.known.get(known) ?? 0) + 1);
    return;
  }
  if (await isUnstable(question, theirs, mine, real, comparison)) {
    tally.unstable++;
    return;
  }
  tally.differences.push(`${JSON.stringify(question)}\n  ${difference}`);
}

/** The reasons that explain a difference together, or undefined. */
async function knownDifference(
  question: Question,
  real: string,
  ours: string,
  sides: Sides,
  comparison: Comparison,
): Promise<string | undefined> {
  let [theirs, mine] = [real, ours];
  let looser = comparison;
  const reasons: string[] = [];
  for (const known of KNOWN_DIFFERENCES) {
    if ((await known.explains?.(question, real, ours, sides)) === true) return known.reason;
    const change = known.comparison?.(question) ?? {};
    const [left, right] = [known.both?.(theirs) ?? theirs, known.both?.(mine) ?? mine];
    const changes = Object.keys(change).length > 0 || left !== theirs || right !== mine;
    if (changes) reasons.push(known.reason);
    [theirs, mine] = [left, right];
    looser = { ...looser, ...change };
  }
  if (reasons.length === 0 || differenceOf(theirs, mine, looser) !== undefined) return undefined;
  return reasons.join("; ");
}

/** Whether real Prometheus gives other answers to the same question, too. */
async function isUnstable(
  question: Question,
  first: string,
  mine: string,
  real: Side,
  comparison: Comparison,
): Promise<boolean> {
  for (let i = 0; i < REPETITIONS; i++) {
    const again = await real.ask(question);
    if (differenceOf(again, mine, comparison) === undefined) return true;
    if (differenceOf(again, first, { ...comparison, ulps: 0 }) !== undefined) return true;
  }
  return false;
}
