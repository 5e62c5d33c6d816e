import type { Labels } from "@linklight/model";
import { METRIC_NAME } from "@linklight/model";
import type { EvalContext } from "../eval/context.ts";
import { goQuote } from "../lexer/go-quote.ts";
import type { Call, Expr } from "../syntax/ast.ts";
import type { CounterRemarks } from "../windows/extrapolated-rate.ts";

/** How the name of a counter ends. */
const COUNTER_SUFFIXES = ["_total", "_sum", "_count", "_bucket"];

/** Remarks of Prometheus about the samples that a function over a range vector sees, at the place of its range. */
export class WindowRemarks implements CounterRemarks {
  readonly #annotations: EvalContext["annotations"];
  readonly #range: Expr;

  constructor({ annotations }: EvalContext, call: Call, rangeAt = 0) {
    this.#annotations = annotations;
    this.#range = call.args[rangeAt] as Expr;
  }

  /** Floats and histograms in one window: the function gives nothing. */
  mixed(metricName: string): void {
    this.#annotations.warn(
      `encountered a mix of histograms and floats for metric name ${goQuote(metricName)}`,
      this.#range.span,
    );
  }

  overlappingStarts(metricName: string): void {
    this.#annotations.warn(
      `overlapping start timestamps for metric name ${goQuote(metricName)}`,
      this.#range.span,
    );
  }

  /** Floats and histograms in one window: the function looks at the floats. */
  ignoredHistograms(metricName: string): void {
    this.#annotations.inform(
      `ignored histograms in a range containing both floats and histograms for metric name ${goQuote(metricName)}`,
      this.#range.span,
    );
  }

  /** A rate of something that does not bear the name of a counter. */
  possiblyNoCounter(labels: Labels): void {
    const name = labels.get(METRIC_NAME);
    if (name === "" || COUNTER_SUFFIXES.some((suffix) => name.endsWith(suffix))) return;
    this.#annotations.inform(
      `metric might not be a counter, name does not end in _total/_sum/_count/_bucket: ${goQuote(name)}`,
      this.#range.span,
    );
  }
}
