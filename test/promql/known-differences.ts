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
  /** Both answers without what differs. */
  readonly both?: (answer: string) => string;
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
    pull: 15578,
    reason:
      "remarks about le and monotonicity have other details: names, buckets, difference, time",
    both: (answer) =>
      withRemarks(answer, (text) =>
        text
          .replace(/(has a malformed value of ".*") for metric name ""/, "$1")
          .replace(
            /(needed to be fixed for monotonicity \(.*?\))(?: for metric name ".*?")?(?:, from buckets .*Z)? \(.*\)$/,
            "$1",
          ),
      ),
  },
  {
    reason: "mad_over_time of samples of which one is NaN is NaN",
    explains: ({ query }, real, ours) =>
      /.mad_over_time\(/.test(query) &&
      real.startsWith('{"status":"success"') &&
      ours.startsWith('{"status":"success"'),
    comparison: ({ query }) => (query.startsWith("mad_over_time(") ? { anyForNaN: true } : {}),
  },
  {
    reason: "info takes what it adds from the right target, and forgets a dropped name",
    explains: ({ query }, real, ours) =>
      /(?:^|\W)info\(/.test(query) &&
      real.startsWith('{"status":"success"') &&
      ours.startsWith('{"status":"success"') &&
      (!query.startsWith("info(") || remarksOf(real) === remarksOf(ours)),
  },
  {
    reason: "what stands between a duration and its step is named; nothing is taken for a colon",
    explains: (_, __, ours) => /parse error: unexpected .*, expected ':'"/.test(ours),
  },
  {
    reason: "a computed duration that is not positive is a parse error, at its line and column",
    explains: (_, real, ours) =>
      /: \d+:\d+: duration must be greater than 0"/.test(real) &&
      /parse error: duration must be greater than 0"/.test(ours),
  },
  {
    reason: "tokens without a name are not called <Item 57400>",
    explains: (_, real, ours) =>
      real.replaceAll(/\\"(?:<|\\u003c)Item \d+(?:>|\\u003e)\\" /g, "") === ours,
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
    both: (answer) =>
      withRemarks(answer, (text) =>
        text.includes("is ineffective for range queries since") ? undefined : text,
      ),
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

/** The warnings and infos of an answer, in no order. */
function remarksOf(answer: string): string {
  const { warnings = [], infos = [] } = JSON.parse(answer) as Record<string, readonly string[]>;
  return [...warnings, ...infos].sort().join("\n");
}

/** An answer with its warnings and infos rewritten; those that become undefined are left out. */
function withRemarks(answer: string, rewrite: (text: string) => string | undefined): string {
  if (!/"(?:warnings|infos)":\[/.test(answer)) return answer;
  const parsed = JSON.parse(answer) as Record<string, readonly string[] | undefined>;
  for (const field of ["warnings", "infos"]) {
    const texts = parsed[field]?.map(rewrite).filter((text) => text !== undefined) ?? [];
    parsed[field] = texts.length === 0 ? undefined : [...new Set(texts)];
  }
  return JSON.stringify(parsed);
}
