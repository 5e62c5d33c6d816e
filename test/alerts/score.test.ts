import { fabricOf, type Incident } from "@linklight/simulator";
import { describe, expect, it } from "vitest";
import type { Meaning } from "./meanings.ts";
import { type FiredAlert, score } from "./score.ts";

const fabric = fabricOf("leaf-spine:2x1");
const HOUR = 3600;

const incident: Incident = {
  id: "scenario-1",
  type: "fan-failure",
  switch: "leaf1",
  start: 10 * HOUR,
  duration: HOUR,
  parameters: { fan: 1 },
  origin: "scenario",
};

const meaning: Meaning = {
  family: "switch_fan_up",
  meantFor: { "fan-failure": (_fabric, { switch: instance }) => [{ instance }] },
  rightIn: [],
};

function fired(instance: string, hours: number): FiredAlert {
  const from = fabric.epoch + hours * HOUR;
  return { labels: { instance, fan: "1" }, from, to: from + 600 };
}

describe("the score of an alert", () => {
  it.each([
    [
      "caught, and how late",
      [fired("leaf1", 10.05)],
      { right: 1, wrong: 0, caught: 1, delays: [180] },
    ],
    ["missed", [], { right: 0, wrong: 0, caught: 0, delays: [] }],
    ["wrong before it", [fired("leaf1", 9.9)], { right: 0, wrong: 1, caught: 0, delays: [] }],
    ["wrong long after it", [fired("leaf1", 11.5)], { right: 0, wrong: 1, caught: 0, delays: [] }],
    [
      "wrong at another switch",
      [fired("leaf2", 10.1)],
      { right: 0, wrong: 1, caught: 0, delays: [] },
    ],
    [
      "caught by the first of two",
      [fired("leaf1", 10.5), fired("leaf1", 10.1)],
      { right: 2, wrong: 0, caught: 1, delays: [360] },
    ],
  ])("says that an incident was %s", (_what, alerts, expected) => {
    const { right, wrong, recalls } = score("FanFailed", meaning, alerts, {
      fabric,
      incidents: [incident],
    });
    const [recall] = recalls;
    expect({ right, wrong: wrong.length, caught: recall?.caught, delays: recall?.delays }).toEqual(
      expected,
    );
    expect(recall?.missed.length).toBe(1 - expected.caught);
  });

  it("counts everything as wrong in a calm week", () => {
    const truth = { fabric, incidents: [] };
    expect(score("FanFailed", meaning, [fired("leaf1", 10)], truth)).toMatchObject({
      fired: 1,
      right: 0,
    });
  });

  it("counts the delay of what is known at the end from there", () => {
    const late = { ...meaning, isKnownAtEnd: true };
    const { recalls } = score("FanFailed", late, [fired("leaf1", 11.05)], {
      fabric,
      incidents: [incident],
    });
    expect(recalls[0]?.delays).toEqual([180]);
  });
});
