import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PROFILES } from "../profile/profiles.ts";
import { buildFabric } from "./build-fabric.ts";
import { type Fabric, isPort, type Link, type Port, type Switch } from "./fabric.ts";
import { fabricOf, parseFabricArgument } from "./fabric-argument.ts";
import type { FabricSpec } from "./fabric-spec.ts";

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const forms = fc.oneof(
  fc.constantFrom(...PROFILES.keys()),
  fc
    .tuple(fc.integer({ min: 1, max: 32 }), fc.integer({ min: 1, max: 8 }))
    .map(([leaves, spines]) => `leaf-spine:${leaves}x${spines}`),
);

function portsOf({ switches }: Fabric): readonly Port[] {
  return switches.flatMap(({ ports }) => ports);
}

function endsOf({ port, peer }: Link): readonly Port[] {
  return isPort(peer) ? [port, peer] : [port];
}

/** Everything but the references between objects, which go round. */
function flat(fabric: Fabric): unknown {
  return {
    ...fabric,
    switches: fabric.switches.map(({ name, serial, mac, ports }) => ({
      name,
      serial,
      mac,
      ports: ports.map(({ ifIndex, alias, mac: own }) => [ifIndex, alias, own]),
    })),
    links: fabric.links.map(({ id, peer }) => [
      id,
      isPort(peer) ? `${peer.switch.name}:${peer.profile.name}` : peer,
    ]),
  };
}

function check(property: (fabric: Fabric, form: string, seed: number) => void, numRuns = 40): void {
  const each = fc.property(forms, seeds, (form, seed) =>
    property(fabricOf(form, { seed }), form, seed),
  );
  fc.assert(each, { seed: 42, numRuns });
}

function lonely(count: number): FabricSpec {
  const spec = parseFabricArgument("leaf-48x25g-8x100g");
  const [first] = spec.switches as [FabricSpec["switches"][number]];
  const switches = Array.from({ length: count }, (_, i) => ({ ...first, name: `leaf${i + 1}` }));
  return { ...spec, switches };
}

