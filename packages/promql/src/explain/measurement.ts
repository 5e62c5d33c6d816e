import { ABSENT, type Column } from "../eval/column.ts";
import type {
  MatrixOperator,
  OperatorSeries,
  Pending,
  Value,
  VectorOperator,
} from "../eval/operator.ts";
import type { SampleColumns } from "../queryable/sample-columns.ts";

/**
 * What one part of an expression costs and gives. Its time is that of its calls, from call to answer: what is
 * inside it is called from its own calls, so that times nest as the expression does.
 */
export class Measurement {
  series: number | undefined;
  samples = 0;
  totalMs = 0;

  readonly #now: () => number;
  // A part may be opened once more inside itself, as one that is the same at every step: only the outer
  // call counts.
  #depth = 0;
  #since = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  start(): void {
    if (this.#depth++ === 0) this.#since = this.#now();
  }

  /** Ends what {@link Measurement.start} began; true for the outermost. */
  stop(): boolean {
    if (--this.#depth > 0) return false;
    this.totalMs += this.#now() - this.#since;
    return true;
  }

  /** Takes over what opening gave, between start and stop. */
  wrap(value: Value): Value {
    switch (value.type) {
      case "vector":
        return { type: "vector", vector: new MeasuredVector(value.vector, this) };
      case "matrix":
        return { type: "matrix", matrix: new MeasuredMatrix(value.matrix, this) };
      default:
        return value;
    }
  }
}

class MeasuredVector implements VectorOperator {
  readonly series: readonly OperatorSeries[];
  readonly #vector: VectorOperator;
  readonly #measurement: Measurement;

  constructor(vector: VectorOperator, measurement: Measurement) {
    this.series = vector.series;
    this.#vector = vector;
    this.#measurement = measurement;
  }

  column(i: number, into: Column): Pending {
    this.#measurement.start();
    const pending = this.#vector.column(i, into);
    if (pending !== undefined) return pending.then(() => this.#done(into));
    this.#done(into);
    return undefined;
  }

  #done({ present }: Column): void {
    if (!this.#measurement.stop()) return;
    for (const kind of present) if (kind !== ABSENT) this.#measurement.samples++;
  }
}

class MeasuredMatrix implements MatrixOperator {
  readonly series: readonly OperatorSeries[];
  readonly rangeMs: number;
  readonly extension: MatrixOperator["extension"];
  readonly lookbackMs: number;
  readonly #matrix: MatrixOperator;
  readonly #measurement: Measurement;

  constructor(matrix: MatrixOperator, measurement: Measurement) {
    this.series = matrix.series;
    this.rangeMs = matrix.rangeMs;
    this.extension = matrix.extension;
    this.lookbackMs = matrix.lookbackMs;
    this.#matrix = matrix;
    this.#measurement = measurement;
  }

  windowEnd(k: number): number {
    return this.#matrix.windowEnd(k);
  }

  samples(i: number, into: SampleColumns): Pending {
    this.#measurement.start();
    const pending = this.#matrix.samples(i, into);
    if (pending !== undefined) return pending.then(() => this.#done(into));
    this.#done(into);
    return undefined;
  }

  #done(samples: SampleColumns): void {
    if (this.#measurement.stop()) this.#measurement.samples += samples.length;
  }
}
