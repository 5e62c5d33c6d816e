/** The targets of the links and images of a Markdown page, in order; what stands in code is none. */
export function links(markdown: string): string[] {
  const text = withoutFences(markdown).replace(/(`+)[^`].*?\1/g, "");
  const inline = /\]\(\s*<?((?:[^()\s<>]|\([^()\s]*\))+)>?(?:\s+["'][^)]*)?\)/g;
  const named = /^\s*\[[^\]]+\]:\s*<?(\S+?)>?\s*$/gm;
  return [...text.matchAll(inline), ...text.matchAll(named)].map(([, target]) => target as string);
}

/** The anchors that GitHub gives to the headings of a page: lower case, no punctuation, numbered when they repeat. */
export function anchors(markdown: string): ReadonlySet<string> {
  const counts = new Map<string, number>();
  const found = new Set<string>();
  for (const [, heading = ""] of withoutFences(markdown).matchAll(/^#{1,6}\s+(.*?)\s*#*$/gm)) {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M} _-]/gu, "")
      .replaceAll(" ", "-");
    const count = counts.get(slug) ?? 0;
    counts.set(slug, count + 1);
    found.add(count === 0 ? slug : `${slug}-${count}`);
  }
  return found;
}

function withoutFences(markdown: string): string {
  return markdown.replace(/^(```+)[^\n]*\n[\s\S]*?^\1[ \t]*$/gm, "");
}
