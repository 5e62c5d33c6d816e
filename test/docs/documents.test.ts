import { readFile } from "node:fs/promises";
import { afterAll, describe, expect, it } from "vitest";
import { type CodeBlock, codeBlocks } from "./markdown-blocks.ts";
import { Reader } from "./reader.ts";

const pages = [
  "README.md",
  "docs/tutorial/first-collector.md",
  "docs/tutorial/break-something.md",
  "docs/guides/promql-in-your-program.md",
  "docs/guides/storing-samples.md",
  "docs/guides/writing-collectors.md",
  "docs/explanation/chassis.md",
  "docs/explanation/life-and-incidents.md",
  "docs/explanation/optics.md",
  "docs/explanation/promql.md",
  "docs/explanation/queues-and-buffers.md",
  "docs/explanation/time-and-histories.md",
  "docs/explanation/traffic.md",
  "docs/reference/promql-test-language.md",
  "packages/promql/README.md",
  "packages/tsdb/README.md",
];

describe.each(pages)("%s", async (page) => {
  const blocks = codeBlocks(await readFile(new URL(`../../${page}`, import.meta.url), "utf8"));
  const reader = await Reader.sitDown();
  afterAll(() => reader.leave());

  const title = ({ line, text }: CodeBlock) => `line ${line}: ${text.split("\n")[0]}`;
  it.each(blocks.map((block) => [title(block), block] as const))(
    "does what it says in %s",
    async (_title, block) => {
      expect(await reader.follow(block)).toEqual([]);
    },
    60_000,
  );
});
