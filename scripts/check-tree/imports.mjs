// Statements start a line in a formatted file; what an example in a comment imports does not count.
const STATEMENT = /^(?:import|export)\b(?:[^"';]*?\bfrom\s*|\s*)["']([^"']+)["']/gm;
const DYNAMIC = /^(?!\s*(?:\*|\/\/)).*?\bimport\(\s*["']([^"']+)["']\s*\)/gm;

/** The module specifiers that TypeScript source imports, with their lines (from 1). */
export function* findImports(text) {
  for (const pattern of [STATEMENT, DYNAMIC]) {
    for (const found of text.matchAll(pattern)) {
      const line = text.slice(0, found.index).split("\n").length;
      yield { specifier: found[1], line };
    }
  }
}
