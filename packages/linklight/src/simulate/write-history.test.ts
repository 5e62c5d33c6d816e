import type { HistoryFamily } from "@linklight/exposition";
import { Labels } from "@linklight/model";
import { describe, expect, it } from "vitest";
import { type Output, ReaderGone } from "./output.ts";
import { type HistoryProgress, writeHistory } from "./write-history.ts";

const GRID = { fromMs: 1_700_000_000_000, stepMs: 1000, count: 5000 };

/** As many series of 5,000 samples each as wanted; something may happen before one of them is computed. */
function family(series: number, before: (i: number) => void = () => undefined): HistoryFamily {
  return {
    ...{ name: "a", type: "gauge", help: "", unit: "", lines: [{ suffix: "" }] },
    *series() {
      for (let i = 0; i < series; i++) {
        yield undefined;
        before(i);
        const labels = Labels.from({ i: String(i) });
        yield { labels, fill: (values, first, count) => values.fill(first, 0, count) };
      }
    },
  };
}

interface Recorded extends Output {
  text: string;
  outcome: "open" | "finished" | "abandoned";
}

/** Keeps what it is given as it is when a slow disk would have taken it. */
function recorded(write: () => void = () => undefined): Recorded {
  const self: Recorded = {
    text: "",
    outcome: "open",
    async write(bytes) {
      await new Promise((resolve) => setImmediate(resolve));
      write();
      self.text += Buffer.from(bytes).toString();
    },
    async finish() {
      self.outcome = "finished";
    },
    async abandon() {
      self.outcome = "abandoned";
    },
  };
  return self;
}

describe("writeHistory", () => {
  it("writes everything, and then finishes", async () => {
    const output = recorded();
    const seen: HistoryProgress[] = [];
    const onProgress = (progress: HistoryProgress): unknown => seen.push(progress);
    const result = await writeHistory([family(20)], GRID, output, { onProgress });
    const lines = output.text.split("\n");
    expect(lines.length).toBe(1 + 20 * 5000 + 1 + 1);
    expect(lines.at(-2)).toBe("# EOF");
    expect(result).toEqual({ samples: 100_000, series: 20, bytes: Buffer.byteLength(output.text) });
    expect(seen.at(-1)).toEqual(result);
    expect(output.outcome).toBe("finished");
  });

  it("leaves nothing behind when it is told to stop", async () => {
    const output = recorded();
    const controller = new AbortController();
    const families = [family(1000, (i) => i === 10 && controller.abort(new Error("enough")))];
    const { signal } = controller;
    await expect(writeHistory(families, GRID, output, { signal })).rejects.toThrow("enough");
    expect(output.outcome).toBe("abandoned");
    expect(output.text.length).toBeLessThan(3_000_000);
  });

  it("leaves nothing behind when the model or the disk fails", async () => {
    const fail = (text: string) => (): never => {
      throw new Error(text);
    };
    const computing = recorded();
    const model = writeHistory([family(100, (i) => i === 10 && fail("model")())], GRID, computing);
    await expect(model).rejects.toThrow("model");
    expect(computing.outcome).toBe("abandoned");
    const writing = recorded(fail("disk"));
    await expect(writeHistory([family(100)], GRID, writing)).rejects.toThrow("disk");
    expect(writing.outcome).toBe("abandoned");
  });

  it("ends quietly when nobody reads any more", async () => {
    const output = recorded(() => {
      throw new ReaderGone();
    });
    expect(await writeHistory([family(100)], GRID, output)).toBeUndefined();
    expect(output.outcome).toBe("abandoned");
  });
});
