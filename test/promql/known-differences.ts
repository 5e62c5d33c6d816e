import type { Comparison } from "./compare-answers.ts";
import type { Question, Side } from "./real-side.ts";

/** Something in which Prometheus' own versions differ: the one that is asked, and 3.14, which linklight follows. */
export interface KnownDifference {
  /** The pull request of github.com/prometheus/prometheus that made it, where it is known. */
  readonly pull?: number;
  readonly reason: string;
  /** Whether this difference explains two answers. */
  readonly explains?: (
    question: Question,
    real: string,
    ours: string,
    side: Side,
  ) => boolean | Promise<boolean>;
  /** How else answers to a question are to be compared. */
  readonly comparison?: (question: Question) => Partial<Comparison>;
  /** An answer of ours as the other version would give it. */
  readonly older?: (ours: string) => string;
}

const SAME_LABELS = '"error":"vector cannot contain metrics with the same labelset"';

/** All that is known of them; docs list them. */
export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    pull: 18810,
    reason: "the two series of a match group that has too many are named in order",
    explains: (_, real, ours) => pairInOrder(real) === ours,
  },
  {
    reason: "a parameter of topk, bottomk and limitk that is NaN is called so",
    explains: (_, real, ours) =>
      real.includes('"error":"Scalar value NaN overflows int64"') &&
      ours.includes('"error":"Parameter value is NaN"'),
  },
  {
    reason: "the parameter of limit_ratio that is NaN is named once",
    explains: (_, real, ours) =>
      real.includes('"error":"Ratio value NaN is NaN"') &&
      ours.includes('"error":"Ratio value is NaN"'),
  },
  {
    reason:
      "a parameter of topk, bottomk, limitk and limit_ratio is checked also where there is nothing",
    explains: (_, real, ours) =>
      real.startsWith('{"status":"success"') &&
      /"error":"(?:Parameter|Ratio) value is NaN|"error":"Scalar value .* (?:over|under)flows/.test(
        ours,
      ),
  },
  {
    reason: "an unknown metric name is left out of warnings about le",
    older: (ours) =>
      ours.replace(
        /(bucket label \\"le\\" is missing or has a malformed value of \\"(?:[^"\\]|\\[^"])*\\")( \(\d)/g,
        '$1 for metric name \\"\\"$2',
      ),
  },
  {
    reason: "what was mended for monotonicity is told with buckets, difference and time",
    older: (ours) =>
      ours.replace(
        /(needed to be fixed for monotonicity \(see [^)]*\))((?: for metric name \\"[^"]*\\")?), from buckets [^"]*?Z( \(\d+:\d+\)")/g,
        (_, fixed: string, name: string, place: string) =>
          `${fixed}${name === "" ? ' for metric name \\"\\"' : name}${place}`,
      ),
  },
  {
    pull: 17424,
    reason: "histogram_fraction is a number also where the lower bound is in the first bucket",
    explains: ({ query }, real, ours) =>
      /.histogram_fraction\(/.test(query) &&
      real.startsWith('{"status":"success"') &&
      ours.startsWith('{"status":"success"'),
    comparison: ({ query }) => (query.startsWith("histogram_fraction(") ? { anyForNaN: true } : {}),
  },
  {
    reason: "sort and its like warn of having no effect in range queries",
    older: (ours) => withoutWarning(ours, "is ineffective for range queries since"),
  },
  {
    pull: 17703,
    reason:
      "series that a function makes equal are one where they are never there at the same time",
    // As instant queries, all of its steps are answered.
    explains: async (question, real, ours, side) => {
      if (!("start" in question) || !real.includes(SAME_LABELS) || ours.includes(SAME_LABELS))
        return false;
      const { query, start, end, step } = question;
      for (let time = start; time <= end; time += step)
        if ((await side.ask({ query, time })).includes(SAME_LABELS)) return false;
      return true;
    },
  },
  {
    pull: 17668,
    reason: "a comparison has its matching checked before it filters",
    explains: ({ query }, real, ours) =>
      /[=!<>]/.test(query) &&
      real.startsWith('{"status":"success"') &&
      /"error":"multiple matches for labels: (?:grouping labels|many-to-one)/.test(ours),
  },
];

function pairInOrder(answer: string): string {
  return answer.replace(
    /( hand-side of the operation: \[)(\{.*\}), (\{.*\})(\];many-to-many)/,
    (_, before: string, a: string, b: string, behind: string) =>
      before + [a, b].sort(byMeaning).join(", ") + behind,
  );
}

function byMeaning(a: string, b: string): number {
  const [x, y] = [a, b].map((text) => JSON.parse(`"${text}"`) as string) as [string, string];
  return x < y ? -1 : 1;
}

function withoutWarning(answer: string, part: string): string {
  if (!answer.includes(part)) return answer;
  const { warnings, ...others } = JSON.parse(answer) as { warnings: readonly string[] };
  const left = warnings.filter((warning) => !warning.includes(part));
  return JSON.stringify(left.length === 0 ? others : { ...others, warnings: left });
}
