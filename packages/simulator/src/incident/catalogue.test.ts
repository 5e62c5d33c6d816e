import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Fabric, Link } from "../fabric/fabric.ts";
import { fabricOf } from "../fabric/fabric-argument.ts";
import { type LightPath, lightPath } from "../optics/light-path.ts";
import { simulate } from "../simulate.ts";
import { CATALOGUE, incidentEffects, incidentType, mayMove } from "./catalogue.ts";
import type { Effect } from "./effect.ts";
import { endOf, type Incident, type IncidentType } from "./incident.ts";
import { resolveIncident } from "./incident-request.ts";
import { LINK_LOST } from "./link-incidents.ts";

const leaf = fabricOf("leaf-48x25g-8x100g");
const fabrics = {
  leaf,
  "leaf and spine": fabricOf("leaf-spine:2x2"),
  campus: fabricOf("campus-48x1g-4x10g"),
};

function incidentOf(fabric: Fabric, type: string, more: Partial<Incident> = {}): Incident {
  const problems: string[] = [];
  const resolved = resolveIncident(
    fabric,
    { type, switch: fabric.switches[0]?.name },
    (field, message) => problems.push(`${field.join(".")}: ${message}`),
  );
  if (resolved === undefined) throw new Error(problems.join("; "));
  return { id: `${type}-1`, ...resolved, start: 1000, origin: "request", ...more };
}

/** The light that arrives at the port of an incident. */
function pathTo(fabric: Fabric, incident: Incident): LightPath {
  const ports = fabric.switches.find(({ name }) => name === incident.switch)?.ports;
  const link = ports?.find(({ profile }) => profile.name === incident.port)?.link as Link;
  const isPortEnd =
    link.port.profile.name === incident.port && link.port.switch.name === incident.switch;
  return lightPath(fabric, link, isPortEnd ? "to-port" : "to-peer") as LightPath;
}

/** What is wrong with an effect, if anything. */
function flaws(fabric: Fabric, incident: Incident, effect: Effect): string[] {
  const slot = fabric.slotSeconds;
  const found: string[] = [];
  const check = (isRight: boolean, flaw: string): void => {
    if (!isRight) found.push(`${effect.kind}: ${flaw}`);
  };
  check(effect.from >= incident.start, "begins before the incident");
  check(effect.to > effect.from, "takes no time");
  check(effect.to <= endOf(incident) + 2 * slot, "ends after the incident");
  if (["link-down", "load", "forwarding", "reboot"].includes(effect.kind))
    check(effect.from % slot === 0 && effect.to % slot === 0, "is not in slots");
  if ("link" in effect)
    check(
      fabric.links.some(({ id }) => id === effect.link),
      "no such link",
    );
  if ("switch" in effect) {
    const on = fabric.switches.find(({ name }) => name === effect.switch);
    check(on !== undefined, "no such switch");
    if ("port" in effect) check(on?.ports[effect.port]?.link !== undefined, "port has no link");
    if (effect.kind === "forwarding")
      check(
        [...effect.factors].every(([port, factor]) => on?.ports[port] && factor >= 0),
        "bad factors",
      );
    if (effect.kind === "fan-failure") check(effect.fan < (on?.profile.fans ?? 0), "no such fan");
    if (effect.kind === "psu-loss") check(effect.psu < (on?.profile.psus ?? 0), "no such supply");
  }
  if (effect.kind === "load") check(effect.ratio > 0 && effect.ratio <= 1, "bad ratio");
  return found;
}

