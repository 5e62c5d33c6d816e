import fc from "fast-check";
import { RE2JS } from "re2js";
import { describe, expect, it } from "vitest";
import { createMatcher } from "./label-matcher.ts";

describe("a matcher", () => {
  it.each([
    ["=", "a", ["a"], ["", "b", "aa"]],
    ["=", "", [""], ["a"]],
    ["!=", "a", ["", "b"], ["a"]],
    ["!=", "", ["a"], [""]],
    ["=~", "eth", ["eth"], ["", "eth0", "xeth"]],
    ["=~", "", [""], ["a"]],
    ["=~", "a|", ["a", ""], ["b"]],
    [
      "=~",
      "eth(0|1)\\.?(100)?",
      ["eth0", "eth1.", "eth0.100", "eth1100"],
      ["eth", "eth2", "eth0.10"],
    ],
    ["=~", "https?", ["http", "https"], ["httpss"]],
    ["=~", ".*", ["", "a", "a\nb", "😀"], []],
    ["=~", ".+", ["a", "a\nb", "😀", "\n"], [""]],
    ["=~", ".*?/.+?", ["/a", "a/b/c"], ["/", "a/", "a"]],
    ["=~", "leaf.+-.*[0-9]", ["leaf1-0"], ["leaf-0", "leaf1-a"]],
    ["=~", "(?i)LEAF", ["leaf", "LeaF"], ["leaf1"]],
    ["=~", "^a$|^b$", ["a", "b"], ["ab"]],
    ["=~", "a.b", ["a\nb", "a.b"], ["ab"]],
    ["=~", ".", ["😀"], ["ab"]],
    ["=~", "(?i)s", ["ſ", "S"], ["ß"]],
    ["!~", "a|b", ["", "c", "ab"], ["a", "b"]],
    ["!~", ".+", [""], ["a"]],
    ["!~", "[ab]", ["", "ab"], ["a", "b"]],
  ] as const)("%s %j matches %j and not %j", (operator, value, right, wrong) => {
    const matcher = createMatcher("label", operator, value);
    expect({
      right: right.filter((text) => matcher.matches(text)),
      wrong: wrong.filter((text) => matcher.matches(text)),
    }).toEqual({ right, wrong: [] });
  });

  it("keeps its name, operator and value", () => {
    expect(createMatcher("port", "=~", "[0-9]+")).toEqual({
      name: "port",
      operator: "=~",
      value: "[0-9]+",
      matches: expect.any(Function),
    });
  });

  it.each([
    ["=", "a", ["a"]],
    ["=~", "a", ["a"]],
    ["=~", "a|b|a|", ["a", "b", ""]],
    ["=~", "leaf-(1|2)", ["leaf-1", "leaf-2"]],
    ["=~", "a\\.b", ["a.b"]],
    ["=~", "a.*", undefined],
    ["=~", "[ab]", undefined],
    ["!=", "a", undefined],
    ["!~", "a|b", undefined],
  ] as const)("%s %j can match only %j", (operator, value, literals) => {
    expect(createMatcher("label", operator, value).literals).toEqual(literals);
  });

  it.each([
    ["=~", "eth.*", "eth"],
    ["=~", "eth[0-9]+", "eth"],
    ["=~", "^eth\\d", "eth"],
    ["=~", "eth0*", "eth"],
    ["=~", "leaf(1|2)[a-z]", undefined],
    ["=~", "leaf(1|2)\\d|spine", undefined],
    ["=~", "leaf(1|2)\\d", "leaf"],
    ["=~", "leaf1.*|leaf2.*", "leaf"],
    ["=~", "😀.*|😁.*", undefined],
    ["=~", "a[(]|b", undefined],
    ["=~", ".*eth", undefined],
    ["!~", "eth.*", undefined],
  ] as const)("%s %j matches only what begins with %j", (operator, value, prefix) => {
    expect(createMatcher("label", operator, value).prefix).toBe(prefix);
  });
});

