import type { Port, Switch } from "../fabric/fabric.ts";
import { type Detail, type NativeFamily, type NumberSource, numbers } from "./switch-family.ts";
import type { LinkReading, SwitchReading } from "./switch-reading.ts";

/** The largest packet that the simulated switches forward, in bytes: the jumbo frames of data centres. */
const MTU_BYTES = 9216;

/** One series for each of these ports. */
export function ofPorts(
  ports: readonly Port[],
  read: (reading: SwitchReading, port: number) => number | undefined,
  more: Readonly<Record<string, string>> = {},
): NumberSource[] {
  return ports.map(({ index, profile }) => ({
    labels: { port: profile.name, ...more },
    read: (reading) => read(reading, index),
  }));
}

/** The ports that are watched closely: uplinks, and with `full` all. */
export function watchedPorts({ ports }: Switch, detail: Detail): readonly Port[] {
  const uplinks = ports.filter(({ profile }) => profile.isUplink);
  return detail === "full" || uplinks.length === 0 ? ports : uplinks;
}

const PORT = ["port"] as const;

/** What ports are, and whether they work. */
export const PORT_FAMILIES: readonly NativeFamily[] = [
  numbers({
    type: "info",
    name: "switch_port_info",
    help: "What a port is: join it to the numbers of ports by the label port.",
    labelNames: ["port", "portnum", "ifindex", "alias", "speed", "type", "mac"],
    spread: "own",
    series: ({ ports }) => ports.map((port) => ({ labels: infoLabels(port), read: () => 1 })),
  }),
  numbers({
    type: "gauge",
    name: "switch_port_up",
    help: "Whether the link at a port is up (1) or down (0): the one to alert on, where switch_port_admin_up is 1.",
    labelNames: PORT,
    series: ({ ports }) => ofPorts(ports, ({ ports: at }, i) => Number(at[i]?.isUp ?? false)),
  }),
  numbers({
    type: "gauge",
    name: "switch_port_admin_up",
    help: "Whether an operator wants a port to be up (1) or has shut it (0), as those without a cable are.",
    labelNames: PORT,
    series: ({ ports }) => ofPorts(ports, ({ node }, i) => Number(isWired(node, i))),
  }),
  numbers({
    type: "gauge",
    name: "switch_port_speed_bytes",
    help: "Line rate of a port in bytes per second: a rate of bytes divided by it is the utilization.",
    labelNames: PORT,
    series: ({ ports }) =>
      ofPorts(ports, ({ node }, i) => (node.ports[i] as Port).profile.speed / 8),
  }),
  numbers({
    type: "gauge",
    name: "switch_port_mtu_bytes",
    help: "The largest packet that a port takes.",
    labelNames: PORT,
    series: (node, detail) => ofPorts(watchedPorts(node, detail), () => MTU_BYTES),
  }),
  numbers({
    type: "gauge",
    name: "switch_port_last_change_timestamp_seconds",
    help: "When the link at a port last came up or went down, in simulated seconds since 1970; the start of the switch if it has not since.",
    labelNames: PORT,
    series: ({ ports }) =>
      ofPorts(ports, ({ epoch, links }, i) => epoch + (links[i] as LinkReading).lastChange),
  }),
  numbers({
    type: "counter",
    name: "switch_port_link_changes_total",
    help: "How often the link at a port has come up, and gone down; a link that flaps counts quickly.",
    labelNames: ["port", "to"],
    series: ({ ports }) =>
      ports.flatMap((port) => [
        ...ofPorts([port], ({ links }, i) => links[i]?.wentUp, { to: "up" }),
        ...ofPorts([port], ({ links }, i) => links[i]?.wentDown, { to: "down" }),
      ]),
  }),
];

function isWired({ ports }: Switch, i: number): boolean {
  return ports[i]?.link !== undefined;
}

function infoLabels({ index, ifIndex, alias, mac, profile }: Port): Record<string, string> {
  return {
    port: profile.name,
    portnum: String(index + 1),
    ifindex: String(ifIndex),
    alias,
    // As the demonstration of two ports writes them.
    speed: `${profile.speed / 1e9}GBPS`,
    type: "Ethernet",
    mac,
  };
}
