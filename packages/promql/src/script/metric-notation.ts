import { Labels, METRIC_NAME } from "@linklight/model";
import { readString } from "../lexer/literal.ts";
import { readEscape } from "../lexer/scan-string.ts";
import type { LineScanner } from "./line-scanner.ts";

/** metric: METRIC_NAME [label_set] | label_set */
export function parseMetric(scanner: LineScanner): Labels {
  const start = scanner.position;
  const pairs: [name: string, value: string][] = [];
  const name = scanner.take(/[a-zA-Z_:][a-zA-Z0-9_:]*/y);
  if (name !== undefined) pairs.push([METRIC_NAME, name]);
  if (scanner.takeIf("{")) parseLabelSet(scanner, pairs);
  else if (name === undefined) scanner.failExpecting('a series such as name{label="value"}');
  const twice = pairs.find(([label], i) => pairs.findIndex(([other]) => other === label) < i);
  if (twice !== undefined) scanner.fail(`label ${JSON.stringify(twice[0])} occurs twice`, start);
  return Labels.from(pairs);
}

/** label_set: "{" [label ("," label)* [","]] "}" */
function parseLabelSet(scanner: LineScanner, pairs: [string, string][]): void {
  for (;;) {
    scanner.takeBlanks();
    if (scanner.takeIf("}")) return;
    parseLabel(scanner, pairs);
    scanner.takeBlanks();
    if (scanner.takeIf("}")) return;
    if (!scanner.takeIf(",")) scanner.failExpecting('"," or "}"');
  }
}

/** label: (NAME | STRING) "=" STRING | STRING, which is the metric's name */
function parseLabel(scanner: LineScanner, pairs: [string, string][]): void {
  const isQuoted = /["'`]/.test(scanner.rest.charAt(0));
  const name = isQuoted ? parseString(scanner) : scanner.take(/[a-zA-Z_][a-zA-Z0-9_]*/y);
  if (name === undefined) scanner.failExpecting('a label name or "}"');
  scanner.takeBlanks();
  if (isQuoted && /^[,}]/.test(scanner.rest)) {
    pairs.push([METRIC_NAME, name]);
    return;
  }
  if (!scanner.takeIf("=")) scanner.failExpecting('"="');
  scanner.takeBlanks();
  pairs.push([name, parseString(scanner)]);
}

/** STRING: in double quotes, single quotes or backquotes, with Go's escapes in the first two. */
export function parseString(scanner: LineScanner): string {
  const { text, position: start } = scanner;
  const quoteMark = text.charAt(start);
  if (!/["'`]/.test(quoteMark)) scanner.failExpecting("a text in quotes");
  let at = start + 1;
  while (text[at] !== quoteMark) {
    if (at >= text.length) scanner.fail("the text in quotes has no end", start);
    if (text[at] !== "\\" || quoteMark === "`") {
      at++;
      continue;
    }
    const end = readEscape(text, at + 1, quoteMark);
    if (typeof end === "string") return scanner.fail(end, at);
    at = end;
  }
  scanner.position = at + 1;
  return readString(text.slice(start, at + 1));
}
