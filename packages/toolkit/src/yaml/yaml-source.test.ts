import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { closest } from "./closest.ts";
import { secretString } from "./schema-walk.ts";
import { YamlError } from "./yaml-error.ts";
import { decodeYaml, YamlSource } from "./yaml-source.ts";

const schema = v.strictObject({
  scrape_interval: v.optional(v.string(), "15s"),
  retries: v.optional(v.pipe(v.number(), v.integer("expected a whole number"))),
  mode: v.optional(v.picklist(["fast", "slow"])),
  enabled: v.optional(v.boolean()),
  jobs: v.optional(v.array(v.strictObject({ name: v.string(), port: v.optional(v.number()) }))),
  users: v.optional(v.record(v.string(), secretString())),
});

function problemsOf(text: string): readonly string[] {
  try {
    decodeYaml(text, schema, { file: "a.yml" });
    return [];
  } catch (err) {
    if (!(err instanceof YamlError)) throw err;
    return err.message.split("\n");
  }
}

describe("decodeYaml", () => {
  it("gives the decoded value, with the schema's defaults", () => {
    const text = "retries: 3\njobs:\n  - name: a\n  - {name: b, port: 80}\nusers: {x: y}\n";
    expect(decodeYaml(text, schema, { file: "a.yml" })).toEqual({
      scrape_interval: "15s",
      retries: 3,
      jobs: [{ name: "a" }, { name: "b", port: 80 }],
      users: { x: "y" },
    });
  });

  it.each(["", "# only a comment\n", "---\n", "scrape_interval:\njobs: ~\n"])(
    "takes what is empty in %j as absent",
    (text) => {
      expect(decodeYaml(text, schema, { file: "a.yml" })).toEqual({ scrape_interval: "15s" });
    },
  );

  it("reads anchors, aliases and merge keys", () => {
    const text = "jobs:\n  - &a {name: x, port: 1}\n  - <<: *a\n    name: y\n  - *a\n";
    expect(decodeYaml(text, schema, { file: "a.yml" }).jobs).toEqual([
      { name: "x", port: 1 },
      { name: "y", port: 1 },
      { name: "x", port: 1 },
    ]);
  });

  it("reports every problem, in the order of the file", () => {
    const text = `scrape_intervall: 5s
retries: many
mode: fats
enabled: yes please
jobs:
  - port: http
    nam: x
  - a
nonsense_of_mine: 1
`;
    expect(problemsOf(text)).toEqual([
      "a.yml:1:1: field scrape_intervall not found; did you mean scrape_interval?",
      'a.yml:2:10: expected a number, found "many"',
      'a.yml:3:7: expected one of fast, slow, found "fats"; did you mean fast?',
      'a.yml:4:10: expected true or false, found "yes please"',
      "a.yml:6:5: field name is missing",
      'a.yml:6:11: expected a number, found "http"',
      "a.yml:7:5: field nam not found; did you mean name?",
      "a.yml:8:5: expected a mapping, found a string",
      "a.yml:9:1: field nonsense_of_mine not found; known here: scrape_interval, retries, mode, enabled, jobs, users",
    ]);
  });

  it.each([
    ["a: 1\nb: [\n", "a.yml:3:1: not valid YAML: "],
    ["\tretries: 1", "a.yml:1:1: not valid YAML: a tab cannot indent; use spaces"],
    ["mode: a: b", "a.yml:1:7: not valid YAML: a second mapping begins on this line"],
    ["mode: @x", "a.yml:1:7: not valid YAML: a value cannot start with this character"],
    ['mode: "\\q"', "a.yml:1:8: not valid YAML: unknown escape in a double-quoted string"],
    ["mode: !x y", "a.yml:1:7: not valid YAML: this tag is not known"],
    ["mode: fast\n---\nmode: slow\n", "a.yml:2:1: not valid YAML: a second document begins here"],
    ["mode: fast\nmode: slow\n", 'a.yml:2:1: key "mode" already set at line 1; keep one'],
    ["mode: *fast", 'a.yml:1:7: unknown anchor "fast"'],
    ["[a]: 1", "a.yml:1:1: a key must be a single word or a quoted string"],
    ["- mode", "a.yml:1:1: expected a mapping, found a list"],
    ["just words", "a.yml:1:1: expected a mapping, found a string"],
    ["retries: 1.5", "a.yml:1:10: expected a whole number, found the number 1.5"],
    ["jobs:\n- ~", "a.yml:2:3: expected a mapping, found nothing"],
  ])("says of %j: %s", (text, message) => {
    expect(problemsOf(text)[0]?.slice(0, message.length)).toBe(message);
  });

  it.each([
    "users: {x: [hunter2]}",
    "users: hunter2",
    "users:\n  x: {hunter2: 1}",
    "users:\n  - hunter2",
    'users: {x: "hunter2',
    "users:\n  x: @hunter2",
    "users: {x: hunter2} }",
    "users: {x: !hunter2 hunter2}",
    "hunter2",
    "users:\n  x: 1\nretries: {a: hunter2}",
  ])("never shows the secret in %j", (text) => {
    const problems = problemsOf(text);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.join()).not.toContain("hunter2");
  });

  it("refuses a document that grows without bound", () => {
    const laughs = [..."bcdefghi"].map((name, i) => {
      const previous = "abcdefgh"[i];
      return `${name}: &${name} [${Array(9).fill(`*${previous}`).join(",")}]`;
    });
    expect(problemsOf(`a: &a [x,x,x,x,x,x,x,x,x]\n${laughs.join("\n")}\n`)).toEqual([
      "a.yml:1:1: too many aliases: they would grow into an enormous document",
    ]);
  });

  it.each([
    ["flow lists", "[".repeat(100_000), "a.yml:1:100: "],
    ["flow mappings", `mode: ${"{a: ".repeat(100_000)}`, "a.yml:1:"],
    ["lists on one line", "- ".repeat(100_000), "a.yml:1:"],
    [
      "indentation",
      Array.from({ length: 2000 }, (_, i) => `${" ".repeat(i)}a:`).join("\n"),
      "a.yml:101:101: ",
    ],
  ])("refuses %s nested too deeply", (_, text, place) => {
    expect(problemsOf(text)[0]?.startsWith(place)).toBe(true);
    expect(problemsOf(text)[0]).toMatch(
      /nested too deeply: more than 100 collections in each other$/,
    );
  });

  it("takes brackets in strings and long lists of lists for what they are", () => {
    const text = `mode: fast\n# ${"[".repeat(200)}\nscrape_interval: "${"[".repeat(200)}"\njobs:\n${"- name: x\n".repeat(500)}`;
    expect(problemsOf(text)).toEqual([]);
  });

  it("finds a duplicate among many keys", () => {
    const users = Array.from({ length: 20_000 }, (_, i) => `  u${i}: x\n`).join("");
    expect(problemsOf(`users:\n${users}  u7: y\n`)).toEqual([
      'a.yml:20002:3: key "u7" already set at line 9; keep one',
    ]);
  });

  it("does not let a key named __proto__ or constructor slip through", () => {
    expect(problemsOf("__proto__: {mode: x}\nusers: {constructor: x}")).toEqual([
      "a.yml:1:1: field __proto__ not found; known here: scrape_interval, retries, mode, enabled, jobs, users",
      "a.yml:2:9: key constructor is reserved; choose another name",
    ]);
  });

  it("answers any text with a value or a YamlError", () => {
    const property = fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      problemsOf(text);
    });
    fc.assert(property, { seed: 42, numRuns: 500 });
  });

  it("reads back what a writer of YAML writes", () => {
    const any = v.record(v.string(), v.any());
    const key = fc.string().filter((text) => !["__proto__", "constructor"].includes(text));
    const value = fc.dictionary(key, fc.jsonValue({ maxDepth: 4 }));
    const property = fc.property(value, (data) => {
      const plain = JSON.parse(JSON.stringify(data)) as unknown;
      expect(decodeYaml(stringify(plain), any, { file: "a.yml" })).toEqual(plain);
    });
    fc.assert(property, { seed: 42 });
  });
});

describe("YamlSource", () => {
  it("names the place of a value, of a key, and of the nearest thing there is", () => {
    const text = "jobs:\n  - &a\n    name: x\n  - *a\n";
    const source = YamlSource.parse(text, { file: "a.yml" });
    const message = "m";
    expect(source.problem(["jobs", 0, "name"], message)).toEqual({ line: 3, column: 11, message });
    expect(source.keyProblem(["jobs", 0, "name"], message)).toEqual({
      line: 3,
      column: 5,
      message,
    });
    expect(source.problem(["jobs", 1, "name"], message)).toEqual({ line: 3, column: 11, message });
    expect(source.problem(["jobs", 0, "gone", "x"], message)).toEqual({
      line: 3,
      column: 5,
      message,
    });
  });
});

describe("closest", () => {
  it.each([
    ["scrape_intervall", "scrape_interval"],
    ["Mode", "mode"],
    ["mdoe", "mode"],
    ["xyz", undefined],
    ["x".repeat(5000), undefined],
  ])("of %j is %j", (word, near) => {
    expect(closest(word, ["scrape_interval", "mode"])).toBe(near);
  });
});
