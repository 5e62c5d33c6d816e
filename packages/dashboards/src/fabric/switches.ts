import { portDown, SWITCH, thermalMargin, uptime } from "../expressions.ts";
import {
  GOOD,
  IDLE,
  margin,
  NONE_IS_GOOD,
  states,
  UTILIZATION,
  WARNING,
  WRONG,
} from "../look/colors.ts";
import { line, place, type Row } from "../look/layout.ts";
import { SWITCH_OF_CELL } from "../look/links.ts";
import { table } from "../look/table.ts";
import { stateTimeline } from "../look/timelines.ts";

/** Each switch in one line. */
export function switches(): Row {
  const up = `switch_port_admin_up{${SWITCH}} * switch_port_up{${SWITCH}}`;
  const expressions = [
    `max by (instance, model, os_version) (switch_info{${SWITCH}})`,
    `max by (instance) (${uptime(SWITCH)})`,
    `sum by (instance) (${up})`,
    `sum by (instance) (${portDown(SWITCH)})`,
    `sum by (instance) (1 - switch_bgp_peer_up{${SWITCH}})`,
    `8 * sum by (instance) (instance:switch_port_transmit_bytes:sum_rate5m{${SWITCH}})`,
    `max by (instance) (instance:switch_port_utilization:max_rate5m{${SWITCH}})`,
    `min by (instance) (instance_port:switch_transceiver_rx_power_margin_db:min{${SWITCH}})`,
    `min by (instance) (${thermalMargin(SWITCH)})`,
  ];
  return {
    title: "Switches",
    panels: [
      place(
        24,
        9,
        table({
          title: "Switches",
          description: "One line for each switch. Click its name to see all of it.",
          queries: expressions.map((expr) => ({ expr, kind: "table" })),
          columns: [
            { from: "instance", title: "Switch", links: [SWITCH_OF_CELL] },
            { from: "model", title: "Model" },
            { from: "os_version", title: "OS" },
            { from: "#1", title: "Running for", unit: "s", decimals: 1 },
            { from: "#2", title: "Ports up" },
            { from: "#3", title: "Ports down", steps: NONE_IS_GOOD },
            { from: "#4", title: "BGP down", steps: NONE_IS_GOOD },
            { from: "#5", title: "Transmits", unit: "bps", decimals: 1 },
            {
              from: "#6",
              title: "Fullest link",
              unit: "percentunit",
              decimals: 0,
              steps: UTILIZATION,
              barTo: 1,
            },
            { from: "#7", title: "Light in reserve", unit: "dB", decimals: 1, steps: margin(2) },
            {
              from: "#8",
              title: "Heat in reserve",
              unit: "celsius",
              decimals: 0,
              steps: margin(3),
            },
          ],
          sortBy: "Switch",
          ascending: true,
        }),
      ),
    ],
  };
}

const SEVERITY = states({
  critical: ["critical", WRONG],
  warning: ["warning", WARNING],
  info: ["info", IDLE],
});

/** What is wrong: what Prometheus says, and what the simulator knows. */
export function wrong(): Row {
  return {
    title: "What needs a look",
    panels: [
      ...line(
        8,
        table({
          title: "Alerts firing now",
          description:
            "What the alerting rules hold to be true now. Each has a runbook of its name in the documentation.",
          queries: [
            {
              expr: `max by (severity, alertname, instance, port) (ALERTS{${SWITCH}, alertstate="firing"})`,
              kind: "table",
            },
          ],
          columns: [
            { from: "severity", title: "Severity", width: 100, mappings: SEVERITY },
            { from: "alertname", title: "Alert" },
            { from: "instance", title: "Switch", links: [SWITCH_OF_CELL] },
            { from: "port", title: "Port" },
          ],
          noValue: "No alert is firing",
        }),
        table({
          title: "Incidents of the simulator now",
          description:
            "The truth about what goes wrong, as only a simulator knows it: compare the alerts with it. Empty for real switches.",
          queries: [
            {
              expr: `max by (incident, instance, port) (linklight_incident_active{${SWITCH}})`,
              kind: "table",
            },
          ],
          columns: [
            { from: "incident", title: "Incident" },
            { from: "instance", title: "Switch", links: [SWITCH_OF_CELL] },
            { from: "port", title: "Port" },
          ],
          noValue: "No incident goes on",
        }),
      ),
      ...line(
        8,
        stateTimeline({
          title: "Alerts over time",
          description: "When each alert was firing anywhere.",
          queries: [
            {
              expr: `max by (alertname) (ALERTS{${SWITCH}, alertstate="firing"})`,
              legend: "{{alertname}}",
            },
          ],
          mappings: states({ 1: ["firing", WARNING] }),
          noValue: "No alert fired in this time",
        }),
        stateTimeline({
          title: "Incidents over time",
          description: "When each incident of the simulator went on, and where.",
          queries: [
            {
              expr: `max by (incident, instance, port) (linklight_incident_active{${SWITCH}})`,
              legend: "{{incident}} {{instance}} {{port}}",
            },
          ],
          mappings: states({ 1: ["goes on", WARNING], 0: ["over", GOOD] }),
          noValue: "No incident in this time",
        }),
      ),
    ],
  };
}
