import { expectedArguments } from "./function-arguments.ts";
import { spoil } from "./spoil.ts";
import {
  BUCKETS,
  COMPUTED_RANGES,
  type KnownMetric,
  LABELS,
  MATCHERS,
  METRICS,
  NUMBERS,
  ODD_SELECTORS,
  OFFSETS,
  PAIRS,
  QUANTILES,
  RANGES,
} from "./vocabulary.ts";

/** What a generated query may use. */
export interface GeneratorOptions {
  readonly random: () => number;
  /** Functions and aggregations that need `promql-experimental-functions`. */
  readonly experimental: boolean;
  /** Durations that are computed, which need `promql-duration-expr` before Prometheus 3.14. */
  readonly computedDurations: boolean;
}

const AGGREGATIONS = ["sum", "avg", "count", "min", "max", "group", "stddev", "stdvar"] as const;
const ARITHMETIC = ["+", "-", "*", "/", "%", "^"] as const;
const COMPARISONS = ["==", "!=", "<", "<=", ">", ">="] as const;
const SETS = ["and", "or", "unless"] as const;

/**
 * Makes queries by the types of the language, so that most of them have a result: every function, operator,
 * matching, modifier and aggregation; about one in fifteen is spoilt and has an error to be told. The same
 * random numbers make the same queries.
 */
export class QueryGenerator {
  readonly #random: () => number;
  readonly #experimental: boolean;
  readonly #computedDurations: boolean;

  constructor({ random, experimental, computedDurations }: GeneratorOptions) {
    this.#random = random;
    this.#experimental = experimental;
    this.#computedDurations = computedDurations;
  }

  /** The next query. */
  query(): string {
    const query = this.#root();
    return this.#chance(1 / 15) ? spoil(query, this.#random) : query;
  }