describe("buildFabric", () => {
  it("gives every link equal speeds, and every port one link at most", () => {
    check((fabric) => {
      const ends = fabric.links.flatMap(endsOf);
      expect(new Set(ends).size).toBe(ends.length);
      const odd = fabric.links.filter((link) =>
        endsOf(link).some((port) => port.profile.speed !== link.speed || port.link !== link),
      );
      expect(odd).toEqual([]);
      const linked = portsOf(fabric).filter(({ link }) => link !== undefined);
      expect(linked.length).toBe(ends.length);
    });
  });

  it("names links by their first port, and numbers everything by position", () => {
    check(({ switches, links }) => {
      const odd = links.filter(
        ({ index, id, port, peer }, i) =>
          index !== i ||
          id !== `${port.switch.name}:${port.profile.name}` ||
          (isPort(peer) && peer.switch.index <= port.switch.index),
      );
      expect(odd).toEqual([]);
      const misplaced = switches.flatMap((each, i) =>
        each.ports.filter(
          (port, j) => each.index !== i || port.switch !== each || port.index !== j,
        ),
      );
      expect(misplaced).toEqual([]);
    });
  });

  it("gives each switch, link and port its own identity", () => {
    check((fabric) => {
      const { switches, links } = fabric;
      for (const ids of [
        switches.map(({ name }) => name),
        switches.map(({ serial }) => serial),
        links.map(({ id }) => id),
        [...switches, ...portsOf(fabric)].map(({ mac }) => mac),
      ])
        expect(new Set(ids).size).toBe(ids.length);
      for (const { serial, ports } of switches) {
        expect(serial).toMatch(/^LK24[0-5]\d[0-9A-Z]{5}$/);
        expect(new Set(ports.map(({ ifIndex }) => ifIndex)).size).toBe(ports.length);
      }
      const form = /^02:4c(:[0-9a-f]{2}){4}$/;
      expect(portsOf(fabric).filter(({ mac }) => !form.test(mac))).toEqual([]);
    });
  });

  it("gives the same fabric for the same specification", () => {
    check((fabric, form, seed) => {
      expect(flat(fabricOf(form, { seed }))).toEqual(flat(fabric));
    }, 15);
  });

  it("keeps what a switch is when others join it", () => {
    const identity = ({ serial, mac, ports }: Switch) => [serial, mac, ports[0]?.ifIndex];
    const [leaf1] = fabricOf("leaf-spine:2x2").switches as [Switch];
    const [alone] = fabricOf("leaf-48x25g-8x100g").switches as [Switch];
    expect(identity(leaf1)).toEqual(identity(alone));
    expect(identity(fabricOf("leaf-spine:2x2", { seed: 2 }).switches[0] as Switch)).not.toEqual(
      identity(leaf1),
    );
  });

  it("writes aliases on linked ports that alert rules match, and none on free ports", () => {
    check((fabric) => {
      const odd = portsOf(fabric).filter(
        ({ alias, link }) => (alias === "") === (link !== undefined),
      );
      expect(odd).toEqual([]);
      for (const { profile, ports } of fabric.switches.filter((s) => s.profile.role === "leaf")) {
        const linked = ports.filter(({ link }) => link !== undefined);
        const wrong = linked.filter(
          (port) => /uplink|internet|WAN|ISP/i.test(port.alias) !== port.profile.isUplink,
        );
        expect(wrong).toEqual([]);
        const critical = linked.filter(({ alias }) => /critical/i.test(alias));
        expect(critical.length).toBe(profile.ports.length < 8 ? 1 : 3);
        const free = ports.filter((port) => port.link === undefined && !port.profile.isUplink);
        expect([0, 2, 3, 4]).toContain(free.length);
        expect(free.length > 0).toBe(profile.ports.length > 8);
      }
    });
  });

  it("says at both ends of a link what is at the other", () => {
    const [leaf1, , , , spine1] = fabricOf("leaf-spine:4x2").switches as Switch[];
    const peer = leaf1?.ports[50]?.link?.peer as Port;
    expect(leaf1?.ports[50]?.alias).toBe("uplink to spine1 Ethernet1/3");
    expect(peer).toBe(spine1?.ports[2]);
    expect(peer.alias).toBe("leaf1 Ethernet1/51");
  });

  it("labels ports for the place the switch stands in", () => {
    const aliases = (form: string, ports: readonly number[]) =>
      ports.map((port) => fabricOf(form).switches[0]?.ports[port]?.alias);
    expect(aliases("leaf-48x25g-8x100g", [0, 1, 7, 16, 48, 49])).toEqual([
      "server-01 eth0",
      "storage-1 e0a",
      "critical server-07 eth0",
      "",
      "uplink to core-1 Ethernet8/1",
      "uplink to core-2 Ethernet8/2",
    ]);
    expect(aliases("pair", [0, 1])).toEqual([
      "uplink to core-1 Ethernet7/1",
      "critical server-01 eth0",
    ]);
    expect(aliases("spine-32x100g", [0, 26, 28])).toEqual([
      "leaf-01 Ethernet1/49",
      "",
      "uplink to core-1 Ethernet4/29",
    ]);
    expect(aliases("campus-48x1g-4x10g", [0, 13])).toEqual([
      "workstation-01 eth0",
      "workstation-12 eth0",
    ]);
  });

  it("loads stations so that a calm day fills no port", () => {
    const sum = (links: readonly Link[], of: (link: Link) => number): number =>
      links.reduce((total, link) => total + of(link), 0);
    const loadOf = ({ peer }: Link): number => (isPort(peer) ? 0 : peer.load);
    const isCore = ({ peer }: Link): boolean => !isPort(peer) && peer.kind === "core";
    check(({ switches, links }) => {
      const loads = links.filter(({ peer }) => !isPort(peer)).map(loadOf);
      expect(loads.filter((load) => !(load > 0 && load <= 0.15))).toEqual([]);
      for (const { ports } of switches.filter(({ profile }) => profile.role === "leaf")) {
        const used = ports.flatMap(({ link, profile }) => (link ? [{ link, ...profile }] : []));
        const up = used.filter(({ isUplink }) => isUplink).map(({ link }) => link);
        const access = used.filter(({ isUplink }) => !isUplink).map(({ link }) => link);
        const sent = (link: Link): number => loadOf(link) * link.speed;
        const ratios = [
          sum(access, sent) / sum(up, ({ speed }) => speed) / 0.2,
          sum(up.filter(isCore), sent) / sum(access, ({ speed }) => speed) / 0.12,
        ];
        expect(ratios.filter((ratio) => ratio > 1 + 1e-9)).toEqual([]);
      }
    });
  });

  it("builds a thousand switches, each with an identity of its own", () => {
    const { switches, links } = buildFabric(lonely(1000));
    expect(new Set(switches.map(({ mac }) => mac)).size).toBe(1000);
    expect(new Set(switches.map(({ serial }) => serial)).size).toBe(1000);
    expect(links.length).toBeGreaterThan(50_000);
  });

  it.each<[string, Partial<FabricSpec>]>([
    [
      "port 48 of switch 0 has two links",
      {
        links: [0, 1].map((port) => ({ a: { switch: 0, port: 48 }, b: { switch: 1, port } })),
      },
    ],
    [
      "no port 56 on switch 0",
      { links: [{ a: { switch: 0, port: 56 }, b: { switch: 1, port: 0 } }] },
    ],
    [
      "no port 0 on switch 2",
      { links: [{ a: { switch: 0, port: 48 }, b: { switch: 2, port: 0 } }] },
    ],
    [
      "link leaf1:Ethernet1/1 has 25000000000 bit/s, its other end leaf2:Ethernet1/49 100000000000",
      { links: [{ a: { switch: 0, port: 0 }, b: { switch: 1, port: 48 } }] },
    ],
    ["two switches are named leaf1", { switches: [...lonely(1).switches, ...lonely(1).switches] }],
    [
      "traffic would go round: leaf2 → leaf1",
      { links: [{ a: { switch: 0, port: 0 }, b: { switch: 1, port: 0 } }] },
    ],
  ])("throws: %s", (message, part) => {
    expect(() => buildFabric({ ...lonely(2), ...part })).toThrow(new RangeError(message));
  });

  it("lets the stations that are asked for keep names and loads", () => {
    const spec: FabricSpec = {
      ...lonely(1),
      stations: [
        { at: { switch: 0, port: 3 }, kind: "host", name: "server-02", load: 0.4 },
        { at: { switch: 0, port: 48 }, kind: "core", name: "wan-1", load: undefined },
      ],
    };
    const [leaf] = buildFabric(spec).switches as [Switch];
    const names = leaf.ports.flatMap(({ link }) =>
      link ? [(link.peer as { name: string }).name] : [],
    );
    expect(leaf.ports[3]?.link?.peer).toEqual({ kind: "host", name: "server-02", load: 0.4 });
    expect(names.filter((name) => name === "server-02")).toEqual(["server-02"]);
    expect(names.filter((name) => /^(core|wan)/.test(name))).toEqual(["wan-1"]);
  });
});
