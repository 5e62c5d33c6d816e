import { expect, it } from "vitest";
import type { Annotation } from "./annotations.ts";
import { renderAnnotation, renderRemarks } from "./render-annotation.ts";

const QUERY = "sum(\n  rate(x[5m]))";

function remark(severity: Annotation["severity"], text: string): Annotation {
  return { severity, text, span: { start: 12, end: 17 } };
}

it("renders a remark with line and column", () => {
  expect(renderAnnotation(remark("info", "PromQL info: hm"), QUERY)).toBe("PromQL info: hm (2:8)");
});

it("lists ten warnings and ten infos, and counts the others", () => {
  const numbers = Array.from({ length: 12 }, (_, i) => i);
  const annotations = [remark("warning", "w"), ...numbers.map((i) => remark("info", `i${i}`))];
  const storageWarnings = numbers.slice(0, 10).map((i) => `s${i}`);
  expect(renderRemarks({ annotations, storageWarnings }, QUERY)).toEqual({
    warnings: ["w (2:8)", ...storageWarnings.slice(0, 9), "1 more warning annotations omitted"],
    infos: [...numbers.slice(0, 10).map((i) => `i${i} (2:8)`), "2 more info annotations omitted"],
  });
});
