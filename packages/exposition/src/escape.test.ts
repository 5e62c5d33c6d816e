import { isLegacyMetricName } from "@linklight/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  escapeHelp,
  escapeLabelName,
  escapeMetricName,
  escapeName,
  escapeQuoted,
  unescapeName,
} from "./escape.ts";

describe("escapeName", () => {
  it.each([
    ["", "", "", ""],
    ["no_change:1", "no_change:1", "no__change:1", "no_change:1"],
    ["switch.port_rx", "switch_port_rx", "switch_dot_port__rx", "U__switch_2e_port__rx"],
    ["1st", "_st", "__st", "U___31_st"],
    ["a b", "a_b", "a__b", "U__a_20_b"],
    ["温度", "__", "____", "U___6e29__5ea6_"],
    ["fan🌀", "fan_", "fan__", "U__fan_1f300_"],
    ["lone\ud800", "lone_", "lone__", "U__lone_FFFD_"],
    ["a__b.c", "a__b_c", "a____b_dot_c", "U__a____b_2e_c"],
  ])("shows %j as %j, %j and %j", (name, underscores, dots, values) => {
    expect([
      escapeName(name, "underscores"),
      escapeName(name, "dots"),
      escapeName(name, "values"),
      escapeName(name, "allow-utf-8"),
    ]).toEqual([underscores, dots, values, name]);
  });

  it("makes legal metric names", () => {
    const name = fc.string({ unit: "grapheme", minLength: 1 });
    const scheme = fc.constantFrom("underscores" as const, "dots" as const, "values" as const);
    fc.assert(
      fc.property(name, scheme, (n, s) => isLegacyMetricName(escapeName(n, s))),
      { seed: 42 },
    );
  });
});

describe("escapeMetricName and escapeLabelName", () => {
  it("leave legal names alone under every scheme", () => {
    expect(escapeMetricName("job:up_total", "dots")).toBe("job:up_total");
    expect(escapeLabelName("if_index", "dots")).toBe("if_index");
  });

  it("escape a colon in a label name only", () => {
    expect(escapeLabelName("a:b", "underscores")).toBe("a_b");
    expect(escapeLabelName("a:b", "values")).toBe("U__a_3a_b");
  });
});

describe("unescapeName", () => {
  it("turns values back into any well-formed name", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        fc.pre(!name.startsWith("U__"));
        return unescapeName(escapeName(name, "values"), "values") === name;
      }),
      { seed: 42, numRuns: 1000 },
    );
  });

  it("turns dots back into names of letters, underscores and dots", () => {
    const name = fc.array(fc.constantFrom("a", "_", ".", "dot", "Z9"), { minLength: 1 });
    fc.assert(
      fc.property(name, (parts) => {
        const text = parts.join("");
        return unescapeName(escapeName(text, "dots"), "dots") === text;
      }),
      { seed: 42, numRuns: 1000 },
    );
  });

  it.each(["U__a_", "U__a_zz_", "U__a_2e", "U___110000_", "U___d800_", "U___0000000_", "a_2e_b"])(
    "leaves %j, which nothing escapes to, as it is",
    (text) => {
      expect(unescapeName(text, "values")).toBe(text);
    },
  );

  it("leaves names alone under the other schemes", () => {
    expect(unescapeName("U__a_2e_b", "underscores")).toBe("U__a_2e_b");
    expect(unescapeName("a__b", "allow-utf-8")).toBe("a__b");
  });
});

describe("label values and help texts", () => {
  it("are escaped as the formats ask", () => {
    const text = 'a "quote", a \\ and a\nline';
    expect(escapeQuoted(text)).toBe('a \\"quote\\", a \\\\ and a\\nline');
    expect(escapeHelp(text)).toBe('a "quote", a \\\\ and a\\nline');
    expect(escapeQuoted("plain")).toBe("plain");
  });
});
