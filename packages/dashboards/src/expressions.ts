/** The series of the chosen switches. */
export const SWITCH = 'instance=~"$instance"';

/** The series of the chosen ports of the chosen switch. */
export const PORT = 'instance=~"$instance", port=~"$port"';

/** Samples a second of a counter, over a window that never is too short for the scrape interval. */
export function rate(counter: string, matchers: string): string {
  return `rate(${counter}{${matchers}}[$__rate_interval])`;
}

/** 2 where the link is up, 1 where it should be and is down, 0 where the port is shut. */
export function portStatus(matchers: string): string {
  return `switch_port_admin_up{${matchers}} * (1 + switch_port_up{${matchers}})`;
}

/** 1 for each port whose link should be up and is down, else 0. */
export function portDown(matchers: string): string {
  return `switch_port_admin_up{${matchers}} * (1 - switch_port_up{${matchers}})`;
}

/**
 * How long a switch has been running, in seconds. Simulated switches may live faster than the clock on the
 * wall: their own time counts, where it is known.
 */
export function uptime(matchers: string): string {
  const boot = `switch_boot_time_seconds{${matchers}}`;
  return `(linklight_sim_time_seconds{${matchers}} or timestamp(${boot})) - ${boot}`;
}

/** Degrees between each temperature of the chassis and where a warning is due; below zero it is overdue. */
export function thermalMargin(matchers: string): string {
  return `switch_temperature_threshold_celsius{${matchers}, level="high_warning"} - ignoring (level) switch_temperature_celsius{${matchers}}`;
}

/** The share of the line rate that each port receives or transmits, 0 to 1. */
export function utilization(way: "receive" | "transmit", matchers: string): string {
  const bytes = rate(`switch_port_${way}_bytes_total`, matchers);
  return `max by (instance, port) (${bytes} / switch_port_speed_bytes{${matchers}})`;
}

/** The utilization of each port in its busier direction. */
export function busierUtilization(matchers: string): string {
  const [received, transmitted] = [
    utilization("receive", matchers),
    utilization("transmit", matchers),
  ];
  return `${received} > ${transmitted} or ${transmitted}`;
}
