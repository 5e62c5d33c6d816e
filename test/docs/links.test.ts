import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { anchors, links } from "./markdown-links.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Every Markdown file of the tree, as a path from its root. */
async function pages(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const isForeign = ["node_modules", "dist"].includes(entry.name) || entry.name.startsWith(".");
    if (isForeign) continue;
    if (entry.isDirectory()) found.push(...(await pages(path)));
    else if (entry.name.endsWith(".md")) found.push(relative(root, path));
  }
  return found.sort();
}

/** Why a relative link of a page leads nowhere; undefined when it does not. */
async function problem(page: string, link: string): Promise<string | undefined> {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page : join(dirname(page), decodeURIComponent(path));
  if (target.startsWith("..")) return `${link}: lies outside the project`;
  const found = await stat(join(root, target)).catch(() => undefined);
  if (found === undefined) return `${link}: there is no ${target}`;
  if (anchor === undefined || !target.endsWith(".md")) return undefined;
  const known = anchors(await readFile(join(root, target), "utf8"));
  return known.has(anchor) ? undefined : `${link}: ${target} has no heading of that name`;
}

describe("links", async () => {
  it("are found outside code only", () => {
    expect(
      links(
        "a [b](c.md) ![d](e.svg 'f')\n```\n[no](g.md)\n```\n`[no](h)` [i](j_(k).md)\n[l]: m.md",
      ),
    ).toEqual(["c.md", "e.svg", "j_(k).md", "m.md"]);
  });

  it("lead to headings by the names that GitHub gives them", () => {
    expect([...anchors("# A `b` & c\n## It's 5 %: so\n### a\n### a\n```\n# no\n```\n")]).toEqual([
      "a-b--c",
      "its-5--so",
      "a",
      "a-1",
    ]);
  });

  it.each(await pages(root))("of %s lead somewhere", async (page) => {
    const relatives = links(await readFile(join(root, page), "utf8")).filter(
      (link) => !/^[a-z][a-z+.-]*:/i.test(link),
    );
    const problems = await Promise.all(relatives.map((link) => problem(page, link)));
    expect(problems.filter((each) => each !== undefined)).toEqual([]);
  });
});
