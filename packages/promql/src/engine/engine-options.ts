import type { OpenObserver } from "../explain/open-observer.ts";
import type { FeaturesLike } from "../syntax/features.ts";

/** How an engine evaluates; every default is Prometheus'. */
export interface EngineOptions {
  /** How far back an instant selector looks for a sample, in ms. 5 minutes. */
  readonly lookbackDeltaMs?: number;
  /** The step of a subquery that names none, in ms. 1 minute, Prometheus' global evaluation_interval. */
  readonly defaultSubqueryStepMs?: number;
  /** Samples that one query may hold in memory at a time. 50 million. */
  readonly maxSamples?: number;
  /** How long one query may take, in ms. 2 minutes. */
  readonly timeoutMs?: number;
  /** Steps that a range query may have. 11,000. */
  readonly maxPointsPerSeries?: number;
  /** What is on, by the names of Prometheus' feature flags. None; `"all"` for all. */
  readonly features?: FeaturesLike;
  /** A monotonic clock in ms. `performance.now`. */
  readonly now?: () => number;
  /** Lets the event loop turn once. A message through a `MessageChannel`, which Node and browsers have. */
  readonly yieldToEventLoop?: () => Promise<void>;
}

/** Asks for one moment. */
export interface InstantQuery {
  /** The text, as `parseExpr` reads it. */
  readonly query: string;
  readonly timeMs: number;
  readonly signal?: AbortSignal;
  /** For this query, instead of the engine's. */
  readonly lookbackDeltaMs?: number;
  readonly timeoutMs?: number;
  /** Is told of every part of the expression that is opened. */
  readonly observer?: OpenObserver;
}

/** Asks for every `stepMs` from `startMs` to `endMs`, both inclusive. */
export interface RangeQuery {
  readonly query: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
  readonly signal?: AbortSignal;
  readonly lookbackDeltaMs?: number;
  readonly timeoutMs?: number;
  readonly observer?: OpenObserver;
}
