import { PORT, portStatus, utilization } from "../expressions.ts";
import { NONE_IS_GOOD, PLAIN, PORT_STATUS, UTILIZATION, WARNING } from "../look/colors.ts";
import { line, place, type Row } from "../look/layout.ts";
import { SWITCH_OF_CELL } from "../look/links.ts";
import { stat, trend } from "../look/single-values.ts";
import { table } from "../look/table.ts";
import { stateTimeline } from "../look/timelines.ts";

/** What the port is, and whether it is well. */
export function identity(): Row {
  return {
    title: "What it is, and whether it is well",
    panels: [
      place(
        24,
        3,
        table({
          title: "Identity",
          description: "The port, who is at its other end, and the transceiver in it.",
          queries: [
            {
              expr: `max by (instance, port, alias, speed, type, mac, ifindex) (switch_port_info{${PORT}})`,
              kind: "table",
            },
            {
              expr: `max by (instance, port, remote_name, remote_port) (switch_lldp_neighbor_info{${PORT}})`,
              kind: "table",
            },
            {
              expr: `max by (instance, port, vendor, part_number, serial, pmd) (switch_transceiver_info{${PORT}})`,
              kind: "table",
            },
            { expr: `max by (instance, port) (switch_port_mtu_bytes{${PORT}})`, kind: "table" },
          ],
          columns: [
            { from: "alias", title: "Alias" },
            { from: "speed", title: "Speed" },
            { from: "#3", title: "MTU", unit: "decbytes" },
            { from: "mac", title: "MAC" },
            { from: "ifindex", title: "ifIndex" },
            { from: "remote_name", title: "Neighbor", links: [SWITCH_OF_CELL] },
            { from: "remote_port", title: "Its port" },
            { from: "pmd", title: "Medium" },
            { from: "vendor", title: "Vendor" },
            { from: "part_number", title: "Part" },
            { from: "serial", title: "Serial" },
          ],
        }),
      ),
      ...line(
        4,
        stat({
          title: "State",
          description: "Up, down though it should be up, or shut by an operator.",
          queries: [{ expr: `max(${portStatus(PORT)})`, legend: "state", kind: "instant" }],
          mappings: PORT_STATUS,
        }),
        stat({
          title: "Since",
          description: "When the link last came up or went down.",
          queries: [
            {
              expr: `1000 * max(switch_port_last_change_timestamp_seconds{${PORT}})`,
              legend: "since",
              kind: "instant",
            },
          ],
          unit: "dateTimeFromNow",
        }),
        stat({
          title: "Link changes",
          description: "How often the link came up or went down in the shown time.",
          queries: [
            {
              expr: `sum(increase(switch_port_link_changes_total{${PORT}}[$__range]))`,
              legend: "changes",
              kind: "instant",
            },
          ],
          decimals: 0,
          steps: { base: PLAIN.base, steps: [[1, WARNING]] },
        }),
        trend({
          title: "Receives",
          description: "Share of the line rate that arrives.",
          queries: [{ expr: `max(${utilization("receive", PORT)})`, legend: "received" }],
          unit: "percentunit",
          decimals: 1,
          min: 0,
          max: 1,
          steps: UTILIZATION,
        }),
        trend({
          title: "Transmits",
          description: "Share of the line rate that leaves.",
          queries: [{ expr: `max(${utilization("transmit", PORT)})`, legend: "transmitted" }],
          unit: "percentunit",
          decimals: 1,
          min: 0,
          max: 1,
          steps: UTILIZATION,
        }),
        stat({
          title: "Broken frames",
          description: "Frames that arrived broken in the shown time.",
          queries: [
            {
              expr: `sum(increase(switch_port_receive_errors_total{${PORT}}[$__range]))`,
              legend: "errors",
              kind: "instant",
            },
          ],
          decimals: 0,
          unit: "short",
          steps: NONE_IS_GOOD,
        }),
        stat({
          title: "Discarded packets",
          description: "Good packets dropped instead of sent in the shown time.",
          queries: [
            {
              expr: `sum(increase(switch_port_transmit_discards_total{${PORT}}[$__range]))`,
              legend: "discards",
              kind: "instant",
            },
          ],
          decimals: 0,
          unit: "short",
          steps: { base: PLAIN.base, steps: [[1, WARNING]] },
        }),
      ),
      place(
        24,
        3,
        stateTimeline({
          title: "State over time",
          description: "Green is up, red is down though it should be up, grey is shut.",
          queries: [{ expr: `max by (port) (${portStatus(PORT)})`, legend: "{{port}}" }],
          mappings: PORT_STATUS,
        }),
      ),
    ],
  };
}
