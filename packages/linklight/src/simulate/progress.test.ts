import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { progressBar, shownCount, shownSize, shownTime } from "./progress.ts";

/** A stream that keeps what is drawn on it. */
function screen(isTTY: boolean) {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 120 });
  let drawn = "";
  stream.on("data", (bytes: Buffer) => {
    drawn += bytes.toString();
  });
  return { stream, drawn: () => drawn };
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

describe("progressBar", () => {
  it("draws how much is done, and never what is no time", async () => {
    const { stream, drawn } = screen(true);
    const bar = await progressBar(stream);
    // Stands still, goes back, goes on, and is done: a bar sees all of them.
    for (const done of [0, 0, 0.2, 0.1, 0.5, 1]) {
      bar.update(done, { samples: 1_000_000 * done, series: 1, bytes: 2e9 * done });
      await pause(110);
    }
    bar.stop();
    expect(drawn()).toContain("0% | 0 samples, 0 kB | ? left");
    expect(drawn()).toMatch(/50% \| 500,000 samples, 1\.0 GB \| (?:\d+[hms])+ left/);
    expect(drawn()).not.toMatch(/NaN|Infinity|INF|NULL|undefined/);
  });

  it("shows nothing where nobody looks", async () => {
    const { stream, drawn } = screen(false);
    const bar = await progressBar(stream);
    bar.update(0.5, { samples: 1, series: 1, bytes: 1 });
    bar.stop();
    expect(drawn()).toBe("");
  });
});

describe("shownTime", () => {
  it.each([
    [0, "0s"],
    [59.6, "1m"],
    [3723, "1h2m3s"],
    [90_000, "1d1h"],
    [-1, "0s"],
    [Number.NaN, "?"],
    [Number.POSITIVE_INFINITY, "?"],
    ["INF", "?"],
    ["NULL", "?"],
    ["0", "?"],
  ])("shows %j as %s", (seconds, text) => {
    expect(shownTime(seconds)).toBe(text);
  });
});

describe("counts and sizes", () => {
  it("are shown short", () => {
    expect([
      shownCount(1_234_567),
      shownSize(412_000),
      shownSize(12.4e6),
      shownSize(3.12e9),
    ]).toEqual(["1,234,567", "412 kB", "12 MB", "3.1 GB"]);
  });
});
