import { PORT, rate } from "../expressions.ts";
import { OTHER, RECEIVED, TRANSMITTED, WARNING, WRONG } from "../look/colors.ts";
import { line, type Row } from "../look/layout.ts";
import { timeSeries } from "../look/time-series.ts";

/** What went wrong at the port, by what it was. */
export function errors(): Row {
  return {
    title: "Errors and losses",
    panels: line(
      8,
      timeSeries({
        title: "Errors",
        description:
          "Frames that arrived broken, or were sent broken, by what was wrong. With fcs, the check sum, look at the light below.",
        queries: [
          {
            expr: `sum by (reason) (${rate("switch_port_receive_errors_total", PORT)})`,
            legend: "received, {{reason}}",
            color: WRONG,
            shades: true,
          },
          {
            expr: `sum by (reason) (${rate("switch_port_transmit_errors_total", PORT)})`,
            legend: "transmitted, {{reason}}",
            color: TRANSMITTED,
            shades: true,
          },
        ],
        unit: "pps",
        min: 0,
        softMax: 1,
      }),
      timeSeries({
        title: "Discards",
        description:
          "Good packets dropped: tail, because a queue was full; headroom, because they came on after a pause was asked for.",
        queries: [
          {
            expr: `sum by (reason) (${rate("switch_port_transmit_discards_total", PORT)})`,
            legend: "transmitted, {{reason}}",
            color: WARNING,
            shades: true,
          },
          {
            expr: `sum by (reason) (${rate("switch_port_receive_discards_total", PORT)})`,
            legend: "received, {{reason}}",
            color: RECEIVED,
            shades: true,
          },
        ],
        unit: "pps",
        min: 0,
        softMax: 1,
      }),
      timeSeries({
        title: "Time paused",
        description: "Share of the time in which the neighbor was asked to pause a priority (PFC).",
        queries: [
          {
            expr: `max by (priority, direction) (${rate("switch_port_pfc_paused_seconds_total", PORT)})`,
            legend: "priority {{priority}}, {{direction}}",
          },
        ],
        unit: "percentunit",
        min: 0,
        softMax: 0.01,
        color: OTHER,
      }),
      timeSeries({
        title: "Link changes",
        description: "How often the link came up, and went down, in each five minutes.",
        queries: [
          {
            expr: `sum by (to) (increase(switch_port_link_changes_total{${PORT}}[5m]))`,
            legend: "{{to}}",
          },
        ],
        decimals: 0,
        min: 0,
        softMax: 1,
        stepped: true,
        color: WARNING,
      }),
    ),
  };
}
