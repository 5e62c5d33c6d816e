import { type Collector, CounterFamily, GaugeFamily, StateSetFamily } from "@linklight/client";

const LABEL_NAMES = ["portnum", "speed", "type"] as const;

/** The highest level that a buffer reaches, in bytes. */
const FULL = 10;

/**
 * Two made-up ports of a switch, as in the original demonstration: every collection is one step in their
 * life. This is the only collector that counts scrapes instead of reading a clock, so that whoever calls
 * the endpoint sees something happen at each call.
 *
 * ```
 * collection  port 1: packets  buffer  link    port 2: packets  buffer  link
 *          1               10       1  UP                   20       9  DOWN
 *          2               20       2  DOWN                 40       8  UP
 * ```
 */
export function sampleCollector(): Collector {
  const bufferLevel = new GaugeFamily({
    name: "buffer_level_bytes",
    help: "The number of bytes stored in a buffer",
    labelNames: LABEL_NAMES,
  });
  const rxPackets = new CounterFamily({
    name: "rx_packets_total",
    help: "The number of packets received",
    labelNames: LABEL_NAMES,
  });
  const linkStatus = new StateSetFamily({
    name: "port_link_status",
    help: "Link state of an interface (port)",
    states: ["UP", "DOWN"],
    labelNames: LABEL_NAMES,
  });
  const families = [bufferLevel, rxPackets, linkStatus];
  const series = (labels: Readonly<Record<(typeof LABEL_NAMES)[number], string>>) => ({
    level: bufferLevel.series(labels),
    packets: rxPackets.series(labels),
    link: linkStatus.series(labels),
  });
  const port1 = series({ portnum: "1", speed: "100GBPS", type: "Ethernet" });
  const port2 = series({ portnum: "2", speed: "50GBPS", type: "Ethernet" });

  let collections = 0;
  return {
    name: "sample",
    describe: () => families,
    collect() {
      collections += 1;
      const level = triangleWave(collections);
      const isOdd = collections % 2 === 1;
      port1.level.set(level);
      port1.packets.set(10 * collections);
      port1.link.set(isOdd ? "UP" : "DOWN");
      port2.level.set(FULL - level);
      port2.packets.set(20 * collections);
      port2.link.set(isOdd ? "DOWN" : "UP");
      return families;
    },
  };
}

/** 0 at n = 0, then up to {@link FULL} and down to 0 by one at each step, for ever. */
function triangleWave(n: number): number {
  return FULL - Math.abs((n % (2 * FULL)) - FULL);
}
