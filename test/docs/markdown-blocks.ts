/** A fenced code block of a Markdown page. */
export interface CodeBlock {
  /** The first word behind the fence: `sh`, `ts`, `text` … */
  readonly language: string;
  /** What follows it, such as `file=rooms.ts`. */
  readonly note: string;
  readonly text: string;
  /** Of its first line, from 1. */
  readonly line: number;
}

/** The fenced code blocks of a page, in order. */
export function codeBlocks(markdown: string): CodeBlock[] {
  const lines = markdown.split("\n");
  const blocks: CodeBlock[] = [];
  for (let i = 0; i < lines.length; i++) {
    const [, language, note] = /^```(\S*) ?(.*)$/.exec(lines[i] ?? "") ?? [];
    if (language === undefined) continue;
    const end = lines.indexOf("```", i + 1);
    const text = lines.slice(i + 1, end).join("\n");
    blocks.push({ language, note: note ?? "", text, line: i + 2 });
    i = end;
  }
  return blocks;
}
