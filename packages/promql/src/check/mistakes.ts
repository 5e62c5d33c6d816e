import type { Span } from "../syntax/ast.ts";
import type { Features } from "../syntax/features.ts";
import { ParseError } from "../syntax/parse-error.ts";

/** The mistakes found in one expression so far, and what rules must know besides the node they judge. */
export class Mistakes {
  readonly errors: ParseError[] = [];
  readonly features: Features;
  /** The text that was parsed; empty where the expression was built otherwise. */
  readonly query: string;

  constructor(query: string, features: Features) {
    this.query = query;
    this.features = features;
  }

  report(reason: string, span: Span): void {
    this.errors.push(new ParseError(reason, span, this.query));
  }
}