describe("the catalogue", () => {
  it("has every incident that was promised, each once", () => {
    expect(CATALOGUE.map(({ name }) => name)).toEqual([
      "link-down",
      "flap-train",
      "dirty-optic",
      "ageing-laser",
      "microburst",
      "uplink-saturation",
      "incast",
      "ecmp-polarisation",
      "fan-failure",
      "psu-loss",
      "overheating",
      "reboot",
      "memory-leak",
      "bgp-flap",
      "mac-flood",
      "counter-wrap",
      "stuck-counter",
    ]);
  });

  it.each(CATALOGUE.map((type) => [type.name, type] as const))(
    "describes %s with defaults within their ranges, and families of the switch",
    (_name, { summary, signs, duration, parameters, moves, mayLoseLink }: IncidentType) => {
      expect(summary).toMatch(/^[A-Z].*\.$/);
      const moved = [...moves, ...(mayLoseLink === undefined ? [] : LINK_LOST)].flatMap(
        (each) => each.families,
      );
      for (const [family, what] of signs) {
        expect(what).toMatch(/^\S.*[^.]$/);
        expect([family, moved.includes(family) || moved.includes("*")]).toEqual([family, true]);
      }
      expect(signs.length).toBeGreaterThan(1);
      for (const range of [duration, ...parameters]) {
        expect(range.default).toBeGreaterThanOrEqual(range.minimum);
        expect(range.default).toBeLessThanOrEqual(range.maximum);
      }
      const families = moves.flatMap((each) => each.families);
      expect(families.length).toBeGreaterThan(0);
      expect(families.filter((family) => !/^(\*|switch_[a-z_]+)$/.test(family))).toEqual([]);
    },
  );

  describe.each(Object.entries(fabrics))("on a %s", (_name, fabric) => {
    it.each(CATALOGUE.map(({ name }) => name))("gives sound effects for %s", (type) => {
      const incident = incidentOf(fabric, type);
      const effects = incidentEffects(fabric, incident);
      expect(effects.length).toBeGreaterThan(0);
      expect(effects.flatMap((effect) => flaws(fabric, incident, effect))).toEqual([]);
      expect(effects.map(({ from }) => from)).toEqual(
        effects.map(({ from }) => from).toSorted((a, b) => a - b),
      );
      expect(incidentEffects(fabric, { ...incident })).toEqual(effects);
    });
  });
});

describe("incidentEffects", () => {
  it.each(CATALOGUE.map(({ name }) => name))(
    "leaves what was before as it was when %s is stopped, and nothing after",
    (type) => {
      const incident = incidentOf(leaf, type);
      const whole = incidentEffects(leaf, incident);
      fc.assert(
        fc.property(fc.integer({ min: 1000, max: 3000 }), (stopped) => {
          const cut = incidentEffects(leaf, { ...incident, stopped });
          const before = (effects: readonly Effect[]) =>
            effects
              .filter(({ from }) => from < stopped)
              .map((effect) => ({ ...effect, to: Math.min(effect.to, stopped) }));
          expect(before(cut)).toEqual(before(whole));
          const last = Math.ceil(stopped / 16) * 16;
          expect(cut.filter(({ to }) => to > last)).toEqual([]);
        }),
        { seed: 42, numRuns: 20 },
      );
    },
  );

  it("goes on while nobody stops it", () => {
    const [effect] = incidentEffects(
      leaf,
      incidentOf(leaf, "fan-failure", { duration: undefined }),
    );
    expect(effect).toEqual({
      kind: "fan-failure",
      switch: leaf.switches[0]?.name,
      fan: 0,
      from: 1000,
      to: Infinity,
    });
  });

  it("takes defaults for parameters that are absent", () => {
    const [effect] = incidentEffects(leaf, incidentOf(leaf, "ageing-laser", { parameters: {} }));
    expect(effect).toMatchObject({ kind: "laser-ageing", decibelsPerDay: 1 });
  });

  it("fits the default of a parameter to the target, also where a request leaves it out", () => {
    const incident = incidentOf(leaf, "dirty-optic");
    const path = pathTo(leaf, incident);
    const loss = Math.round(path.lossForFrameErrors(1e-4) * 100) / 100;
    expect(incident.parameters).toEqual({ loss });
    const effect = { kind: "receive-loss", decibels: loss, decibelsPerDay: 0 };
    expect(incidentEffects(leaf, incident)).toMatchObject([effect]);
    expect(incidentEffects(leaf, { ...incident, parameters: {} })).toMatchObject([effect]);
  });

  it.each([
    [{ type: "nonsense" }, "no incident nonsense in the catalogue"],
    [{ switch: "nowhere" }, "no switch nowhere in the fabric"],
    [{ port: "Ethernet9/9" }, /^no port Ethernet9\/9 with a link on switch /],
  ])("refuses %j", (wrong, message) => {
    const incident = { ...incidentOf(leaf, "link-down"), ...wrong };
    expect(() => incidentEffects(leaf, incident)).toThrow(message);
  });

  it("makes flaps that do not touch, as many as fit, all of them down for a while", () => {
    const effects = incidentEffects(leaf, incidentOf(leaf, "flap-train"));
    expect(effects.length).toBe(10);
    for (const [i, { to }] of effects.entries())
      expect(to).toBeLessThan(effects[i + 1]?.from ?? Infinity);
  });
});

