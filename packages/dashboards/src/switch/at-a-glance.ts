import {
  busierUtilization,
  portDown,
  portStatus,
  rate,
  SWITCH,
  thermalMargin,
  uptime,
} from "../expressions.ts";
import {
  GOOD,
  margin,
  NONE_IS_GOOD,
  PLAIN,
  PORT_STATUS,
  UTILIZATION,
  WARNING,
} from "../look/colors.ts";
import { line, place, type Row } from "../look/layout.ts";
import { TO_PORT_HERE } from "../look/links.ts";
import { stat, tiles, trend } from "../look/single-values.ts";

/** Two digits, so that the tiles stand in the order of the front: series are ordered by their labels. */
function numbered(status: string): string {
  const withNumber = `${status} * on (instance, port) group_left (portnum) switch_port_info{${SWITCH}}`;
  const padded = `label_replace(${withNumber}, "number", "0$1", "portnum", "(.)")`;
  return `max by (number, port) (label_replace(${padded}, "number", "$1", "portnum", "(..+)"))`;
}

/** Is this switch well, and which of its ports are up. */
export function atAGlance(): Row {
  return {
    title: "At a glance",
    panels: [
      ...line(
        4,
        stat({
          title: "Running for",
          description: "Time since the switch was started. All its counters began at zero then.",
          queries: [{ expr: `max(${uptime(SWITCH)})`, legend: "uptime", kind: "instant" }],
          unit: "s",
          decimals: 1,
          // A switch that has just been started has a reason, which somebody should know.
          steps: { base: WARNING, steps: [[3600, GOOD]] },
        }),
        stat({
          title: "Ports up",
          description: "Ports whose link is up.",
          queries: [
            {
              expr: `sum(switch_port_admin_up{${SWITCH}} * switch_port_up{${SWITCH}})`,
              legend: "up",
              kind: "instant",
            },
          ],
          steps: PLAIN,
        }),
        stat({
          title: "Ports down",
          description: "Ports that an operator wants to be up and whose link is down.",
          queries: [{ expr: `sum(${portDown(SWITCH)})`, legend: "down", kind: "instant" }],
          steps: NONE_IS_GOOD,
        }),
        trend({
          title: "Passing through",
          description: "What all ports together transmit.",
          queries: [
            {
              expr: `8 * sum(${rate("switch_port_transmit_bytes_total", SWITCH)})`,
              legend: "throughput",
            },
          ],
          unit: "bps",
          decimals: 1,
          min: 0,
        }),
        trend({
          title: "Fullest link",
          description: "How full the fullest link is, in its busier direction.",
          queries: [{ expr: `max(${busierUtilization(SWITCH)})`, legend: "utilization" }],
          unit: "percentunit",
          decimals: 0,
          min: 0,
          max: 1,
          steps: UTILIZATION,
        }),
        stat({
          title: "BGP sessions down",
          description: "Sessions with peers that are configured and not established.",
          queries: [
            { expr: `sum(1 - switch_bgp_peer_up{${SWITCH}})`, legend: "sessions", kind: "instant" },
          ],
          steps: NONE_IS_GOOD,
          noValue: "no BGP",
        }),
        trend({
          title: "Heat in reserve",
          description:
            "How many degrees the sensor that is closest to its limit may still get warmer before a warning is due.",
          queries: [{ expr: `min(${thermalMargin(SWITCH)})`, legend: "reserve" }],
          unit: "celsius",
          decimals: 0,
          steps: margin(3),
        }),
        trend({
          title: "Power",
          description: "What all power supplies draw together.",
          queries: [{ expr: `sum(switch_psu_input_watts{${SWITCH}})`, legend: "power" }],
          unit: "watt",
          decimals: 0,
          min: 0,
        }),
      ),
      place(
        24,
        6,
        tiles({
          title: "Ports",
          description:
            "A tile for each port, numbered as on the front: green is up, red is down though it should be up, grey is shut. Click one to see all of it.",
          queries: [{ expr: numbered(portStatus(SWITCH)), legend: "{{number}}" }],
          mappings: PORT_STATUS,
          links: [TO_PORT_HERE],
        }),
      ),
    ],
  };
}