  #root(): string {
    const kind = this.#random();
    if (kind < 0.88) return this.#vector(1 + this.#below(3));
    if (kind < 0.92) return this.#scalar(2);
    if (kind < 0.94) return this.#range(1);
    if (kind < 0.95) return this.#pick(['"text"', "'a<b'", "`raw`", '"\\u2028"']);
    return this.#inexact(this.#vector(1));
  }

  // What differs in the last digits from machine to machine stands outermost only: nothing is computed from it.
  #inexact(vector: string): string {
    const names = "exp ln sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh".split(" ");
    if (this.#chance(0.1)) return `${vector} ^ ${this.#pick(["0.5", "1.7", "-0.3"])}`;
    if (this.#chance(0.1)) return `${vector} atan2 ${vector}`;
    return `${this.#pick(names)}(${vector})`;
  }

  /** An instant vector, `depth` operations deep at most. */
  #vector(depth: number): string {
    if (depth <= 0) return this.#selector();
    const kind = this.#random();
    if (kind < 0.12) return this.#selector();
    if (kind < 0.36) return this.#aggregation(depth - 1);
    if (kind < 0.58) return this.#call(depth - 1);
    if (kind < 0.8) return this.#binary(depth - 1);
    if (kind < 0.86) return this.#histogram(depth - 1);
    if (kind < 0.9) return this.#labels(depth - 1);
    if (kind < 0.94) return `${this.#pick(["-", "+", "- "])}${this.#operand(depth - 1)}`;
    if (kind < 0.96) return `(${this.#vector(depth - 1)})`;
    if (kind < 0.98) return `vector(${this.#scalar(depth - 1)})`;
    return `${this.#pick(["absent", "sort", "sort_desc", "timestamp"])}(${this.#vector(depth - 1)})`;
  }

  /** A vector that may stand beside an operator without changing what it belongs to. */
  #operand(depth: number): string {
    return this.#chance(0.4) ? this.#selector() : `(${this.#vector(depth)})`;
  }

  #selector(): string {
    return `${this.#bareSelector()}${this.#modifiers()}`;
  }

  #bareSelector(metrics: readonly KnownMetric[] = METRICS): string {
    if (this.#chance(0.08)) return this.#pick(ODD_SELECTORS);
    const metric = this.#pick(metrics);
    const { name } = metric;
    const count = this.#pick([0, 0, 0, 1, 1, 2]);
    const fitting = this.#chance(0.8) ? matchersFor(metric) : MATCHERS;
    const matchers = Array.from({ length: count }, () => this.#pick(fitting));
    if (this.#chance(0.05))
      return `{"${name}"${matchers.map((matcher) => `, ${matcher}`).join("")}}`;
    return count === 0 && this.#chance(0.9) ? name : `${name}{${matchers.join(", ")}}`;
  }

  #modifiers(): string {
    const kind = this.#random();
    if (kind < 0.85) return "";
    const at = this.#pick([
      "@ start()",
      "@ end()",
      "@ 1767573000",
      "@ 1767574444.5",
      "@ 1767571200",
    ]);
    const offset = `offset ${this.#pick(OFFSETS)}`;
    if (kind < 0.9) return ` ${at}`;
    if (kind < 0.96) return ` ${offset}`;
    return this.#chance(0.5) ? ` ${at} ${offset}` : ` ${offset} ${at}`;
  }

  /** A range vector: of a selector, or of a subquery. */
  #range(depth: number, metrics: readonly KnownMetric[] = METRICS): string {
    if (depth <= 0 || this.#chance(0.8))
      return `${this.#bareSelector(metrics)}[${this.#duration()}]${this.#modifiers()}`;
    const inner = this.#chance(0.3) ? this.#bareSelector(metrics) : `(${this.#vector(depth - 1)})`;
    const step = this.#pick(["", "1m", "15s", "2m30s", "37s", "5m"]);
    return `${inner}[${this.#pick(["5m", "10m", "3m", "20m", "90s"])}:${step}]${this.#modifiers()}`;
  }

  #duration(): string {
    if (!this.#computedDurations || this.#chance(0.8)) return this.#pick(RANGES);
    return this.#pick(COMPUTED_RANGES);
  }

  #counters(): readonly KnownMetric[] {
    return this.#chance(0.8) ? METRICS.filter(({ isCounter }) => isCounter === true) : METRICS;
  }

  #call(depth: number): string {
    const { name, args } = this.#pick(expectedArguments(this.#experimental));
    const isRate = /rate|increase|resets|delta/.test(name);
    const written = args.map((arg) => {
      if (arg === "vector") return this.#vector(depth);
      if (arg === "scalar") return this.#scalar(Math.min(depth, 1));
      if (arg === "matrix") return this.#range(depth, isRate ? this.#counters() : METRICS);
      if (arg === "quantile") return this.#quantile(depth);
      if (arg === "factor") return this.#pick(["0.1", "0.5", "0.9", "0.01"]);
      if (arg === "label") return `"${this.#pick(LABELS).replaceAll('"', "")}"`;
      return arg;
    });
    return `${name}(${written.join(", ")})`;
  }

  #quantile(depth: number): string {
    return this.#chance(0.9) ? this.#pick(QUANTILES) : this.#scalar(Math.min(depth, 1));
  }

  #aggregation(depth: number): string {
    const vector = this.#vector(depth);
    const kind = this.#random();
    if (kind < 0.65) return this.#grouped(this.#pick(AGGREGATIONS), vector);
    if (kind < 0.8) {
      const k = this.#chance(0.9)
        ? this.#pick(["1", "2", "3", "5", "0", "-1", "1.9", "100"])
        : this.#scalar(1);
      return this.#grouped(this.#pick(["topk", "bottomk"]), `${k}, ${vector}`);
    }
    if (kind < 0.9) return this.#grouped("quantile", `${this.#quantile(depth)}, ${vector}`);
    if (kind < 0.95 || !this.#experimental)
      return this.#grouped("count_values", `"${this.#pick(["value", "port", "kind"])}", ${vector}`);
    return this.#chance(0.5)
      ? this.#grouped("limitk", `${this.#pick(["1", "2", "5", "0"])}, ${vector}`)
      : this.#grouped(
          "limit_ratio",
          `${this.#pick(["0.5", "-0.5", "0.1", "1.5", "0"])}, ${vector}`,
        );
  }

  #grouped(operator: string, args: string): string {
    if (this.#chance(0.3)) return `${operator}(${args})`;
    const clause = `${this.#pick(["by", "by", "without"])} (${this.#someLabels().join(", ")})`;
    return this.#chance(0.6) ? `${operator} ${clause} (${args})` : `${operator}(${args}) ${clause}`;
  }

  #someLabels(): string[] {
    return Array.from({ length: this.#below(4) }, () => this.#pick(LABELS));
  }

  #binary(depth: number): string {
    const kind = this.#random();
    if (kind < 0.3) {
      const [left, right] = [this.#operand(depth), this.#scalarOperand(depth)];
      const operator = this.#chance(0.1) ? `^` : this.#vectorOperator();
      // Powers are exact where the exponent is whole.
      if (operator === "^") return `${left} ^ ${this.#pick(["2", "3", "-1", "0", "-2", "10"])}`;
      return this.#chance(0.5) ? `${left} ${operator} ${right}` : `${right} ${operator} ${left}`;
    }
    if (kind < 0.75) return this.#matchedPair();
    const operator = this.#chance(0.3)
      ? `${this.#pick(SETS)}${this.#matching()}`
      : `${this.#vectorOperator()}${this.#matching()}`;
    if (this.#chance(0.4)) {
      // Both sides of the same series, so that they match.
      const selector = this.#bareSelector();
      return `${selector}${this.#modifiers()} ${operator} ${selector}${this.#modifiers()}`;
    }
    return `${this.#operand(depth)} ${operator} ${this.#operand(depth)}`;
  }

  #matchedPair(): string {
    const [left, matching, right] = this.#pick(PAIRS);
    const isGrouped = matching.includes("group_");
    const operator = this.#chance(0.25) && !isGrouped ? this.#pick(SETS) : this.#vectorOperator();
    const limited = this.#chance(0.3) && /^\w+$/.test(right) ? `{${this.#pick(MATCHERS)}}` : "";
    return `${left}${this.#modifiers()} ${operator} ${matching} ${right}${limited}${this.#modifiers()}`;
  }

  #matching(): string {
    if (this.#chance(0.6)) return "";
    const side = this.#pick(["on", "ignoring"]);
    return ` ${side} (${this.#someLabels().join(", ")})`;
  }

  #vectorOperator(): string {
    if (this.#chance(0.6)) return this.#pick(ARITHMETIC.slice(0, 5));
    return `${this.#pick(COMPARISONS)}${this.#chance(0.3) ? " bool" : ""}`;
  }

  #scalarOperand(depth: number): string {
    return this.#chance(0.7) ? this.#pick(NUMBERS) : `(${this.#scalar(depth)})`;
  }

  #scalar(depth: number): string {
    if (depth <= 0 || this.#chance(0.5)) return this.#pick(NUMBERS);
    const kind = this.#random();
    if (kind < 0.3) return `scalar(${this.#vector(depth - 1)})`;
    if (kind < 0.4) return this.#pick(["time()", "pi()"]);
    if (kind < 0.8) {
      const operator = this.#chance(0.7)
        ? this.#pick(ARITHMETIC.slice(0, 5))
        : `${this.#pick(COMPARISONS)} bool`;
      return `${this.#scalar(depth - 1)} ${operator} ${this.#scalar(depth - 1)}`;
    }
    if (kind < 0.9) return `(${this.#scalar(depth - 1)})`;
    return `-${this.#scalar(0)} ^ ${this.#pick(["2", "3", "-1"])}`;
  }

  #histogram(depth: number): string {
    const buckets = this.#bareSelector(BUCKETS);
    const rated = this.#pick([
      buckets,
      `rate(${buckets}[${this.#pick(RANGES)}])`,
      `sum by (le, ${this.#pick(["kind", "port", "instance"])}) (rate(${buckets}[5m]))`,
      `sum without (instance, ${this.#pick(["job", "kind", "port"])}) (${buckets})`,
      this.#vector(depth),
    ]);
    if (this.#chance(0.25)) {
      const [lower, upper] = [
        this.#pick(["0", "-Inf", "0.2", "1", "64"]),
        this.#pick(["Inf", "1", "600", "0.1"]),
      ];
      return `histogram_fraction(${lower}, ${upper}, ${rated})`;
    }
    if (this.#chance(0.1))
      return `${this.#pick(["histogram_count", "histogram_sum", "histogram_avg", "histogram_stddev", "histogram_stdvar"])}(${rated})`;
    return `histogram_quantile(${this.#quantile(depth)}, ${rated})`;
  }

  #labels(depth: number): string {
    const vector = this.#vector(depth);
    const [to, from] = [this.#pick(LABELS), this.#pick(LABELS)].map((label) =>
      label.replaceAll('"', ""),
    );
    if (this.#chance(0.3))
      return `label_join(${vector}, "${to}", "${this.#pick(["-", "", ", "])}", "${from}", "instance")`;
    const pattern = this.#pick([
      "(.*)",
      "(.)(.*)",
      "Ethernet(.*)/(?P<n>.*)",
      ".*",
      "",
      "nothing",
      "(?i)LEAF(\\\\d)",
    ]);
    const replacement = this.#pick(["$1", "x", "", "$2-$1", "$n", "$1{}$$b", "$1a"]);
    return `label_replace(${vector}, "${to}", "${replacement}", "${from}", "${pattern}")`;
  }

  #chance(probability: number): boolean {
    return this.#random() < probability;
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #pick<T>(choices: readonly T[]): T {
    return choices[this.#below(choices.length)] as T;
  }
}

const TARGET_LABELS: ReadonlySet<string> = new Set(["instance", "job", "nosuch"]);

/** Conditions on labels that the metric has. */
function matchersFor({ labels }: KnownMetric): readonly string[] {
  return MATCHERS.filter((matcher) => {
    const label = /\w+/.exec(matcher)?.[0] ?? "";
    return labels.includes(label) || TARGET_LABELS.has(label);
  });
}
