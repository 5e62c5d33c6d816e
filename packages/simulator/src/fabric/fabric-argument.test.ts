import { YamlError } from "@linklight/toolkit";
import { describe, expect, it } from "vitest";
import { isPort } from "./fabric.ts";
import { fabricOf, parseFabricArgument } from "./fabric-argument.ts";
import { FabricError } from "./fabric-error.ts";

function missing(): string {
  throw Object.assign(new Error("no such file"), { code: "ENOENT" });
}

function linksOf(form: string): readonly string[] {
  const counts = new Map<string, number>();
  for (const { port, peer } of fabricOf(form).links) {
    if (!isPort(peer)) continue;
    const key = `${port.switch.name}-${peer.switch.name}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, count]) => `${key} ${count}`);
}

describe("parseFabricArgument", () => {
  it.each([
    ["leaf-48x25g-8x100g", "leaf1"],
    ["spine-32x100g", "spine1"],
    ["campus-48x1g-4x10g", "campus1"],
    ["pair", "pair1"],
  ])("takes the profile %s as one switch %s", (text, name) => {
    const { switches, links } = parseFabricArgument(text);
    expect(switches.map((each) => [each.name, each.profile.name])).toEqual([[name, text]]);
    expect(links).toEqual([]);
  });

  it.each([
    ["leaf-spine:1x1", ["leaf1-spine1 8"]],
    ["leaf-spine:2x2", ["leaf1-spine1 4", "leaf1-spine2 4", "leaf2-spine1 4", "leaf2-spine2 4"]],
    ["leaf-spine:2x3", ["leaf1", "leaf2"].flatMap((l) => [1, 2, 3].map((s) => `${l}-spine${s} 2`))],
    ["leaf-spine:5x1", [1, 2, 3, 4, 5].map((l) => `leaf${l}-spine1 6`)],
    ["leaf-spine:32x1", Array.from({ length: 32 }, (_, l) => `leaf${l + 1}-spine1 1`)],
  ])("links every leaf of %s to every spine, by as many uplinks as fit", (text, links) => {
    expect(linksOf(text)).toEqual(links);
  });

  it("takes a seed beside every form", () => {
    const file = "seed: 9\nswitches: [{name: a, profile: pair}]";
    const readFile = (): string => file;
    expect(parseFabricArgument("pair", { seed: 5 }).seed).toBe(5);
    expect(parseFabricArgument("leaf-spine:1x1", { seed: 5 }).seed).toBe(5);
    expect(parseFabricArgument("a.yml", { seed: 5, readFile }).seed).toBe(5);
    expect(parseFabricArgument("a.yml", { readFile }).seed).toBe(9);
  });

  it("names the file in what is wrong with it", () => {
    const readFile = (): string => "switches: 1";
    expect(() => parseFabricArgument("dir/a.yml", { readFile })).toThrow(
      new YamlError("dir/a.yml", [
        { line: 1, column: 11, message: "expected a list, found a number" },
      ]),
    );
  });

  const forms = "expected a fabric: PROFILE, leaf-spine:LEAVESxSPINES or a YAML file";
  const size = "expected leaf-spine:LEAVESxSPINES such as leaf-spine:4x2";
  const fit =
    "does not fit: at most 32 leaves, the ports of a spine-32x100g, and 8 spines, the uplinks of a leaf-48x25g-8x100g; write a YAML file for more";
  it.each([
    ["leaf-48x25-8x100g", `${forms}, found "leaf-48x25-8x100g"; did you mean leaf-48x25g-8x100g?`],
    ["campus", `${forms}, found "campus"; did you mean campus-48x1g-4x10g?`],
    ["32x100g", `${forms}, found "32x100g"; did you mean spine-32x100g?`],
    [
      "router",
      `${forms}, found "router"; profiles are leaf-48x25g-8x100g, spine-32x100g, campus-48x1g-4x10g, pair`,
    ],
    [
      "",
      `${forms}, found nothing; profiles are leaf-48x25g-8x100g, spine-32x100g, campus-48x1g-4x10g, pair`,
    ],
    ["racks/one", "cannot read the fabric file racks/one: there is no such file"],
    ["one.yaml", "cannot read the fabric file one.yaml: there is no such file"],
    ["leaf-spine:4", `${size}, found "leaf-spine:4"`],
    ["leaf-spine:0x1", `${size}, found "leaf-spine:0x1"`],
    ["leaf-spine:2x0", `${size}, found "leaf-spine:2x0"`],
    ["leaf-spine:-1x2", `${size}, found "leaf-spine:-1x2"`],
    ["leaf-spine:33x2", `leaf-spine:33x2 ${fit}`],
    ["leaf-spine:2x9", `leaf-spine:2x9 ${fit}`],
  ])("refuses %j", (text, message) => {
    expect(() => parseFabricArgument(text, { readFile: missing })).toThrow(
      new FabricError(message),
    );
  });

  it("says why a file cannot be read", () => {
    const message = "cannot read the fabric file /: it is a directory";
    expect(() => parseFabricArgument("/")).toThrow(new FabricError(message));
    expect(() => parseFabricArgument("/")).toThrow(
      expect.objectContaining({ code: "LINKLIGHT_FABRIC" }),
    );
  });

  it.each([-1, 0.5, 2 ** 32, Number.NaN])("throws for the seed %d", (seed) => {
    expect(() => parseFabricArgument("pair", { seed })).toThrow(
      new RangeError(`expected a seed from 0 to 4294967295, found ${seed}`),
    );
  });
});
