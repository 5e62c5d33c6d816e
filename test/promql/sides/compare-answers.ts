/** An answer of Prometheus' API to a query. */
interface Answer {
  readonly status: "success" | "error";
  readonly errorType?: string;
  readonly error?: string;
  readonly data?: { readonly resultType: string; readonly result: unknown };
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
}

type Point = readonly [timestamp: number, value: string];

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: Point;
  readonly values?: readonly Point[];
}

/** How strictly answers are compared. */
export interface Comparison {
  /** Whether the order of series is part of the answer. */
  readonly isOrdered: boolean;
  /** How far two numbers may be from each other, in units of the last place. */
  readonly ulps: number;
  /** Whether any number will do where one of them has NaN. */
  readonly anyForNaN?: boolean;
}

/**
 * What differs between two answers in JSON, the first thing only; undefined when nothing does. Series are
 * compared by their labels, numbers as the texts that they are, unless some distance is allowed.
 */
export function differenceOf(
  real: string,
  ours: string,
  comparison: Comparison,
): string | undefined {
  if (real === ours) return undefined;
  const [theirs, mine] = [JSON.parse(real) as Answer, JSON.parse(ours) as Answer];
  if (theirs.status === "error" || mine.status === "error")
    return textDifference("error", errorOf(theirs), errorOf(mine));
  return (
    textDifference("type", theirs.data?.resultType, mine.data?.resultType) ??
    resultDifference(theirs.data?.result, mine.data?.result, theirs.data?.resultType, comparison) ??
    textDifference("warnings", remarks(theirs.warnings), remarks(mine.warnings)) ??
    textDifference("infos", remarks(theirs.infos), remarks(mine.infos))
  );
}

function errorOf({ errorType, error, status, data }: Answer): string {
  return status === "error"
    ? `${errorType}: ${error}`
    : `success: ${JSON.stringify(data).slice(0, 200)}`;
}

// The order of remarks is that of a map in Go; of more than ten, any ten are shown.
function remarks(list: readonly string[] = []): string {
  const omitted = list.find((text) => text.endsWith("annotations omitted"));
  return omitted ?? [...list].sort().join("\n");
}

function resultDifference(
  theirs: unknown,
  mine: unknown,
  type: string | undefined,
  comparison: Comparison,
): string | undefined {
  if (type === "string" || type === "scalar")
    return pointDifference(theirs as Point, mine as Point, comparison);
  const [a, b] = [keyed(theirs), keyed(mine)];
  const order = comparison.isOrdered ? undefined : byKey;
  const keys = (list: typeof a): string =>
    [...list]
      .sort(order)
      .map(([key]) => key)
      .join("\n");
  const labels = textDifference("series", keys(a), keys(b));
  if (labels !== undefined) return labels;
  const others = new Map(b);
  for (const [key, series] of a) {
    const found = seriesDifference(series, others.get(key) as Series, comparison);
    if (found !== undefined) return `${key}: ${found}`;
  }
  return undefined;
}

function keyed(result: unknown): readonly (readonly [string, Series])[] {
  return (result as readonly Series[]).map((series) => [JSON.stringify(series.metric), series]);
}

function byKey(a: readonly [string, Series], b: readonly [string, Series]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}

function seriesDifference(real: Series, ours: Series, comparison: Comparison): string | undefined {
  const [theirs, mine] = [pointsOf(real), pointsOf(ours)];
  for (let i = 0; i < Math.max(theirs.length, mine.length); i++) {
    const found = pointDifference(theirs[i], mine[i], comparison);
    if (found !== undefined) return `sample ${i}: ${found}`;
  }
  return undefined;
}

function pointsOf({ value, values }: Series): readonly Point[] {
  return value === undefined ? (values ?? []) : [value];
}

function pointDifference(
  real: Point | undefined,
  ours: Point | undefined,
  { ulps, anyForNaN = false }: Comparison,
): string | undefined {
  const [a, b] = [JSON.stringify(real), JSON.stringify(ours)];
  if (a === b) return undefined;
  if (real !== undefined && ours !== undefined && real[0] === ours[0]) {
    if (anyForNaN && (real[1] === "NaN" || ours[1] === "NaN")) return undefined;
    if (distance(Number(real[1]), Number(ours[1])) <= ulps) return undefined;
  }
  return `Prometheus ${a}, here ${b}`;
}

const floats = new Float64Array(2);
const bits = new BigInt64Array(floats.buffer);

/** How many doubles lie between two numbers, and one; 0 for equal ones. */
function distance(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.POSITIVE_INFINITY;
  floats.set([a, b]);
  const [x, y] = [...bits].map((n) => (n < 0n ? -(n & 0x7fffffffffffffffn) : n)) as [
    bigint,
    bigint,
  ];
  return Number(x > y ? x - y : y - x);
}

function textDifference(
  what: string,
  real: string | undefined,
  ours: string | undefined,
): string | undefined {
  return real === ours ? undefined : `${what}\n  Prometheus: ${real}\n  here:       ${ours}`;
}
