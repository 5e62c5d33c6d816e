import { describe, expect, it } from "vitest";
import { fabricOf } from "../fabric/fabric-argument.ts";
import { type IncidentRequest, resolveIncident } from "./incident-request.ts";

const pair = fabricOf("leaf-spine:1x1");
const leaf = fabricOf("leaf-48x25g-8x100g");
const name = leaf.switches[0]?.name ?? "";
const free = leaf.switches[0]?.ports.find(({ link }) => link === undefined)?.profile.name ?? "";
const uplink = "Ethernet1/49";

function resolve(request: IncidentRequest, fabric = leaf) {
  const problems: string[] = [];
  const resolved = resolveIncident(fabric, request, (field, message) =>
    problems.push(`${field.join(".")}: ${message}`),
  );
  return { resolved, problems };
}

describe("resolveIncident", () => {
  it("completes what was left out: the only switch, a port that suits, defaults", () => {
    expect(resolve({ type: "flap-train" })).toEqual({
      resolved: {
        type: "flap-train",
        switch: name,
        port: uplink,
        duration: 600,
        parameters: { period: 60, down: 15 },
      },
      problems: [],
    });
  });

  it.each<[IncidentRequest, object]>([
    [{ type: "link-down", port: 50 }, { port: "Ethernet1/50" }],
    [{ type: "link-down", port: "50" }, { port: "Ethernet1/50" }],
    [{ type: "link-down", duration: "1h30m" }, { duration: 5400 }],
    [
      { type: "flap-train", parameters: { period: "2m" } },
      { parameters: { period: 120, down: 15 } },
    ],
    [{ type: "dirty-optic", parameters: { loss: "2.5" } }, { parameters: { loss: 2.5 } }],
    [{ type: "dirty-optic", parameters: { loss: 1e1 } }, { parameters: { loss: 10 } }],
  ])("takes %j", (request, expected) => {
    const { resolved, problems } = resolve(request);
    expect(problems).toEqual([]);
    expect(resolved).toMatchObject(expected);
  });

  it("leaves the duration out for an incident that goes on forever", () => {
    expect(resolve({ type: "psu-loss", duration: "forever" }).resolved).toEqual({
      type: "psu-loss",
      switch: name,
      parameters: { psu: 1 },
    });
  });

  it.each<[IncidentRequest, string]>([
    [{ type: "link-dwn" }, 'type: unknown incident "link-dwn"; did you mean link-down?'],
    [
      { type: "link-down", switch: `${name}x` },
      `switch: unknown switch "${name}x"; did you mean ${name}?`,
    ],
    [
      { type: "link-down", port: "Ethernet1/490" },
      `port: unknown port "Ethernet1/490" on ${name}; did you mean Ethernet1/40? Its ports are Ethernet1/1 to Ethernet1/56`,
    ],
    [
      { type: "fan-failure", port: uplink },
      "port: fan-failure happens to a whole switch; leave out the port",
    ],
    [
      { type: "incast", port: uplink },
      `port: incast cannot happen here: port ${uplink} is an uplink; take an access port`,
    ],
    [
      { type: "ecmp-polarisation", port: 1 },
      "port: ecmp-polarisation cannot happen here: port Ethernet1/1 is not an uplink; take one",
    ],
    [
      { type: "link-down", duration: "5 minutes" },
      'duration: expected a duration such as 30s, 5m or 1h30m, found "5 minutes"',
    ],
    [
      { type: "link-down", duration: "100ms" },
      "duration: expected a duration of 1s to 1y, or forever, found 100ms",
    ],
    [{ type: "reboot", duration: "forever" }, "duration: reboot needs an end, such as 3m"],
    [
      { type: "dirty-optic", parameters: { lost: 3 } },
      'parameters.lost: unknown parameter "lost"; did you mean loss?',
    ],
    [
      { type: "link-down", parameters: { loss: 3 } },
      'parameters.loss: link-down has no parameters, found "loss"',
    ],
    [
      { type: "dirty-optic", parameters: { loss: 300 } },
      "parameters.loss: expected 0.1 dB to 30 dB for loss, found 300",
    ],
    [
      { type: "dirty-optic", parameters: { loss: "much" } },
      'parameters.loss: expected a number (dB) for loss, found "much"',
    ],
    [
      { type: "dirty-optic", parameters: { loss: Number.NaN } },
      "parameters.loss: expected 0.1 dB to 30 dB for loss, found NaN",
    ],
    [
      { type: "fan-failure", parameters: { fan: 7 } },
      "parameters.fan: expected a whole number from 1 to 6 for fan, found 7",
    ],
    [
      { type: "fan-failure", parameters: { fan: 1.5 } },
      "parameters.fan: expected a whole number from 1 to 6 for fan, found 1.5",
    ],
    [
      { type: "flap-train", parameters: { period: "2 m" } },
      'parameters.period: expected a duration such as 30s, 5m or 1h30m for period, found "2 m"',
    ],
    [
      { type: "flap-train", parameters: { period: 1 } },
      "parameters.period: expected 10s to 1h for period, found 1",
    ],
  ])("refuses %j", (request, problem) => {
    expect(resolve(request)).toEqual({ resolved: undefined, problems: [problem] });
  });

  it("names ports that have a link when one has none", () => {
    const { problems } = resolve({ type: "link-down", port: free });
    expect(problems).toEqual([
      expect.stringMatching(
        new RegExp(`^port: port ${free} of ${name} has no link; ports with one: Ethernet1/\\d+, `),
      ),
    ]);
  });

  it("asks for the switch where there are several", () => {
    expect(resolve({ type: "reboot" }, pair).problems).toEqual([
      `switch: field switch is missing; known: ${pair.switches.map((each) => each.name).join(", ")}`,
    ]);
  });

  it("tells every problem at once", () => {
    const { problems } = resolve({
      type: "dirty-optic",
      port: free,
      duration: "soon",
      parameters: { lost: 3, loss: -1 },
    });
    expect(problems.map((problem) => problem.split(":")[0])).toEqual([
      "port",
      "duration",
      "parameters.lost",
      "parameters.loss",
    ]);
  });

  it("tells of a wrong switch beside a wrong incident", () => {
    expect(resolve({ type: "nonsense-of-mine", switch: "x" }).problems).toEqual([
      expect.stringMatching(
        /^type: unknown incident "nonsense-of-mine"; known: link-down, flap-train, /,
      ),
      `switch: unknown switch "x"; known: ${name}`,
    ]);
  });
});
