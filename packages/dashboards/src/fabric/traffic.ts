import { rate, SWITCH } from "../expressions.ts";
import {
  OTHER,
  RECEIVED,
  TRANSMITTED,
  UTILIZATION,
  WAITING,
  WARNING,
  WRONG,
} from "../look/colors.ts";
import { line, place, type Row } from "../look/layout.ts";
import { TO_PORT, TO_SWITCH } from "../look/links.ts";
import { bars } from "../look/single-values.ts";
import { timeSeries } from "../look/time-series.ts";
import { statusHistory } from "../look/timelines.ts";

const utilization = `instance_port:switch_port_utilization:ratio_rate5m{${SWITCH}}`;

function byRole(recorded: string): string {
  // Switches are named for what they are, with a number behind: leaf3, spine1.
  const role = `label_replace(${recorded}{${SWITCH}}, "role", "$1", "instance", "([a-zA-Z]+).*")`;
  return `8 * sum by (role) (${role})`;
}

/** How much, from where, and how full the lines are. */
export function traffic(): Row {
  return {
    title: "Traffic",
    panels: [
      ...line(
        9,
        timeSeries({
          title: "Throughput by role",
          description:
            "What all ports of the leaves, and of the spines, receive (above) and transmit (below). The role is the name of a switch without its number.",
          queries: [
            {
              expr: byRole("instance:switch_port_receive_bytes:sum_rate5m"),
              legend: "{{role}} received",
              color: RECEIVED,
              shades: true,
            },
            {
              expr: byRole("instance:switch_port_transmit_bytes:sum_rate5m"),
              legend: "{{role}} transmitted",
              color: TRANSMITTED,
              shades: true,
              below: true,
            },
          ],
          unit: "bps",
        }),
        statusHistory({
          title: "How full the fullest link of each switch is",
          description:
            "A row for each switch, a cell for each moment: blue is room to spare, orange means that bursts wait, red that packets are lost.",
          queries: [
            {
              expr: `max by (instance) (instance:switch_port_utilization:max_rate5m{${SWITCH}})`,
              legend: "{{instance}}",
            },
          ],
          unit: "percentunit",
          decimals: 0,
          min: 0,
          max: 1,
          steps: {
            base: "super-light-blue",
            steps: [[0.2, "light-blue"], [0.4, "blue"], [0.6, "dark-blue"], ...UTILIZATION.steps],
          },
          links: [TO_SWITCH],
        }),
      ),
      place(
        8,
        9,
        bars({
          title: "Top talkers: most received",
          description: "The ten ports that receive most, over the last five minutes.",
          queries: [
            {
              expr: `topk(10, 8 * max by (instance, port) (instance_port:switch_port_receive_bytes:rate5m{${SWITCH}}))`,
              legend: "{{instance}} {{port}}",
              kind: "instant",
            },
          ],
          unit: "bps",
          min: 0,
          links: [TO_PORT],
        }),
      ),
      place(
        8,
        9,
        bars({
          title: "Top talkers: most transmitted",
          description: "The ten ports that transmit most, over the last five minutes.",
          queries: [
            {
              expr: `topk(10, 8 * max by (instance, port) (instance_port:switch_port_transmit_bytes:rate5m{${SWITCH}}))`,
              legend: "{{instance}} {{port}}",
              kind: "instant",
            },
          ],
          unit: "bps",
          min: 0,
          steps: { base: TRANSMITTED, steps: [] },
          links: [TO_PORT],
        }),
      ),
      place(
        8,
        9,
        bars({
          title: "Fullest links",
          description: "The ten links with the least room left, in their busier direction.",
          queries: [
            {
              expr: `topk(10, max by (instance, port) (${utilization}))`,
              legend: "{{instance}} {{port}}",
              kind: "instant",
            },
          ],
          unit: "percentunit",
          decimals: 0,
          min: 0,
          max: 1,
          steps: UTILIZATION,
          links: [TO_PORT],
        }),
      ),
      place(
        24,
        8,
        timeSeries({
          title: "Fullest links over time",
          description:
            "The five links that were fullest at any moment of the shown time, in their busier direction.",
          queries: [
            {
              expr: `max by (instance, port) (${utilization}) and on (instance, port) topk(5, max by (instance, port) (max_over_time(${utilization}[$__range] @ end())))`,
              legend: "{{instance}} {{port}}",
            },
          ],
          unit: "percentunit",
          decimals: 0,
          min: 0,
          max: 1,
          steps: UTILIZATION,
          showSteps: true,
          legend: "table",
          links: [TO_PORT],
        }),
      ),
    ],
  };
}

/** What did not arrive, and what comes before that. */
export function losses(): Row {
  return {
    title: "Losses",
    panels: line(
      8,
      timeSeries({
        title: "Discards",
        description:
          "Good packets dropped, because a queue was full or a pause came too late. Some are normal in bursts; many for long are not.",
        queries: [
          {
            expr: `sum by (instance) (instance:switch_port_discards:sum_rate5m{${SWITCH}})`,
            legend: "{{instance}}",
            color: WARNING,
            shades: true,
          },
        ],
        unit: "pps",
        min: 0,
        softMax: 1,
        links: [TO_SWITCH],
      }),
      timeSeries({
        title: "Receive errors",
        description:
          "Frames that arrived broken: a bad cable, a dirty connector, an optic that ages. Should be next to none.",
        queries: [
          {
            expr: `sum by (instance) (instance:switch_port_receive_errors:sum_rate5m{${SWITCH}})`,
            legend: "{{instance}}",
            color: WRONG,
            shades: true,
          },
        ],
        unit: "pps",
        min: 0,
        softMax: 1,
        links: [TO_SWITCH],
      }),
      timeSeries({
        title: "Marked by ECN",
        description:
          "Packets marked so that their senders slow down, because a queue was getting long: the sign before discards.",
        queries: [
          {
            expr: `sum by (instance) (${rate("switch_queue_ecn_marked_packets_total", SWITCH)})`,
            legend: "{{instance}}",
            color: WAITING,
            shades: true,
          },
        ],
        unit: "pps",
        min: 0,
        softMax: 1,
        links: [TO_SWITCH],
      }),
      timeSeries({
        title: "Link changes",
        description:
          "How often links came up or went down in each five minutes. A link that flaps counts quickly.",
        queries: [
          {
            expr: `sum by (instance) (increase(switch_port_link_changes_total{${SWITCH}}[5m]))`,
            legend: "{{instance}}",
            color: OTHER,
            shades: true,
          },
        ],
        decimals: 0,
        min: 0,
        softMax: 1,
        stepped: true,
        links: [TO_SWITCH],
      }),
    ),
  };
}