describe("a regular expression", () => {
  const piece = fc.constantFrom(
    ..."a b ab 😀 \n . .* .+ .*? .+? ? * + | ( ) (?: [ab] [^a] ^ $ \\. \\d \\Q \\E \\_ { } {2} {1,2} (?i) (?P<n> a? [(] ]".split(
      " ",
    ),
  );
  const pattern = fc.array(piece, { maxLength: 9 }).map((pieces) => pieces.join(""));
  const text = fc
    .array(fc.constantFrom("a", "b", "A", "ab", "😀", "\n", ".", "1", "_", "{", "}", "(", "]"), {
      maxLength: 6,
    })
    .map((pieces) => pieces.join(""));

  it("matches what RE2 matches, by whatever shortcut", () => {
    const property = fc.property(pattern, fc.array(text, { minLength: 5 }), (source, texts) => {
      const plain = attempt(() => RE2JS.compile(source, RE2JS.DOTALL));
      const matcher = attempt(() => createMatcher("label", "=~", source));
      if (plain === undefined || matcher === undefined) {
        expect([plain, matcher]).toEqual([undefined, undefined]);
        return;
      }
      const candidates = ["", ...texts, ...(matcher.literals ?? [])];
      const matching = candidates.filter((candidate) => plain.matches(candidate));
      expect(candidates.filter((candidate) => matcher.matches(candidate))).toEqual(matching);
      const { literals, prefix = "" } = matcher;
      if (literals !== undefined) {
        expect(literals.filter((literal) => !plain.matches(literal))).toEqual([]);
        expect(matching.filter((found) => !literals.includes(found))).toEqual([]);
      }
      expect(matching.filter((found) => !found.startsWith(prefix))).toEqual([]);
    });
    fc.assert(property, { seed: 42, numRuns: 5_000 });
  });

  it.each([
    ["(", "error parsing regexp: missing closing ): `(`"],
    ["*", "error parsing regexp: missing argument to repetition operator: `*`"],
    ["a**", "error parsing regexp: invalid nested repetition operator: `**`"],
    ["a|*", "error parsing regexp: missing argument to repetition operator: `*`"],
    ["[z-a]", "error parsing regexp: invalid character class range: `z-a`"],
    ["[a", "error parsing regexp: missing closing ]: `[a`"],
    ["a\\", "error parsing regexp: trailing backslash at end of expression: ``"],
    [
      "x{1000}".repeat(1500),
      `error parsing regexp: expression too large: \`${"x{1000}".repeat(1500)}\``,
    ],
    ["a)", "error parsing regexp: unexpected ): `a)`"],
    ["(?=a)", "error parsing regexp: invalid or unsupported Perl syntax: `(?=`"],
    ["\\8", "error parsing regexp: invalid escape sequence: `\\8`"],
    ["a{1001}", "error parsing regexp: invalid repeat count: `{1001}`"],
    // Bytes that are no UTF-8, as string literals keep them.
    ["a\udcff(b", "error parsing regexp: invalid UTF-8: `\udcff(b`"],
    ["*\udcff", "error parsing regexp: missing argument to repetition operator: `*`"],
    ["((a{100}){100}){100}", "error parsing regexp: invalid repeat count: `{100}`"],
    [
      "(".repeat(1001) + ")".repeat(1001),
      `error parsing regexp: expression nests too deeply: \`${"(".repeat(1001)}${")".repeat(1001)}\``,
    ],
  ])("that is bad is refused in Go's words: %.30s", (source, message) => {
    expect(attemptMessage(() => createMatcher("label", "=~", source))).toBe(message);
    expect(attemptMessage(() => createMatcher("label", "!~", source))).toBe(message);
  });

  it("may have groups of the same name", () => {
    const matcher = createMatcher("label", "=~", "(?P<n>a)[(?P<n>](?P<n>\\(?P<n>)");
    expect(matcher.matches("a?(P<n>")).toBe(true);
    expect(matcher.matches("ab(P<n>")).toBe(false);
  });

  it.each([
    ["alternatives", Array.from({ length: 65_536 }, (_, i) => `eth${i}`).join("|"), "eth65535"],
    ["a group of them", `(${"a|".repeat(10_000)}b)`, "b"],
    ["a long literal", "x".repeat(1_000_000), "x".repeat(1_000_000)],
  ])("of very many literals is not compiled: %s", (_, source, text) => {
    const matcher = createMatcher("label", "=~", source);
    expect(matcher.literals).toContain(text);
    expect([text, `${text}y`].map(matcher.matches)).toEqual([true, false]);
  });

  it.each([
    ["alternatives", "[a-c]|".repeat(20_000)],
    ["a text of a megabyte", `a+${"x".repeat(2 ** 20)}`],
    ["repetitions", "(x{10}){100}".repeat(30)],
    ["classes of Unicode", "\\pL".repeat(1_000)],
    ["alternatives before a letter", `(${"a|".repeat(20_000)}b)x`],
  ])("that would keep others waiting is refused: %s", (_, source) => {
    const message = `error parsing regexp: expression too large: \`${source}\``;
    expect(attemptMessage(() => createMatcher("label", "=~", source))).toBe(message);
  });

  it("takes time linear in the length of the value", () => {
    const matcher = createMatcher("label", "=~", "(a+)+$");
    expect(matcher.matches(`${"a".repeat(100_000)}b`)).toBe(false);
    expect(matcher.matches("a".repeat(100_000))).toBe(true);
  });
});

function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

function attemptMessage(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    if (error instanceof SyntaxError) return error.message;
  }
  return "no SyntaxError";
}
