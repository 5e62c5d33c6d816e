import { readFileSync } from "node:fs";
import { YamlError } from "@linklight/toolkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildFabric } from "../fabric/build-fabric.ts";
import { isPort } from "../fabric/fabric.ts";
import type { FabricSpec } from "../fabric/fabric-spec.ts";
import { parseFabricFile } from "./parse-fabric-file.ts";

const FIXTURE = readFileSync(new URL("testdata/two-racks.yml", import.meta.url), "utf8");

function problemsOf(text: string): readonly string[] {
  try {
    parseFabricFile(text, { file: "f.yml" });
    return [];
  } catch (err) {
    if (!(err instanceof YamlError)) throw err;
    return err.message.split("\n");
  }
}

/** Two leaves and a spine, in lines 1 to 4; more follows in line 5. */
function withThree(rest: string): string {
  return `switches:
  - {name: leaf1, profile: leaf-48x25g-8x100g}
  - {name: leaf2, profile: leaf-48x25g-8x100g}
  - {name: spine1, profile: spine-32x100g}
${rest}`;
}

describe("parseFabricFile", () => {
  it("reads every field of a file", () => {
    const spec = parseFabricFile(FIXTURE, { file: "two-racks.yml" });
    const place = (index: number, port: number) => ({ switch: index, port });
    expect({ ...spec, switches: spec.switches.map((each) => each.name) }).toEqual({
      seed: 7,
      epoch: Date.UTC(2026, 0, 5) / 1000,
      slotSeconds: 16,
      switches: ["leaf1", "leaf2", "spine1", "spine2"],
      links: [
        { a: place(0, 48), b: place(2, 0) },
        { a: place(0, 49), b: place(3, 0) },
        { a: place(1, 48), b: place(2, 1) },
        { a: place(1, 49), b: place(3, 1) },
      ],
      stations: [
        { at: place(0, 0), kind: "storage", name: "db-1", load: 0.12 },
        { at: place(1, 0), kind: "host", name: "web-1", load: undefined },
      ],
    });
    expect(spec.switches[0]?.aliases).toEqual(new Map([[0, "critical payments db"]]));
    expect(spec.switches.map(({ isFilled }) => isFilled)).toEqual([true, true, false, false]);
  });

  it("gives a fabric whose unlisted ports get hosts, or stay free", () => {
    const { switches } = buildFabric(parseFabricFile(FIXTURE, { file: "two-racks.yml" }));
    const [leaf1, leaf2, spine1] = switches;
    expect(leaf1?.ports[0]?.alias).toBe("critical payments db");
    expect(leaf1?.ports[0]?.link?.peer).toEqual({ kind: "storage", name: "db-1", load: 0.12 });
    expect(leaf2?.ports[0]?.alias).toBe("web-1 eth0");
    expect(leaf1?.ports[48]?.alias).toBe("uplink to spine1 Ethernet1/1");
    expect(leaf1?.ports[50]?.link).toBeUndefined();
    expect(leaf1?.ports.filter(({ link }) => link !== undefined).length).toBeGreaterThan(40);
    expect(spine1?.ports.filter(({ link }) => link !== undefined).map((p) => p.alias)).toEqual([
      "leaf1 Ethernet1/49",
      "leaf2 Ethernet1/49",
    ]);
  });

  it("lets the seed of the command line go before that of the file", () => {
    expect(parseFabricFile(FIXTURE, { file: "f.yml", seed: 8 }).seed).toBe(8);
  });

  it("has defaults for all but the switches", () => {
    const spec = parseFabricFile("switches: [{name: a, profile: pair}]", { file: "f.yml" });
    expect([spec.seed, spec.epoch, spec.slotSeconds]).toEqual([1, 1_767_571_200, 16]);
  });

  it("tells every problem at once, in the order of the file", () => {
    const text = `sed: 7
epoch: 2026-01-06
slot: 15s
switches:
  - name: leaf1
    profile: leaf-48x25g-8x100
    ports:
      Ethernet1/99: never looked at, since the profile is unknown
  - name: leaf2
    profile: leaf-48x25g-8x100g
    ports:
      Eth1/3: three
      Ethernet1/99: none
      Ethernet1/4: 4
  - name: leaf2
    profile: pair
  - name: spine1
    profile: spine-32x100g
links:
  - leaf2:Ethernet1/49 -- spine1:Ethernet1/1
  - leaf2:Ethernet1/49 -- spine1:Ethernet1/2
  - leaf2:Ethernet1/50 -- spin1:Ethernet1/3
  - leaf2:Ethernet1/51 -- spine1:Ethernet1/33
  - leaf2:Ethernet1/1 -- spine1:Ethernet1/4
  - leaf2:Ethernet1/52 -- leaf2:Ethernet1/53
  - leaf2:Ethernet1/54
  - leaf1:Ethernet1/1 -- leaf2:Ethernet1/2
  - leaf2: Ethernet1/55 -- spine1:Ethernet1/5
hosts:
  - name: db-1
    port: leaf2:Ethernet1/49
  - name: db-2
    port: leaf2
    load: 0.9
  - port: leaf2:Ethernet1/5
    kind: storag
`;
    expect(problemsOf(text)).toEqual([
      "f.yml:1:1: field sed not found; did you mean seed?",
      'f.yml:2:8: expected a Monday, 00:00 UTC, such as 2026-01-05, found "2026-01-06"',
      'f.yml:3:7: expected a power of two from 1s to 1024s, such as 16s, found "15s"',
      'f.yml:6:14: expected one of leaf-48x25g-8x100g, spine-32x100g, campus-48x1g-4x10g, pair, found "leaf-48x25g-8x100"; did you mean leaf-48x25g-8x100g?',
      "f.yml:12:7: leaf-48x25g-8x100g has no port Eth1/3; did you mean Ethernet1/3?",
      "f.yml:13:7: leaf-48x25g-8x100g has no port Ethernet1/99; did you mean Ethernet1/9? Its ports are Ethernet1/1 to Ethernet1/56",
      "f.yml:14:20: expected a string, found the number 4",
      "f.yml:15:11: switch leaf2 is already declared at line 9; give it another name",
      "f.yml:21:5: leaf2:Ethernet1/49 is already used at line 20; a port takes one link",
      "f.yml:22:5: spin1:Ethernet1/3 is nowhere: no switch is named spin1; did you mean spine1?",
      "f.yml:23:5: spine1:Ethernet1/33 is nowhere: spine-32x100g has no port Ethernet1/33; did you mean Ethernet1/3? Its ports are Ethernet1/1 to Ethernet1/32",
      "f.yml:24:5: both ends of a link need the same speed: leaf2:Ethernet1/1 has 25G, spine1:Ethernet1/4 has 100G",
      "f.yml:25:5: expected a link between two switches, found both ends on leaf2",
      'f.yml:26:5: expected a link such as leaf1:Ethernet1/49 -- spine1:Ethernet1/1, found "leaf2:Ethernet1/54"',
      "f.yml:28:5: expected a link such as leaf1:Ethernet1/49 -- spine1:Ethernet1/1, found a mapping",
      "f.yml:31:11: leaf2:Ethernet1/49 is already used at line 20; a port takes one link",
      'f.yml:33:11: expected a port such as leaf1:Ethernet1/7, found "leaf2"',
      "f.yml:34:11: expected a load from 0 to 0.5, as a share of the line rate, found the number 0.9",
      "f.yml:35:5: field name is missing",
      'f.yml:36:11: expected one of host, storage, core, found "storag"; did you mean storage?',
    ]);
  });

  it.each([
    ["", ["f.yml:1:1: field switches is missing"]],
    [
      "switches: [{name: a, profile: pair}]\nlinks: [a:Ethernet1/1 -- elsewhere:Ethernet1/2]",
      [
        "f.yml:2:9: elsewhere:Ethernet1/2 is nowhere: no switch is named elsewhere; the switches are a",
      ],
    ],
    ["- a", ["f.yml:1:1: expected a mapping, found a list"]],
    ["switches: []", ["f.yml:1:11: expected at least one switch, found a list"]],
    [
      "switches: [{name: a b, profile: pair}]",
      [
        'f.yml:1:19: expected a name of letters, digits, dots, dashes and underscores, such as leaf1 or leaf[1-40], found "a b"',
      ],
    ],
    [
      'switches: [{name: "a[3-1]", profile: pair}]',
      ["f.yml:1:19: expected a range that goes up, such as a[1-3]"],
    ],
    [
      'switches: [{name: "a[1-99999]", profile: pair}]',
      ["f.yml:1:19: expected at most 10000 switches, found 99999 here"],
    ],
    [
      "seed: -1\nswitches: [{name: a, profile: pair}]",
      ["f.yml:1:7: expected a seed from 0 to 4294967295, found the number -1"],
    ],
    [
      "seed: 4294967296\nswitches: [{name: a, profile: pair}]",
      ["f.yml:1:7: expected a seed from 0 to 4294967295, found the number 4294967296"],
    ],
    [
      "slot: fast\nepoch: 5\nswitches: [{name: a, profile: pair, unlisted: fre}]",
      [
        'f.yml:1:7: expected a power of two from 1s to 1024s, such as 16s, found "fast"',
        "f.yml:2:8: expected a Monday, 00:00 UTC, such as 2026-01-05, found the number 5",
        'f.yml:3:47: expected one of hosts, free, found "fre"; did you mean free?',
      ],
    ],
    [
      "switches: [{name: a, profile: pair}",
      ["f.yml:1:36: not valid YAML: the indentation does not fit what is around it"],
    ],
  ])("refuses %j", (text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  it("refuses links around which traffic would go without end, at one of them", () => {
    const text = `switches:
  - {name: leaf1, profile: leaf-48x25g-8x100g, unlisted: free}
  - {name: leaf2, profile: leaf-48x25g-8x100g, unlisted: free}
  - {name: "spine[1-2]", profile: spine-32x100g}
links:
  - leaf1:Ethernet1/49 -- spine1:Ethernet1/1
  - leaf1:Ethernet1/50 -- spine2:Ethernet1/1
  - leaf2:Ethernet1/49 -- spine1:Ethernet1/2
  - leaf2:Ethernet1/50 -- spine2:Ethernet1/2
`;
    expect(problemsOf(text)).toEqual([
      "f.yml:6:5: traffic would go round without end: spine1 → leaf1 → spine1; take out a link, or give hosts to a leaf that has none",
    ]);
    expect(problemsOf(text.replaceAll(", unlisted: free", ""))).toEqual([]);
  });

  it.each([
    ["leaf1:Ethernet1/1 -- leaf2:Ethernet1/1", ["leaf2 → leaf1 → leaf2"]],
    ["leaf1:Ethernet1/49 -- leaf2:Ethernet1/49", []],
    ["leaf1:Ethernet1/49 -- spine1:Ethernet1/1, leaf1:Ethernet1/50 -- spine1:Ethernet1/2", []],
    ["spine1:Ethernet1/1 -- spine2:Ethernet1/1", ["spine2 → spine1 → spine2"]],
  ])("knows whether traffic goes round through %s", (links, loops) => {
    const text = withThree(`  - {name: spine2, profile: spine-32x100g}\nlinks: [${links}]`);
    expect(problemsOf(text)).toEqual(
      loops.map(
        (loop) =>
          `f.yml:6:9: traffic would go round without end: ${loop}; take out a link, or give hosts to a leaf that has none`,
      ),
    );
  });

  it("makes a switch for each number of a range", () => {
    const text = "switches: [{name: 'edge[98-101]', profile: campus-48x1g-4x10g}]";
    const spec = parseFabricFile(text, { file: "f.yml" });
    expect(spec.switches.map(({ name }) => name)).toEqual([
      "edge98",
      "edge99",
      "edge100",
      "edge101",
    ]);
  });

  it("reads back what it is written from", () => {
    const links = fc.uniqueArray(fc.tuple(fc.nat(7), fc.nat(3), fc.nat(31)), {
      selector: ([uplink]) => uplink,
      maxLength: 8,
    });
    const property = fc.property(links, fc.integer({ min: 0, max: 2 ** 32 - 1 }), (drawn, seed) => {
      // Each uplink once, and each port of a spine once.
      const seen = new Set<string>();
      const some = drawn.filter(([, spine, port]) => {
        const key = `${spine} ${port}`;
        return seen.has(key) ? false : seen.add(key);
      });
      const lines = some.map(
        ([uplink, spine, port]) =>
          `  - leaf1:Ethernet1/${49 + uplink} -- spine${spine + 1}:Ethernet1/${port + 1}`,
      );
      const text = `seed: ${seed}
switches:
  - {name: leaf1, profile: leaf-48x25g-8x100g}
  - {name: "spine[1-4]", profile: spine-32x100g}
links: ${lines.length === 0 ? "[]" : `\n${lines.join("\n")}`}
`;
      const spec: FabricSpec = parseFabricFile(text, { file: "f.yml" });
      expect(spec.seed).toBe(seed);
      expect(spec.links).toEqual(
        some.map(([uplink, spine, port]) => ({
          a: { switch: 0, port: 48 + uplink },
          b: { switch: 1 + spine, port },
        })),
      );
      const between = buildFabric(spec).links.filter(({ peer }) => isPort(peer));
      expect(between.length).toBe(some.length);
    });
    fc.assert(property, { seed: 42, numRuns: 50 });
  });

  it("ends with a list of problems, whatever the entries are", () => {
    const value = fc.oneof(
      fc.constantFrom("leaf1:Ethernet1/49 -- spine1:Ethernet1/1", "leaf1", "a[1-2]", "pair", "x:y"),
      fc.jsonValue(),
    );
    const entry = fc.dictionary(
      fc.constantFrom("name", "profile", "ports", "unlisted", "port", "kind", "load"),
      value,
    );
    const file = fc.record({
      switches: fc.oneof(fc.array(fc.oneof(entry, value), { maxLength: 4 }), value),
      links: fc.oneof(fc.array(value, { maxLength: 4 }), value),
      hosts: fc.oneof(fc.array(fc.oneof(entry, value), { maxLength: 4 }), value),
      seed: value,
    });
    const property = fc.property(file, (data) => {
      problemsOf(JSON.stringify(data));
    });
    fc.assert(property, { seed: 42, numRuns: 300 });
  });
});
