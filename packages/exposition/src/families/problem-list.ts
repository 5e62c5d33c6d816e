import { ExpositionError } from "../entry-parser.ts";

// Enough to see what is wrong; a file of garbage must not fill the memory with errors.
const MOST_PROBLEMS = 100;

/** Collects what is wrong with an exposition, up to a limit. */
export class ProblemList {
  readonly problems: ExpositionError[] = [];

  /** Whether so many problems were found that reading on tells nothing new. */
  get isFull(): boolean {
    return this.problems.length >= MOST_PROBLEMS;
  }

  add(problem: ExpositionError): void {
    if (!this.isFull) this.problems.push(problem);
  }

  /** Runs a step of a parser; its ExpositionError is collected, and the result is then undefined. */
  attempt<T>(step: () => T): T | undefined {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof ExpositionError)) throw error;
      this.add(error);
      return undefined;
    }
  }
}
