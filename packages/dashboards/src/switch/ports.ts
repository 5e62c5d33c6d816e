import { PORT, portStatus, rate, utilization } from "../expressions.ts";
import { PORT_STATUS, RECEIVED, TRANSMITTED, UTILIZATION, WARNING, WRONG } from "../look/colors.ts";
import { line, place, type Row } from "../look/layout.ts";
import { TO_PORT_HERE } from "../look/links.ts";
import { timeSeries } from "../look/time-series.ts";
import { stateTimeline } from "../look/timelines.ts";

/** What passes each port, and what is lost there. */
export function ports(): Row {
  const links = [TO_PORT_HERE];
  return {
    title: "Ports: traffic and losses",
    panels: [
      place(
        24,
        10,
        timeSeries({
          title: "Throughput",
          description: "What each port receives (above zero) and transmits (below), on each other.",
          queries: [
            {
              expr: `8 * sum by (port) (${rate("switch_port_receive_bytes_total", PORT)})`,
              legend: "{{port}} received",
              color: RECEIVED,
              shades: true,
            },
            {
              expr: `8 * sum by (port) (${rate("switch_port_transmit_bytes_total", PORT)})`,
              legend: "{{port}} transmitted",
              color: TRANSMITTED,
              shades: true,
              below: true,
            },
          ],
          unit: "bps",
          stacked: true,
          legend: "table",
          links,
        }),
      ),
      ...line(
        9,
        timeSeries({
          title: "How full: received",
          description: "Share of the line rate that each port receives.",
          queries: [{ expr: utilization("receive", PORT), legend: "{{port}}" }],
          unit: "percentunit",
          decimals: 0,
          min: 0,
          max: 1,
          color: RECEIVED,
          steps: UTILIZATION,
          showSteps: true,
          legend: "table",
          links,
        }),
        timeSeries({
          title: "How full: transmitted",
          description:
            "Share of the line rate that each port transmits. Above the orange line bursts wait in the queue, above the red one they are dropped.",
          queries: [{ expr: utilization("transmit", PORT), legend: "{{port}}" }],
          unit: "percentunit",
          decimals: 0,
          min: 0,
          max: 1,
          color: TRANSMITTED,
          steps: UTILIZATION,
          showSteps: true,
          legend: "table",
          links,
        }),
      ),
      ...line(
        8,
        timeSeries({
          title: "Receive errors",
          description:
            "Frames that arrived broken, by what was wrong. With fcs, the check sum, it is the cable, a connector or an optic.",
          queries: [
            {
              expr: `sum by (port, reason) (${rate("switch_port_receive_errors_total", PORT)})`,
              legend: "{{port}} {{reason}}",
              color: WRONG,
              shades: true,
            },
          ],
          unit: "pps",
          min: 0,
          softMax: 1,
          legend: "table",
          links,
        }),
        timeSeries({
          title: "Discards",
          description:
            "Good packets dropped: transmit tail, because the queue of a port was full; receive headroom, because they came on after a pause was asked for.",
          queries: [
            {
              expr: `sum by (port, reason) (${rate("switch_port_transmit_discards_total", PORT)})`,
              legend: "{{port}} transmit {{reason}}",
              color: WARNING,
              shades: true,
            },
            {
              expr: `sum by (port, reason) (${rate("switch_port_receive_discards_total", PORT)})`,
              legend: "{{port}} receive {{reason}}",
              color: RECEIVED,
              shades: true,
            },
          ],
          unit: "pps",
          min: 0,
          softMax: 1,
          legend: "table",
          links,
        }),
      ),
      ...line(
        12,
        stateTimeline({
          title: "State of each port over time",
          description: "Green is up, red is down though it should be up, grey is shut.",
          queries: [{ expr: `max by (port) (${portStatus(PORT)})`, legend: "{{port}}" }],
          mappings: PORT_STATUS,
          links,
        }),
        timeSeries({
          title: "Link changes",
          description:
            "How often each link came up or went down in each five minutes. A link that flaps counts quickly.",
          queries: [
            {
              expr: `sum by (port) (increase(switch_port_link_changes_total{${PORT}}[5m]))`,
              legend: "{{port}}",
            },
          ],
          decimals: 0,
          min: 0,
          softMax: 1,
          stepped: true,
          color: WARNING,
          legend: "table",
          links,
        }),
      ),
    ],
  };
}
