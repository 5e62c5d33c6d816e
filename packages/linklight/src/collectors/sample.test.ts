import { Registry } from "@linklight/client";
import { describe, expect, it } from "vitest";
import { sampleCollector } from "./sample.ts";

async function page(collections: number): Promise<string> {
  const registry = new Registry().register(sampleCollector());
  for (let n = 1; n < collections; n++) await registry.gather();
  const text = await registry.text();
  return text.slice(0, text.indexOf("# HELP linklight_"));
}

async function values(name: string, collections: number): Promise<[number, number][]> {
  const registry = new Registry().register(sampleCollector());
  const seen: [number, number][] = [];
  for (let n = 1; n <= collections; n++) {
    const { families } = await registry.gather();
    const part = families.find((family) => family.name === name)?.parts[0];
    const step = part?.lines.length ?? 1;
    seen.push([part?.values[0] ?? Number.NaN, part?.values[step] ?? Number.NaN]);
  }
  return seen;
}

describe("sampleCollector", () => {
  it("shows at the second collection what the original prints, one block a family", async () => {
    expect(await page(2)).toBe(`\
# HELP buffer_level_bytes The number of bytes stored in a buffer
# TYPE buffer_level_bytes gauge
buffer_level_bytes{portnum="1",speed="100GBPS",type="Ethernet"} 2
buffer_level_bytes{portnum="2",speed="50GBPS",type="Ethernet"} 8
# HELP rx_packets_total The number of packets received
# TYPE rx_packets_total counter
rx_packets_total{portnum="1",speed="100GBPS",type="Ethernet"} 20
rx_packets_total{portnum="2",speed="50GBPS",type="Ethernet"} 40
# HELP port_link_status Link state of an interface (port)
# TYPE port_link_status gauge
port_link_status{port_link_status="UP",portnum="1",speed="100GBPS",type="Ethernet"} 0
port_link_status{port_link_status="DOWN",portnum="1",speed="100GBPS",type="Ethernet"} 1
port_link_status{port_link_status="UP",portnum="2",speed="50GBPS",type="Ethernet"} 1
port_link_status{port_link_status="DOWN",portnum="2",speed="50GBPS",type="Ethernet"} 0
`);
  });

  it("fills and empties the buffers in turn", async () => {
    const levels = await values("buffer_level_bytes", 23);
    const up = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    const down = [9, 8, 7, 6, 5, 4, 3, 2, 1, 0];
    const wave = [...up, ...down, 1, 2, 3];
    expect(levels).toEqual(wave.map((level) => [level, 10 - level]));
  });

  it("counts packets by tens and twenties", async () => {
    expect(await values("rx_packets_total", 3)).toEqual([
      [10, 20],
      [20, 40],
      [30, 60],
    ]);
  });

  it("flips the links at each collection", async () => {
    expect(await values("port_link_status", 3)).toEqual([
      [1, 0],
      [0, 1],
      [1, 0],
    ]);
  });

  it("does not count registration and collections of other families", async () => {
    const registry = new Registry().register(sampleCollector());
    await registry.gather({ names: ["up"] });
    const { families } = await registry.gather({ names: ["rx_packets_total"] });
    expect(families.map(({ name, parts }) => [name, parts[0]?.values[0]])).toEqual([
      ["rx_packets_total", 10],
    ]);
  });
});
