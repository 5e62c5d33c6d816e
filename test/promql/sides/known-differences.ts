import { type Comparison, differenceOf } from "./compare-answers.ts";
import type { Question, Side } from "./real-side.ts";

/** Who was asked. */
export interface Sides {
  readonly real: Side;
  readonly ours: Side;
}

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
    sides: Sides,
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
      /"error":"Scalar value .* overflows int64"/.test(real) &&
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
    explains: (question, _, __, sides) =>
      /.mad_over_time\(/.test(question.query) && differsInside("mad_over_time", question, sides),
    comparison: ({ query }) => (query.startsWith("mad_over_time(") ? { anyForNaN: true } : {}),
  },
  {
    reason: "info takes what it adds from the right target, and forgets a dropped name",
    explains: (question, real, ours, sides) =>
      (!question.query.startsWith("info(") || remarksOf(real) === remarksOf(ours)) &&
      differsInside("info", question, sides),
  },
  {
    reason: "what stands between a duration and its step is named; nothing is taken for a colon",
    explains: (_, __, ours) => /parse error: unexpected .*, expected ':'"/.test(ours),
  },
  {
    reason: "commas between brackets are tokens since min() and max() of durations",
    explains: (_, real, ours) =>
      /: parse error: unexpected character in duration expression: ','"/.test(real) &&
      /: parse error: unexpected \\",\\" in /.test(ours),
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
    explains: (question, _, __, sides) =>
      /.histogram_fraction\(/.test(question.query) &&
      differsInside("histogram_fraction", question, sides),
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
    explains: async (question, real, ours, { real: side }) => {
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

/**
 * Whether calls of a function are what differs, asked alone. Inside a subquery they are evaluated at times of its own, so
 * that there any call may be.
 */
async function differsInside(
  name: string,
  question: Question,
  { real, ours }: Sides,
): Promise<boolean> {
  const calls = callsOf(name, question.query);
  if (calls.length > 0 && /\[[^\]]*:[^\]]*\]/.test(question.query)) return true;
  for (const query of calls) {
    const [theirs, mine] = await Promise.all([
      real.ask({ ...question, query }),
      ours.ask({ ...question, query }),
    ]);
    if (differenceOf(theirs, mine, { isOrdered: false, ulps: 0 }) !== undefined) return true;
  }
  return false;
}

/** All calls of a function in a query, each with its arguments. */
function callsOf(name: string, query: string): readonly string[] {
  return [...query.matchAll(new RegExp(`(?<!\\w)${name}\\(`, "g"))].map(({ index }) => {
    let depth = 0;
    let end = index;
    do {
      // What stands in quotes closes nothing.
      const text = /^(?:"(?:[^"\\]|\\.)*"|'[^']*'|`[^`]*`|.)/s.exec(query.slice(end))?.[0] ?? " ";
      depth += text === "(" ? 1 : text === ")" ? -1 : 0;
      end += text.length;
    } while (end < query.length && (depth > 0 || end <= index + name.length));
    return query.slice(index, end);
  });
}

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

/** How the warnings and infos of an answer begin: no more of them is the same in all versions. */
function remarksOf(answer: string): string {
  const { warnings = [], infos = [] } = JSON.parse(answer) as Record<string, readonly string[]>;
  const beginnings = [...warnings, ...infos].map((text) => text.slice(0, 40));
  return [...new Set(beginnings)].sort().join("\n");
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
