import { readdirSync, readFileSync } from "node:fs";
import { codeBlocks } from "../docs/markdown-blocks.ts";

/** What is tried of a page in docs/runbooks. */
export interface Runbook {
  readonly alert: string;
  readonly text: string;
  readonly queries: readonly string[];
  /** What raises the alert, if the page says. */
  readonly commands: readonly string[];
}

const folder = new URL("../../docs/runbooks/", import.meta.url);

/** Reads all runbooks. */
export function runbooks(): readonly Runbook[] {
  return readdirSync(folder).map((name) => {
    const text = readFileSync(new URL(name, folder), "utf8");
    const of = (language: string, between: string): string[] =>
      codeBlocks(text)
        .filter((block) => block.language === language)
        .flatMap((block) => block.text.split(between));
    return {
      alert: name.replace(/\.md$/, ""),
      text,
      queries: of("promql", "\n\n"),
      commands: of("sh", "\n"),
    };
  });
}