describe("the traffic of incidents", () => {
  const quietAt = 2048;
  const loadsAt = (incident: Incident, seconds: number): number[] => {
    const effects = incidentEffects(leaf, incident);
    const source = {
      version: 0,
      until: (t: number) => effects.filter(({ from }) => from <= t),
    };
    const [node] = simulate(leaf, source).switches;
    return (node?.read(seconds) ?? []).map(({ load }) => load);
  };
  const isUplink = (i: number) => leaf.switches[0]?.ports[i]?.profile.isUplink === true;

  it.each(["incast", "microburst"])("offers a port more than it carries by %s", (type) => {
    const incident = incidentOf(leaf, type, { start: quietAt });
    const loads = loadsAt(incident, quietAt + 8);
    const target = leaf.switches[0]?.ports.find(({ profile }) => profile.name === incident.port);
    expect(loads[target?.index ?? -1]).toBeGreaterThan(1);
    expect(loads.filter((load, i) => load > 1 && i !== target?.index)).toEqual([]);
  });

  it("leaves the port calm between microbursts", () => {
    const loads = loadsAt(incidentOf(leaf, "microburst", { start: quietAt }), quietAt + 40);
    expect(Math.max(...loads)).toBeLessThan(0.5);
  });

  it("offers the uplinks more than they carry by uplink-saturation", () => {
    const loads = loadsAt(incidentOf(leaf, "uplink-saturation", { start: quietAt }), quietAt + 8);
    expect(loads.filter((load, i) => isUplink(i) && load < 1)).toEqual([]);
    expect(loads.filter((load, i) => !isUplink(i) && load > 1)).toEqual([]);
  });

  it("puts most of what goes up on one uplink by ecmp-polarisation, and keeps the sum", () => {
    const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
    const uplinks = (loads: readonly number[]) => loads.filter((_, i) => isUplink(i));
    const incident = incidentOf(leaf, "ecmp-polarisation", {
      start: quietAt,
      parameters: { load: 0 },
    });
    const polarised = uplinks(loadsAt(incident, quietAt + 8));
    const calm = uplinks(loadsAt(incident, quietAt - 8));
    expect(Math.max(...polarised) / sum(polarised)).toBeGreaterThan(0.85);
    expect(sum(polarised) / sum(calm)).toBeGreaterThan(0.6);
    expect(sum(polarised) / sum(calm)).toBeLessThan(1.6);
  });
});

describe("mayMove", () => {
  const fabric = fabrics["leaf and spine"];
  const incident = incidentOf(fabric, "dirty-optic");
  const [first, second] = fabric.switches.map(({ name }) => name) as [string, string];
  it.each([
    ["switch_transceiver_rx_power_dbm", first, incident.port, true],
    ["switch_transceiver_rx_power_dbm", first, "Ethernet1/1", false],
    ["switch_transceiver_rx_power_dbm", second, incident.port, false],
    ["switch_port_up", first, incident.port, false],
  ])("says of %s on %s %s: %s", (family, on, port, expected) => {
    expect(mayMove(fabric, incident, { family, switch: on, port })).toBe(expected);
  });

  it("reaches as far as a lost link where so much light is lost that it is", () => {
    const up = { family: "switch_port_up", switch: first, port: incident.port };
    const worse = (parameters: Record<string, number>, type = "dirty-optic", days = 1) =>
      mayMove(fabric, { ...incident, type, parameters, duration: days * 86_400 }, up);
    const { budgetDb } = pathTo(fabric, incident);
    expect([
      worse({}),
      worse({ loss: budgetDb - 0.01 }),
      worse({ loss: budgetDb }),
      worse({}, "ageing-laser", 7),
      worse({}, "ageing-laser", 14),
    ]).toEqual([false, false, true, false, true]);
  });

  it("reaches both ends of a link, neighbours, and everything of a switch that starts again", () => {
    const down = incidentOf(fabric, "link-down");
    const link = fabric.links.find(
      ({ port }) => port.switch.name === first && port.profile.name === down.port,
    );
    const far = link?.peer as { switch: { name: string }; profile: { name: string } };
    const moved = { family: "switch_port_up", switch: far.switch.name, port: far.profile.name };
    expect(mayMove(fabric, down, moved)).toBe(true);
    const peerUp = (on: string) =>
      mayMove(fabric, down, { family: "switch_bgp_peer_up", switch: on });
    const others = fabric.switches.filter(({ name }) => name !== first && name !== far.switch.name);
    expect([peerUp(first), peerUp(far.switch.name)]).toEqual([true, true]);
    expect(others.filter(({ name }) => peerUp(name))).toEqual([]);
    const again = incidentOf(fabric, "reboot");
    expect(mayMove(fabric, again, { family: "switch_boot_time_seconds", switch: first })).toBe(
      true,
    );
    expect(mayMove(fabric, again, { family: "switch_boot_time_seconds", switch: second })).toBe(
      false,
    );
    expect(incidentType("nonsense")).toBeUndefined();
  });
});
