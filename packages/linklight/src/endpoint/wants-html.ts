import type { IncomingMessage } from "node:http";

/** Whether a browser asks: no scraper and no command-line tool names HTML among what it takes. */
export function wantsHtml({ headers }: IncomingMessage): boolean {
  return /\btext\/html\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(headers.accept ?? "");
}
