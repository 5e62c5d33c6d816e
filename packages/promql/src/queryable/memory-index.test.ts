import { Labels } from "@linklight/model";
import fc from "fast-check";
import { expect, it } from "vitest";
import { createMatcher } from "../matcher/label-matcher.ts";
import { MemoryIndex } from "./memory-index.ts";

const name = fc.constantFrom("a", "b", "c");
const value = fc.constantFrom("", "x", "y", "xy", "yx");

const matcher = fc.oneof(
  fc
    .tuple(name, fc.constantFrom("=", "!="), value)
    .map(([label, operator, text]) => createMatcher(label, operator, text)),
  fc
    .tuple(
      name,
      fc.constantFrom("=~", "!~"),
      fc.constantFrom("", "x", "x|y", "x.*", ".*y", ".+", ".*", "|x", "(?i)XY", "none"),
    )
    .map(([label, operator, text]) => createMatcher(label, operator, text)),
);

it("finds what looking at every series finds, in order", () => {
  const sets = fc.uniqueArray(
    fc.dictionary(name, value).map((labels) => Labels.from(labels)),
    { selector: (labels) => labels.key },
  );
  const property = fc.property(sets, fc.array(matcher, { maxLength: 4 }), (all, matchers) => {
    const expected = all
      .filter((labels) => matchers.every((one) => one.matches(labels.get(one.name))))
      .sort((a, b) => a.compare(b));
    const index = new MemoryIndex(all.map((labels) => ({ labels })));
    expect(index.select(matchers).map(({ labels }) => `${labels}`)).toEqual(expected.map(String));
  });
  fc.assert(property, { seed: 42, numRuns: 1000 });
});
