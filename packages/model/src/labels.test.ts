import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Labels } from "./labels.ts";

const name = fc.constantFrom("a", "b", "c", "__name__", "le", "é", "\uffff", "😀");
const value = fc.oneof(
  fc.constantFrom("", "1", "2", "1:2", "a", "\uffff", "😀"),
  fc.string({ maxLength: 3 }),
);
const pairs = fc.uniqueArray(fc.tuple(name, value), { selector: ([n]) => n, maxLength: 5 });
const labels = pairs.map((list) => Labels.from(list));

const RUNS = { seed: 42, numRuns: 1000 };

describe("Labels", () => {
  it("takes records, pairs, maps and itself, and sorts by UTF-8 bytes", () => {
    const expected = [
      ["a", "1"],
      ["b", "2"],
      ["\uffff", "3"],
      ["😀", "4"],
    ];
    const given = { "😀": "4", b: "2", "\uffff": "3", a: "1" };
    const fromRecord = Labels.from(given);
    expect([
      [...fromRecord],
      [...Labels.from(Object.entries(given))],
      [...Labels.from(new Map(Object.entries(given)))],
      Labels.from(fromRecord) === fromRecord,
    ]).toEqual([expected, expected, expected, true]);
  });

  it("leaves out empty values, which are the same as no label", () => {
    expect([Labels.from({ a: "" }), Labels.from({ a: "", b: "1" }).toJSON()]).toEqual([
      Labels.EMPTY,
      { b: "1" },
    ]);
  });

  it.each([
    [{ port: 1 }, "number"],
    [{ port: undefined }, "undefined"],
    [[["port", null]], "object"],
  ])("refuses a value that is no text: %j", (given, got) => {
    expect(() => Labels.from(given as unknown as Record<string, string>)).toThrow(
      new TypeError(`label "port" must have a text as value, got ${got}`),
    );
  });

  it("refuses a name that occurs twice, empty value or not", () => {
    const twice = (v: string) => () =>
      Labels.from([
        ["a", "1"],
        ["a", v],
      ]);
    expect(twice("2")).toThrow(new TypeError('label name "a" occurs twice in a label set'));
    expect(twice("")).toThrow(TypeError);
  });

  it("looks up by name and by position", () => {
    const set = Labels.from({ b: "2", a: "1" });
    expect([
      set.size,
      set.get("b"),
      set.get("x"),
      set.has("a"),
      set.has("x"),
      set.nameAt(1),
      set.valueAt(0),
    ]).toEqual([2, "2", "", true, false, "b", "1"]);
  });

  it("does not depend on the order of what it is made from", () => {
    fc.assert(
      fc.property(pairs, (list) => {
        expect(Labels.from(list.toReversed()).equals(Labels.from(list))).toBe(true);
      }),
      RUNS,
    );
  });

  it("has the same key exactly for equal sets", () => {
    fc.assert(
      fc.property(labels, labels, (a, b) => {
        const same = JSON.stringify([...a]) === JSON.stringify([...b]);
        expect([a.key === b.key, a.equals(b), a.compare(b) === 0]).toEqual([same, same, same]);
      }),
      RUNS,
    );
  });

  it("orders series as Prometheus does: name by name, value by value, in bytes", () => {
    const bytesOf = (set: Labels): Buffer =>
      Buffer.from(
        [...set]
          .flat()
          .map((part) => `${part}\0`)
          .join(""),
      );
    const noNul = labels.filter((set) => !JSON.stringify([...set]).includes("\\u0000"));
    fc.assert(
      fc.property(noNul, noNul, (a, b) => {
        expect(Math.sign(a.compare(b))).toBe(Buffer.compare(bytesOf(a), bytesOf(b)));
      }),
      RUNS,
    );
  });

  it("sets, removes, keeps and merges as maps do", () => {
    fc.assert(
      fc.property(labels, labels, name, value, (a, b, n, v) => {
        const map = new Map(a);
        map.set(n, v);
        expect(a.with(n, v).equals(Labels.from(map))).toBe(true);
        map.delete(n);
        expect(a.without(n).equals(Labels.from(map))).toBe(true);
        expect(a.keep(n).equals(Labels.from({ [n]: a.get(n) }))).toBe(true);
        expect(a.without(n).merge(a.keep(n)).equals(a)).toBe(true);
        expect(a.merge(b).equals(Labels.from(new Map([...a, ...b])))).toBe(true);
        expect(a.merge(Labels.EMPTY).equals(a) && Labels.EMPTY.merge(a).equals(a)).toBe(true);
      }),
      RUNS,
    );
  });

  it("is made from sorted pairs without looking at them", () => {
    expect(
      Labels.fromSortedPairs(["a", "1", "b", "2"]).equals(Labels.from({ a: "1", b: "2" })),
    ).toBe(true);
    expect(Labels.fromSortedPairs([])).toBe(Labels.EMPTY);
  });

  it.each<[Record<string, string>, string]>([
    [{}, "{}"],
    [{ __name__: "up" }, "up"],
    [{ __name__: "a:b", b: 'x"\\\n', a: "1" }, 'a:b{a="1", b="x\\"\\\\\\n"}'],
    [{ a: "1" }, '{a="1"}'],
    [{ __name__: "a.b", "c.d": "1" }, '{"a.b", "c.d"="1"}'],
  ])("prints %j as %s", (record, expected) => {
    expect(String(Labels.from(record))).toBe(expected);
  });

  it("becomes a plain record in JSON", () => {
    expect(JSON.stringify(Labels.from({ b: "2", a: "1" }))).toBe('{"a":"1","b":"2"}');
  });
});
