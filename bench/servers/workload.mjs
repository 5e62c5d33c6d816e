/**
 * What every server of the bench shows: 20 families of a switch's ports, and how their values change.
 *
 * All counters and all gauges of two decimals change before each scrape, which is the worst case for
 * whoever would keep what was written. The programs in rivals/ that are not JavaScript repeat the same
 * formulas; the bench compares what the servers show at their first scrape.
 */

const COUNTERS = [
  ["rx_packets_total", "Packets received"],
  ["tx_packets_total", "Packets sent"],
  ["rx_bytes_total", "Bytes received"],
  ["tx_bytes_total", "Bytes sent"],
  ["rx_errors_total", "Packets received with errors"],
  ["tx_errors_total", "Packets that could not be sent"],
  ["rx_drops_total", "Packets received and dropped"],
  ["tx_drops_total", "Packets dropped before they were sent"],
  ["rx_broadcast_packets_total", "Broadcast packets received"],
  ["tx_broadcast_packets_total", "Broadcast packets sent"],
  ["rx_pause_frames_total", "Pause frames received"],
  ["tx_pause_frames_total", "Pause frames sent"],
];
const WHOLE_GAUGES = [
  ["port_link_up", "Whether the link is up"],
  ["port_queue_length_packets", "Packets in the queue"],
  ["port_vlans", "VLANs on the port"],
  ["port_mac_addresses", "Addresses learned on the port"],
];
const DECIMAL_GAUGES = [
  ["port_temperature_celsius", "Temperature of the optic"],
  ["port_voltage_volts", "Supply voltage of the optic"],
  ["port_rx_power_milliwatts", "Optical power received"],
  ["port_tx_power_milliwatts", "Optical power sent"],
];

/** The families in order; `shape` says how their values run. */
export const FAMILIES = [
  ...COUNTERS.map(([name, help]) => ({ name, help, type: "counter", shape: "counter" })),
  ...WHOLE_GAUGES.map(([name, help]) => ({ name, help, type: "gauge", shape: "whole" })),
  ...DECIMAL_GAUGES.map(([name, help]) => ({ name, help, type: "gauge", shape: "decimal" })),
].map((family, number) => ({ ...family, number }));

export const LABEL_NAMES = ["portnum", "speed", "type"];

const SPEEDS = ["10GBPS", "25GBPS", "50GBPS", "100GBPS"];

/** The labels of each port, for as many ports as make `series` series. */
export function portsFor(series) {
  return Array.from({ length: series / FAMILIES.length }, (_, port) => ({
    portnum: String(port),
    speed: SPEEDS[port % SPEEDS.length],
    type: "Ethernet",
  }));
}

/** What a counter begins with, from a few digits to thirteen. */
export function counterStart(family, port) {
  return ((port * 2_654_435_761) % 4_294_967_296) * (family * family * family + 1);
}

/** By how much a counter grows between two scrapes. */
export function counterStep(family, port) {
  return port + family + 1;
}

/** A gauge of whole numbers, which stays as it is. */
export function wholeValue(family, port) {
  return (port * 7 + family) % 200;
}

/** A gauge of two decimals at the `scrape`-th scrape. */
export function decimalValue(family, port, scrape) {
  return ((port * 37 + family * 101 + scrape * 13) % 10_000) / 100;
}

/**
 * A family's values as a function of port and scrape. Where counters begin is computed before, as
 * everywhere else: the bench is about showing values, not about making them up.
 */
export function valuesOf({ number, shape }, ports) {
  if (shape === "whole") return (port) => wholeValue(number, port);
  if (shape === "decimal") return (port, scrape) => decimalValue(number, port, scrape);
  const starts = Float64Array.from(ports, (_, port) => counterStart(number, port));
  return (port, scrape) => starts[port] + counterStep(number, port) * scrape;
}
